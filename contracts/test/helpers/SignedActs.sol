// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

/// @dev The typed data of any acts, composed as a wallet composes it: from the acts' types, sorted as text.
library SignedActs {
    /// @dev `hashStruct` of `Acts`.
    function hash(address account, bytes[] memory steps, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        string memory members = "address account";
        string[] memory types = new string[](steps.length);
        bytes memory values = abi.encode(account);
        for (uint256 i = 0; i < steps.length; ++i) {
            // forge-lint: disable-next-line(unsafe-typecast)
            types[i] = typeOf(bytes4(steps[i]));
            members = string.concat(members, ",", nameOf(types[i]), " act", decimal(i + 1));
            values = bytes.concat(values, keccak256(bytes.concat(keccak256(bytes(types[i])), arguments(steps[i]))));
        }
        string memory composed = string.concat("Acts(", members, ",uint256 nonce,uint256 deadline)");
        return keccak256(
            bytes.concat(keccak256(bytes(string.concat(composed, sorted(types)))), values, abi.encode(nonce, deadline))
        );
    }

    function typeOf(bytes4 selector) internal pure returns (string memory) {
        if (selector == IMembers.registerPatient.selector) return "RegisterPatient(bytes32 card)";
        if (selector == IMembers.registerProfessional.selector) {
            return "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)";
        }
        if (selector == IMembers.updateCard.selector) return "UpdateCard(bytes32 previous,bytes32 card)";
        if (selector == IMembers.proposeProfile.selector) return "ProposeProfile(bytes32 profile,uint32 hospital)";
        if (selector == ICharts.addRecord.selector) return "AddRecord(address chart,bytes32 manifest,bytes32 card)";
        if (selector == ICharts.replaceRecord.selector) {
            return "ReplaceRecord(address chart,bytes32 previous,bytes32 manifest,bytes32 card)";
        }
        if (selector == ICharts.removeRecord.selector) return "RemoveRecord(address chart,bytes32 manifest)";
        if (selector == ICharts.requestAccess.selector) return "RequestAccess(address chart,bytes32 reason)";
        if (selector == ICharts.denyRequest.selector) {
            return "DenyRequest(address chart,address requester,bytes32 reason)";
        }
        if (selector == ICharts.grantAccess.selector) {
            return "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)";
        }
        if (selector == ICharts.revokeAccess.selector) {
            return "RevokeAccess(address chart,bytes32 scope,address grantee)";
        }
        if (selector == ICharts.blockAuthor.selector) return "BlockAuthor(address chart,address author,bool blocked)";
        if (selector == ICharts.logAccess.selector) return "LogAccess(address chart,bytes32 scope)";
        if (selector == ICharts.makeOffer.selector) {
            return "MakeOffer(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,"
                "bool emergency,bytes32 envelope)";
        }
        if (selector == ICharts.claimOffer.selector) {
            return "ClaimOffer(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)";
        }
        if (selector == ICharts.withdrawOffer.selector) {
            return "WithdrawOffer(address chart,address key,bytes32 scope)";
        }
        if (selector == ICharts.vetoMove.selector) return "VetoMove(address chart)";
        if (selector == ICharts.acceptMove.selector) return "AcceptMove(address chart)";
        return "Unknown()";
    }

    /// @dev What follows the selector.
    function arguments(bytes memory step) private pure returns (bytes memory part) {
        part = new bytes(step.length - 4);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = step[i + 4];
        }
    }

    /// @dev What stands before the bracket.
    function nameOf(string memory type_) private pure returns (string memory) {
        bytes memory all = bytes(type_);
        uint256 length = 0;
        while (all[length] != "(") ++length;
        bytes memory name = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            name[i] = all[i];
        }
        return string(name);
    }

    /// @dev Each type once, in the order of the text.
    function sorted(string[] memory types) private pure returns (string memory text) {
        string memory last = "";
        while (true) {
            string memory next = "";
            for (uint256 i = 0; i < types.length; ++i) {
                if (isBefore(last, types[i]) && (bytes(next).length == 0 || isBefore(types[i], next))) next = types[i];
            }
            if (bytes(next).length == 0) return text;
            text = string.concat(text, next);
            last = next;
        }
    }

    function isBefore(string memory left, string memory right) private pure returns (bool) {
        bytes memory a = bytes(left);
        bytes memory b = bytes(right);
        for (uint256 i = 0; i < a.length && i < b.length; ++i) {
            if (a[i] != b[i]) return a[i] < b[i];
        }
        return a.length < b.length;
    }

    function decimal(uint256 value) private pure returns (string memory) {
        string memory digit = string(bytes.concat(bytes("0123456789")[value % 10]));
        return value < 10 ? digit : string.concat(decimal(value / 10), digit);
    }
}
