// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "./interfaces/IActs.sol";
import {ICharts} from "./interfaces/ICharts.sol";
import {IMembers} from "./interfaces/IMembers.sol";

/// @title The EIP-712 types of the acts that can be signed
/// @dev Every parameter of an act is one static word, so that its calldata without the selector is its `encodeData`.
library ActTypes {
    /// @dev In the order of the alphabet, in which `encodeType` names the structs that a struct refers to.
    enum Act {
        AcceptMove,
        AddRecord,
        BlockAuthor,
        ClaimOffer,
        DenyRequest,
        GrantAccess,
        LogAccess,
        MakeOffer,
        ProposeProfile,
        RegisterPatient,
        RegisterProfessional,
        RemoveRecord,
        ReplaceRecord,
        RequestAccess,
        RevokeAccess,
        UpdateCard,
        VetoMove,
        WithdrawOffer
    }

    function parse(bytes4 selector) internal pure returns (Act) {
        if (selector == ICharts.addRecord.selector) return Act.AddRecord;
        if (selector == ICharts.logAccess.selector) return Act.LogAccess;
        if (selector == ICharts.grantAccess.selector) return Act.GrantAccess;
        if (selector == ICharts.revokeAccess.selector) return Act.RevokeAccess;
        if (selector == IMembers.updateCard.selector) return Act.UpdateCard;
        if (selector == ICharts.requestAccess.selector) return Act.RequestAccess;
        if (selector == ICharts.denyRequest.selector) return Act.DenyRequest;
        if (selector == ICharts.replaceRecord.selector) return Act.ReplaceRecord;
        if (selector == ICharts.removeRecord.selector) return Act.RemoveRecord;
        if (selector == ICharts.makeOffer.selector) return Act.MakeOffer;
        if (selector == ICharts.claimOffer.selector) return Act.ClaimOffer;
        if (selector == ICharts.withdrawOffer.selector) return Act.WithdrawOffer;
        if (selector == ICharts.blockAuthor.selector) return Act.BlockAuthor;
        if (selector == IMembers.registerPatient.selector) return Act.RegisterPatient;
        if (selector == IMembers.registerProfessional.selector) return Act.RegisterProfessional;
        if (selector == IMembers.proposeProfile.selector) return Act.ProposeProfile;
        if (selector == ICharts.acceptMove.selector) return Act.AcceptMove;
        if (selector == ICharts.vetoMove.selector) return Act.VetoMove;
        revert IActs.NotAnAct(selector);
    }

    /// @dev An act's struct: its name and its members.
    function definition(Act act) internal pure returns (string memory name, string memory fields) {
        if (act == Act.AcceptMove) return ("AcceptMove", "(address chart)");
        if (act == Act.AddRecord) return ("AddRecord", "(address chart,bytes32 manifest,bytes32 card)");
        if (act == Act.BlockAuthor) return ("BlockAuthor", "(address chart,address author,bool blocked)");
        if (act == Act.ClaimOffer) {
            return ("ClaimOffer", "(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)");
        }
        if (act == Act.DenyRequest) return ("DenyRequest", "(address chart,address requester,bytes32 reason)");
        if (act == Act.GrantAccess) {
            return ("GrantAccess", "(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)");
        }
        if (act == Act.LogAccess) return ("LogAccess", "(address chart,bytes32 scope)");
        if (act == Act.MakeOffer) {
            return (
                "MakeOffer",
                "(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,bool emergency,bytes32 envelope)"
            );
        }
        if (act == Act.ProposeProfile) return ("ProposeProfile", "(bytes32 profile,uint32 hospital)");
        if (act == Act.RegisterPatient) return ("RegisterPatient", "(bytes32 card)");
        if (act == Act.RegisterProfessional) {
            return ("RegisterProfessional", "(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)");
        }
        if (act == Act.RemoveRecord) return ("RemoveRecord", "(address chart,bytes32 manifest)");
        if (act == Act.ReplaceRecord) {
            return ("ReplaceRecord", "(address chart,bytes32 previous,bytes32 manifest,bytes32 card)");
        }
        if (act == Act.RequestAccess) return ("RequestAccess", "(address chart,bytes32 reason)");
        if (act == Act.RevokeAccess) return ("RevokeAccess", "(address chart,bytes32 scope,address grantee)");
        if (act == Act.UpdateCard) return ("UpdateCard", "(bytes32 previous,bytes32 card)");
        if (act == Act.VetoMove) return ("VetoMove", "(address chart)");
        return ("WithdrawOffer", "(address chart,address key,bytes32 scope)");
    }
}
