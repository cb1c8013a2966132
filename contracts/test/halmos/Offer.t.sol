// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {Proof} from "./Proof.sol";

/// @dev Offers, for every state, time, caller and argument.
contract OfferProof is Proof {
    function check_ClaimTakesOneOfALiveOffer(
        address caller,
        address chart,
        address key,
        bytes32 scope,
        bytes32 envelope,
        bytes32 r,
        bytes32 vs
    ) external {
        (ICharts.Offer memory offer, bool claimed,) = medkey.viewOffer(chart, key, scope, caller);
        (, ICharts.Access memory access,) = medkey.viewAccess(chart, caller, scope);
        uint256 expiry = medkey.expiryOf(chart, caller, scope);
        vm.assume(expiry <= type(uint40).max);
        vm.prank(caller);
        medkey.claimOffer(chart, key, scope, envelope, r, vs);
        assert(block.timestamp < offer.expiry && offer.claims > 0 && !claimed && access.active);

        bytes32 claim = keccak256(
            abi.encode(keccak256("OfferClaim(address chart,bytes32 scope,address claimer)"), chart, scope, caller)
        );
        bytes32 s = vs << 1 >> 1;
        assert(ecrecover(digestOf(claim), vs == s ? 27 : 28, r, s) == key);

        uint256 given = block.timestamp + offer.length;
        assert(medkey.expiryOf(chart, caller, scope) == (given > expiry ? given : expiry));
        (ICharts.Offer memory next, bool claimedNow,) = medkey.viewOffer(chart, key, scope, caller);
        assert(next.claims == offer.claims - 1 && claimedNow);
        assert(next.expiry == offer.expiry && next.length == offer.length);
    }

    function check_ClaimTouchesNoOtherGrant(
        address[2] calldata charts,
        address[2] calldata claimers,
        bytes32[2] calldata scopes,
        address key,
        bytes32 envelope,
        bytes32 r,
        bytes32 vs
    ) external {
        vm.assume(charts[0] != charts[1] || claimers[0] != claimers[1] || scopes[0] != scopes[1]);
        uint256 other = medkey.expiryOf(charts[1], claimers[1], scopes[1]);
        vm.prank(claimers[0]);
        medkey.claimOffer(charts[0], key, scopes[0], envelope, r, vs);
        assert(medkey.expiryOf(charts[1], claimers[1], scopes[1]) == other);
    }

    function check_NoClaimAfterWithdrawal(
        address owner,
        address caller,
        address chart,
        address key,
        bytes32 scope,
        bytes32 envelope,
        bytes32 r,
        bytes32 vs
    ) external {
        vm.prank(owner);
        medkey.withdrawOffer(chart, key, scope);
        passTime();
        vm.prank(caller);
        try medkey.claimOffer(chart, key, scope, envelope, r, vs) {
            assert(false);
        } catch {}
    }

    /// @dev Once made, an offer only ever becomes less: whatever anybody does, its claims do not grow, who has claimed has
    /// claimed, and each further member that has claimed has used up one. So no more claim than were allowed, each once,
    /// and what was withdrawn or used up stays so.
    function check_OfferOnlyBecomesLess(address caller, address chart, address key, bytes32 scope, address claimer)
        external
    {
        (ICharts.Offer memory offer, bool claimed,) = medkey.viewOffer(chart, key, scope, claimer);
        vm.assume(offer.length != 0);
        perform(anyCall(caller));
        (ICharts.Offer memory next, bool claimedNow,) = medkey.viewOffer(chart, key, scope, claimer);
        assert(next.length == offer.length);
        assert(next.expiry == offer.expiry || next.expiry == 0);
        assert(next.claims <= offer.claims);
        assert(claimedNow || !claimed);
        if (claimedNow && !claimed) assert(next.claims == offer.claims - 1);
    }

    /// @dev An offer is the patient's will.
    function check_NobodyElseOffers(address caller, address chart, address key, bytes32 scope) external {
        vm.assume(medkey.isSound(chart));
        address owner = medkey.ownerOf(chart);
        (ICharts.Offer memory offer,,) = medkey.viewOffer(chart, key, scope, address(0));
        vm.assume(offer.length == 0);
        Call memory call = anyCall(caller);
        vm.assume(call.actor != owner);
        perform(call);
        (ICharts.Offer memory next,,) = medkey.viewOffer(chart, key, scope, address(0));
        assert(next.length == 0);
    }
}
