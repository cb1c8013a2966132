// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";

import {Proof} from "./Proof.sol";

/// @dev Who may read: the access rule, for every state, time, caller and argument.
contract AccessProof is Proof {
    function check_LogAccessIffVerifiedWithLiveGrant(address caller, address chart, bytes32 scope) external {
        uint256 expiry = medkey.expiryOf(chart, caller, scope);
        (ICharts.Chart memory state, ICharts.Access memory access,) = medkey.viewAccess(chart, caller, scope);
        vm.prank(caller);
        try medkey.logAccess(chart, scope) {
            assert(access.active && block.timestamp < expiry);
        } catch {
            assert(!access.active || block.timestamp >= expiry || !state.registered);
        }
    }

    function check_NoAccessAfterRevoke(address caller, address chart, bytes32 scope, address grantee) external {
        vm.prank(caller);
        medkey.revokeAccess(chart, scope, grantee);
        passTime();
        vm.prank(grantee);
        try medkey.logAccess(chart, scope) {
            assert(false);
        } catch {}
    }

    /// @dev A grant that is not there, was revoked or ran out stays so whatever anybody else does, and a living one is
    /// not lengthened. Claims are the matter of `OfferProof`.
    function check_NobodyElseGrants(address caller, address chart, address grantee, bytes32 scope) external {
        vm.assume(medkey.isSound(chart));
        address owner = medkey.ownerOf(chart);
        uint256 expiry = medkey.expiryOf(chart, grantee, scope);
        Call memory call = anyCall(caller);
        vm.assume(call.actor != owner && call.act != ICharts.claimOffer.selector);
        perform(call);
        assert(medkey.expiryOf(chart, grantee, scope) == expiry);
    }

    /// @dev What the proof above takes for granted of the state is so after every call if it was so before.
    function check_StateStaysSound(address caller, address chart) external {
        vm.assume(medkey.isSound(chart));
        perform(anyCall(caller));
        assert(medkey.isSound(chart));
    }

    function check_GrantTouchesNoOther(
        address caller,
        address[2] calldata charts,
        address[2] calldata grantees,
        bytes32[2] calldata scopes,
        uint40 expiry,
        bytes32 envelope
    ) external {
        vm.assume(charts[0] != charts[1] || grantees[0] != grantees[1] || scopes[0] != scopes[1]);
        uint256 other = medkey.expiryOf(charts[1], grantees[1], scopes[1]);
        vm.prank(caller);
        medkey.grantAccess(charts[0], grantees[0], scopes[0], expiry, envelope);
        assert(medkey.expiryOf(charts[0], grantees[0], scopes[0]) == expiry);
        assert(medkey.expiryOf(charts[1], grantees[1], scopes[1]) == other);
    }

    function check_RevokeTouchesNoOther(
        address caller,
        address[2] calldata charts,
        address[2] calldata grantees,
        bytes32[2] calldata scopes
    ) external {
        vm.assume(charts[0] != charts[1] || grantees[0] != grantees[1] || scopes[0] != scopes[1]);
        uint256 other = medkey.expiryOf(charts[1], grantees[1], scopes[1]);
        vm.prank(caller);
        medkey.revokeAccess(charts[0], scopes[0], grantees[0]);
        assert(medkey.expiryOf(charts[0], grantees[0], scopes[0]) == 0);
        assert(medkey.expiryOf(charts[1], grantees[1], scopes[1]) == other);
    }

    /// @dev Nobody acts in the name of an account with a key but by that key, over this very act, its nonce and deadline.
    function check_SignedGrantNeedsTheOwnersKey(
        address caller,
        address owner,
        address[2] calldata parties,
        bytes32[2] calldata digests,
        uint40 expiry,
        uint256[2] calldata limits,
        bytes32[2] calldata rs,
        uint8 v
    ) external {
        bytes[] memory steps = new bytes[](1);
        steps[0] = abi.encodeCall(ICharts.grantAccess, (parties[0], parties[1], digests[0], expiry, digests[1]));
        bytes memory signature = abi.encodePacked(rs[0], rs[1], v);
        vm.assume(owner.code.length == 0);
        uint256 nonce = medkey.nonces(owner);
        vm.prank(caller);
        medkey.actSigned(owner, steps, limits[0], limits[1], signature);
        assert(limits[0] == nonce && limits[1] >= block.timestamp);
        assert(medkey.nonces(owner) == nonce + 1);
        bytes32 grant = keccak256(
            abi.encode(
                keccak256("GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)"),
                parties[0],
                parties[1],
                digests[0],
                expiry,
                digests[1]
            )
        );
        bytes32 acts = keccak256(
            abi.encode(
                keccak256(
                    "Acts(address account,GrantAccess act1,uint256 nonce,uint256 deadline)GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)"
                ),
                owner,
                grant,
                limits[0],
                limits[1]
            )
        );
        assert(ecrecover(digestOf(acts), v, rs[0], rs[1]) == owner);
    }
}
