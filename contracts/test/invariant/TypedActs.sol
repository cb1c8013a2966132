// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CommonBase} from "forge-std/Base.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

/// @dev What a wallet shows and signs (EIP-712), from the words of `IActs` and `ICharts`.
contract TypedActs is CommonBase {
    struct Type {
        string name;
        string definition;
    }

    bytes32 private immutable DOMAIN;

    /// @dev In the order of the alphabet.
    Type[] private _types;
    mapping(bytes4 selector => uint256) private _typeAt;

    constructor(address medkey) {
        DOMAIN = _domainOf(block.chainid, medkey);
        _add(ICharts.acceptMove.selector, "AcceptMove", "(address chart)");
        _add(ICharts.addRecord.selector, "AddRecord", "(address chart,bytes32 manifest,bytes32 card)");
        _add(ICharts.blockAuthor.selector, "BlockAuthor", "(address chart,address author,bool blocked)");
        _add(
            ICharts.claimOffer.selector,
            "ClaimOffer",
            "(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)"
        );
        _add(ICharts.denyRequest.selector, "DenyRequest", "(address chart,address requester,bytes32 reason)");
        _add(
            ICharts.grantAccess.selector,
            "GrantAccess",
            "(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)"
        );
        _add(ICharts.logAccess.selector, "LogAccess", "(address chart,bytes32 scope)");
        _add(
            ICharts.makeOffer.selector,
            "MakeOffer",
            "(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,bool emergency,bytes32 envelope)"
        );
        _add(IMembers.proposeProfile.selector, "ProposeProfile", "(bytes32 profile,uint32 hospital)");
        _add(IMembers.registerPatient.selector, "RegisterPatient", "(bytes32 card)");
        _add(
            IMembers.registerProfessional.selector,
            "RegisterProfessional",
            "(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)"
        );
        _add(ICharts.removeRecord.selector, "RemoveRecord", "(address chart,bytes32 manifest)");
        _add(
            ICharts.replaceRecord.selector,
            "ReplaceRecord",
            "(address chart,bytes32 previous,bytes32 manifest,bytes32 card)"
        );
        _add(ICharts.requestAccess.selector, "RequestAccess", "(address chart,bytes32 reason)");
        _add(ICharts.revokeAccess.selector, "RevokeAccess", "(address chart,bytes32 scope,address grantee)");
        _add(IMembers.updateCard.selector, "UpdateCard", "(bytes32 previous,bytes32 card)");
        _add(ICharts.vetoMove.selector, "VetoMove", "(address chart)");
        _add(ICharts.withdrawOffer.selector, "WithdrawOffer", "(address chart,address key,bytes32 scope)");
    }

    function digestOfActs(address account, bytes[] calldata steps, uint256 nonce, uint256 deadline)
        external
        view
        returns (bytes32)
    {
        return _digest(DOMAIN, _hashActs(account, steps, nonce, deadline));
    }

    /// @dev The same acts for another contract.
    function digestElsewhere(
        address elsewhere,
        address account,
        bytes[] calldata steps,
        uint256 nonce,
        uint256 deadline
    ) external view returns (bytes32) {
        return _digest(_domainOf(block.chainid, elsewhere), _hashActs(account, steps, nonce, deadline));
    }

    function digestOfClaim(address chart, bytes32 scope, address claimer) external view returns (bytes32) {
        bytes32 claimType = keccak256("OfferClaim(address chart,bytes32 scope,address claimer)");
        return _digest(DOMAIN, keccak256(abi.encode(claimType, chart, scope, claimer)));
    }

    function digestOfMove(address chart, address account, uint256 nonce) external view returns (bytes32) {
        bytes32 moveType = keccak256("MoveChart(address chart,address account,uint256 nonce)");
        return _digest(DOMAIN, keccak256(abi.encode(moveType, chart, account, nonce)));
    }

    function _hashActs(address account, bytes[] calldata steps, uint256 nonce, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        bytes memory members = "address account";
        bytes memory data = abi.encode(account);
        bool[] memory used = new bool[](_types.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 place = _typeAt[bytes4(steps[i])];
            used[place] = true;
            Type storage act = _types[place];
            members = abi.encodePacked(members, ",", act.name, " act", vm.toString(i + 1));
            bytes32 typeHash = keccak256(abi.encodePacked(act.name, act.definition));
            data = abi.encodePacked(data, keccak256(abi.encodePacked(typeHash, steps[i][4:])));
        }
        bytes memory encoded = abi.encodePacked("Acts(", members, ",uint256 nonce,uint256 deadline)");
        for (uint256 i = 0; i < used.length; ++i) {
            if (used[i]) encoded = abi.encodePacked(encoded, _types[i].name, _types[i].definition);
        }
        return keccak256(abi.encodePacked(keccak256(encoded), data, nonce, deadline));
    }

    function _add(bytes4 selector, string memory name, string memory definition) private {
        _typeAt[selector] = _types.length;
        _types.push(Type({name: name, definition: definition}));
    }

    function _domainOf(uint256 chainId, address medkey) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Medkey"),
                keccak256("1"),
                chainId,
                medkey
            )
        );
    }

    function _digest(bytes32 domain, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
