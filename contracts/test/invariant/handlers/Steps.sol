// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {Model} from "../Model.sol";
import {Performer} from "./Performer.sol";

/// @dev Composes every act for an account: mostly with values that it would succeed with, now and then with others.
abstract contract Steps is Performer {
    /// @dev Some act that suits what the account is, or now and then any.
    function someStep(address account, Dice memory dice) internal returns (bytes memory) {
        if (oneIn(dice, 48)) return skipNonceStep(account, dice);
        uint256 kind = roll(dice, 18);
        if (!oneIn(dice, 12)) {
            Model.Person memory person = model.personOf(account);
            if (person.chart != address(0) || person.leftChart != address(0)) kind = roll(dice, 11);
            else if (model.isProfessional(account)) kind = 10 + roll(dice, 6);
            else kind = 15 + roll(dice, 3);
        }
        if (kind == 0) return replaceRecordStep(account, dice);
        if (kind == 1) return removeRecordStep(account, dice);
        if (kind == 2) return denyRequestStep(account, dice);
        if (kind == 3) return grantAccessStep(account, dice);
        if (kind == 4) return revokeAccessStep(account, dice);
        if (kind == 5) return blockAuthorStep(account, dice);
        if (kind == 6) return makeOfferStep(account, dice);
        if (kind == 7) return withdrawOfferStep(account, dice);
        if (kind == 8) return vetoMoveStep(account, dice);
        if (kind == 9) return addRecordStep(account, dice);
        if (kind == 10) return updateCardStep(account, dice);
        if (kind == 11) return addRecordStep(account, dice);
        if (kind == 12) return requestAccessStep(account, dice);
        if (kind == 13) return logAccessStep(account, dice);
        if (kind == 14) return claimOfferStep(account, dice);
        if (kind == 15) return proposeProfileStep(dice);
        if (kind == 16) return acceptMoveStep(account, dice);
        return oneIn(dice, 2) ? registerPatientStep(dice) : registerProfessionalStep(dice);
    }

    // ---------------------------------------------------------------- members

    function registerPatientStep(Dice memory dice) internal returns (bytes memory) {
        return abi.encodeCall(IMembers.registerPatient, (anyCard(dice)));
    }

    function registerProfessionalStep(Dice memory dice) internal returns (bytes memory) {
        IMembers.Role role = IMembers.Role(oneIn(dice, 12) ? roll(dice, 2) : 2 + roll(dice, 2));
        return abi.encodeCall(IMembers.registerProfessional, (role, anyCard(dice), anyDigest(dice), anyHospital(dice)));
    }

    function updateCardStep(address account, Dice memory dice) internal returns (bytes memory) {
        address chart = model.personOf(account).chart;
        bytes32 previous = _cardNamed(chart == address(0) ? account : chart, dice);
        return abi.encodeCall(IMembers.updateCard, (previous, anyCard(dice)));
    }

    function proposeProfileStep(Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(IMembers.proposeProfile, (anyDigest(dice), anyHospital(dice)));
    }

    // ---------------------------------------------------------------- records and requests

    function addRecordStep(address account, Dice memory dice) internal view returns (bytes memory) {
        address chart = _chartFor(account, dice);
        return abi.encodeCall(ICharts.addRecord, (chart, anyDigest(dice), _cardNamed(chart, dice)));
    }

    function replaceRecordStep(address account, Dice memory dice) internal view returns (bytes memory) {
        address chart = _chartFor(account, dice);
        return abi.encodeCall(ICharts.replaceRecord, (chart, anyDigest(dice), anyDigest(dice), _cardNamed(chart, dice)));
    }

    function removeRecordStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.removeRecord, (_chartFor(account, dice), anyDigest(dice)));
    }

    function requestAccessStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.requestAccess, (_chartFor(account, dice), anyDigest(dice)));
    }

    function denyRequestStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.denyRequest, (_chartFor(account, dice), _granteeFor(dice), anyDigest(dice)));
    }

    function blockAuthorStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.blockAuthor, (_chartFor(account, dice), _granteeFor(dice), oneIn(dice, 2)));
    }

    // ---------------------------------------------------------------- grants and offers

    function grantAccessStep(address account, Dice memory dice) internal view returns (bytes memory) {
        address chart = _chartFor(account, dice);
        return abi.encodeCall(
            ICharts.grantAccess, (chart, _granteeFor(dice), anyScope(dice), anyExpiry(dice), anyDigest(dice))
        );
    }

    function revokeAccessStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.revokeAccess, (_chartFor(account, dice), anyScope(dice), _granteeFor(dice)));
    }

    /// @dev Of a grant that lives, mostly, or once lived.
    function logAccessStep(address account, Dice memory dice) internal view returns (bytes memory) {
        (bool found, Model.Will memory will) = model.findLiveGrant(account, roll(dice, 64));
        if (!found || oneIn(dice, 4)) (found, will) = model.findGrant(account, roll(dice, 64));
        if (!found || oneIn(dice, 12)) (will.chart, will.scope) = (_chartFor(account, dice), anyScope(dice));
        return abi.encodeCall(ICharts.logAccess, (will.chart, will.scope));
    }

    function makeOfferStep(address account, Dice memory dice) internal view returns (bytes memory) {
        ICharts.OfferTerms memory terms;
        terms.chart = _chartFor(account, dice);
        terms.key = anyOfferKey(dice);
        terms.scope = anyScope(dice);
        terms.expiry = anyExpiry(dice);
        // forge-lint: disable-start(unsafe-typecast)
        terms.length = oneIn(dice, 24) ? uint32(0) : oneIn(dice, 24) ? type(uint32).max : uint32(roll(dice, 20 days));
        terms.claims = uint32(oneIn(dice, 24) ? 0 : 1 + roll(dice, 3));
        // forge-lint: disable-end(unsafe-typecast)
        terms.emergency = oneIn(dice, 2);
        terms.envelope = anyDigest(dice);
        return abi.encodeCall(ICharts.makeOffer, (terms));
    }

    /// @dev Mostly of an offer that lives, mostly with the signature that it wants.
    function claimOfferStep(address account, Dice memory dice) internal returns (bytes memory) {
        (bool found, Model.Offer memory offer) = model.findLiveOffer(account, roll(dice, 64));
        if (!found || oneIn(dice, 12)) {
            (offer.chart, offer.key, offer.scope) = (anyChart(dice), offerKeys[roll(dice, 4)], anyScope(dice));
        }
        address signer = oneIn(dice, 12) ? offerKeys[roll(dice, 4)] : offer.key;
        address claimer = oneIn(dice, 12) ? professional(dice) : account;
        bytes32 scope = oneIn(dice, 12) ? anyScope(dice) : offer.scope;
        (bytes32 r, bytes32 vs) = compactSignatureOf(signer, typed.digestOfClaim(offer.chart, scope, claimer));
        model.tellClaim(signer, offer.chart, scope, claimer, r, vs);
        return abi.encodeCall(ICharts.claimOffer, (offer.chart, offer.key, offer.scope, anyDigest(dice), r, vs));
    }

    /// @dev Of any offer key: few of them are left unused.
    function withdrawOfferStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.withdrawOffer, (_chartFor(account, dice), anyOfferKey(dice), anyScope(dice)));
    }

    // ---------------------------------------------------------------- moves and nonces

    function vetoMoveStep(address account, Dice memory dice) internal view returns (bytes memory) {
        return abi.encodeCall(ICharts.vetoMove, (_chartFor(account, dice)));
    }

    /// @dev Mostly of the chart that waits to move to the account.
    function acceptMoveStep(address account, Dice memory dice) internal view returns (bytes memory) {
        (bool found, address chart,) = model.findMove(account, roll(dice, 64));
        return abi.encodeCall(ICharts.acceptMove, (found ? chart : _chartFor(account, dice)));
    }

    /// @dev Mostly of the current nonce.
    function skipNonceStep(address account, Dice memory dice) internal view returns (bytes memory) {
        uint256 nonce = model.personOf(account).nonce;
        if (oneIn(dice, 4)) nonce = nonce == 0 || oneIn(dice, 2) ? nonce + 1 : nonce - 1;
        return abi.encodeCall(IActs.skipNonce, (nonce));
    }

    // ---------------------------------------------------------------- values

    /// @dev The chart that the account acts or acted for, or else any; now and then an account that is none.
    function _chartFor(address account, Dice memory dice) private view returns (address) {
        if (oneIn(dice, 12)) return anybody(dice);
        if (oneIn(dice, 24)) return anyChart(dice);
        Model.Person memory person = model.personOf(account);
        if (person.chart != address(0)) return person.chart;
        return person.leftChart != address(0) ? person.leftChart : anyChart(dice);
    }

    function _granteeFor(Dice memory dice) private view returns (address) {
        return oneIn(dice, 24) ? anybody(dice) : professional(dice);
    }

    /// @dev The member's current card, mostly; also another digest that begins with the same 20 bytes; also the 20 bytes
    /// that stand in the member's slot if a chart has moved to it.
    function _cardNamed(address member, Dice memory dice) private view returns (bytes32) {
        bytes32 card = cardOf(member);
        if (oneIn(dice, 24)) return anyDigest(dice);
        // forge-lint: disable-next-line(unsafe-typecast)
        if (oneIn(dice, 24)) return bytes32(bytes20(card)) | bytes32(roll(dice, type(uint96).max));
        address chart = model.personOf(member).chart;
        return chart == address(0) || chart == member ? card : bytes32(bytes20(chart));
    }
}
