// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {IMedkey} from "../helpers/IMedkey.sol";
import {Model} from "./Model.sol";
import {Handlers} from "./handlers/Handlers.sol";

/// @dev The invariants of README.md, each under its number, which begins the message of its failure.
contract InvariantTest is Test {
    Handlers private _handlers;
    IMedkey private _medkey;
    Model private _model;

    address[] private _people;
    bytes32[] private _scopes;
    address[] private _offerKeys;

    function setUp() external {
        _handlers = new Handlers();
        _medkey = _handlers.medkey();
        _model = _handlers.model();
        _people = _handlers.allPeople();
        _scopes = _handlers.allScopes();
        _offerKeys = _handlers.allOfferKeys();
        targetContract(address(_handlers));
    }

    /// @dev One campaign for all of them, so that each meets every world.
    function invariant_AllHold() external view {
        holds1_NoAccessWithoutLiveGrant();
        holds2_EndedGrantStaysEnded();
        holds3_OnlyThePatientsWillGrants();
        holds4_HeadIsFoldOfEvents();
        holds5_StatusOnlyByRegistrar();
        holds6_ProfileIsTheRegistrars();
        holds7_OneRoleForEver();
        holds8_OneChartPerAccountOneOwnerPerChart();
        holds9_MovedAwayCanDoNothing();
        holds10_NoncesGrowOneByOne();
        holds11_ClaimsWithinTheOffer();
        holds12_CardOnlyByWhoActsForTheMember();
        holds13_MoveOnlyByRecoveryKeyAfterWaiting();
        holds14_SeatAndHospitalsOnlyByRegistrar();
    }

    function holds1_NoAccessWithoutLiveGrant() private view {
        assertEq(_handlers.accessesWithoutGrant(), 0, "1: accesses logged without a live grant");
        address[] memory charts = _model.allCharts();
        address[] memory parties = _model.allProfessionals();
        for (uint256 c = 0; c < charts.length; ++c) {
            for (uint256 p = 0; p < parties.length; ++p) {
                for (uint256 s = 0; s < _scopes.length; ++s) {
                    bool live = isLive(charts[c], parties[p], _scopes[s]);
                    assertEq(live, _model.mayRead(charts[c], parties[p], _scopes[s]), "1: live");
                }
            }
        }
    }

    function holds2_EndedGrantStaysEnded() private view {
        Model.Will[] memory wills = _model.allWills();
        for (uint256 i = 0; i < wills.length; ++i) {
            (, ICharts.Access memory access,) = _medkey.viewAccess(wills[i].chart, wills[i].grantee, wills[i].scope);
            if (wills[i].revoked) assertEq(access.expiry, 0, "2: revoked");
            else if (wills[i].expiry <= block.timestamp) assertLe(access.expiry, block.timestamp, "2: ran out");
        }
    }

    function holds3_OnlyThePatientsWillGrants() private view {
        assertEq(_handlers.grantings(), _model.willings(), "3: grants made");
        address[] memory charts = _model.allCharts();
        for (uint256 c = 0; c < charts.length; ++c) {
            for (uint256 p = 0; p < _people.length; ++p) {
                for (uint256 s = 0; s < _scopes.length; ++s) {
                    (, ICharts.Access memory access,) = _medkey.viewAccess(charts[c], _people[p], _scopes[s]);
                    assertEq(access.expiry, _model.expiryOf(charts[c], _people[p], _scopes[s]), "3: expiry as wanted");
                    assertEq(access.expiry, _handlers.grants(charts[c], _people[p], _scopes[s]), "3: expiry as told");
                }
            }
        }
    }

    function holds4_HeadIsFoldOfEvents() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            (ICharts.Chart memory chart,) = _medkey.viewChart(_people[i]);
            assertEq(chart.head, _handlers.heads(_people[i]), "4: head");
        }
        assertEq(_handlers.eventsOfOtherContracts(), 0, "4: events of other contracts");
    }

    function holds5_StatusOnlyByRegistrar() private view {
        assertEq(_handlers.statusChangesByOthers(), 0, "5: changes by others");
        for (uint256 i = 0; i < _people.length; ++i) {
            Model.Person memory person = _model.personOf(_people[i]);
            assertEq(uint8(memberOf(_people[i]).status), uint8(person.status), "5: status");
        }
    }

    function holds6_ProfileIsTheRegistrars() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            IMembers.Member memory member = memberOf(_people[i]);
            Model.Person memory person = _model.personOf(_people[i]);
            assertEq(member.profile, person.profile, "6: profile");
            assertEq(member.hospital, person.hospital, "6: hospital");
            (, ICharts.Access memory access,) = _medkey.viewAccess(_people[i], _people[i], 0);
            if (access.active) assertNotEq(member.profile, 0, "6: verified without a profile");
        }
    }

    function holds7_OneRoleForEver() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            IMembers.Member memory member = memberOf(_people[i]);
            assertEq(uint8(member.role), uint8(_handlers.registeredAs(_people[i])), "7: role");
            assertLe(_handlers.registrations(_people[i]), 1, "7: registrations");
            assertEq(_handlers.registrations(_people[i]) == 0, member.since == 0, "7: since");
        }
    }

    function holds8_OneChartPerAccountOneOwnerPerChart() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            IMembers.Member memory member = memberOf(_people[i]);
            (ICharts.Chart memory own,) = _medkey.viewChart(_people[i]);
            assertEq(own.registered, member.role == IMembers.Role.Patient, "8: every patient has a chart");
            assertEq(own.owner, _model.owners(_people[i]), "8: owner");
            if (own.registered) assertEq(memberOf(own.owner).chart, _people[i], "8: the owner acts for the chart");
            if (member.chart == address(0)) continue;
            (ICharts.Chart memory chart,) = _medkey.viewChart(member.chart);
            assertEq(chart.owner, _people[i], "8: who acts for a chart owns it");
        }
    }

    function holds9_MovedAwayCanDoNothing() private view {
        assertEq(_handlers.actsAfterMovingAway(), 0, "9: acts of an account that its chart has left");
        for (uint256 i = 0; i < _people.length; ++i) {
            if (!_handlers.left(_people[i])) continue;
            assertEq(memberOf(_people[i]).chart, address(0), "9: acts for no chart");
            for (uint256 s = 0; s < _scopes.length; ++s) {
                assertFalse(isLive(_people[i], _people[i], _scopes[s]), "9: reads nothing");
            }
        }
    }

    function holds10_NoncesGrowOneByOne() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            assertEq(_medkey.nonces(_people[i]), _model.personOf(_people[i]).nonce, "10: nonce");
        }
    }

    function holds11_ClaimsWithinTheOffer() private view {
        Model.Offer[] memory offers = _model.allOffers();
        address[] memory claimers = _model.allProfessionals();
        for (uint256 i = 0; i < offers.length; ++i) {
            Model.Offer memory offer = offers[i];
            uint256 claims = _handlers.claims(offer.chart, offer.key, offer.scope);
            assertLe(claims, offer.claims, "11: claims told");
            for (uint256 c = 0; c < claimers.length; ++c) {
                (ICharts.Offer memory terms, bool claimed,) =
                    _medkey.viewOffer(offer.chart, offer.key, offer.scope, claimers[c]);
                assertEq(terms.claims, offer.withdrawn ? 0 : offer.claims - claims, "11: claims left");
                uint256 told = _handlers.claimsBy(offer.chart, offer.key, offer.scope, claimers[c]);
                assertEq(told, claimed ? 1 : 0, "11: once each");
            }
        }
    }

    function holds12_CardOnlyByWhoActsForTheMember() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            assertEq(memberOf(_people[i]).card, short(_model.personOf(_people[i]).card), "12: card");
        }
    }

    function holds13_MoveOnlyByRecoveryKeyAfterWaiting() private view {
        for (uint256 i = 0; i < _people.length; ++i) {
            (ICharts.Move memory move,) = _medkey.viewMove(_people[i]);
            Model.Move memory expected = _model.moveOf(_people[i]);
            assertEq(move.account, expected.account, "13: account");
            assertEq(move.effective, expected.effective, "13: effective");
            assertEq(move.nonce, expected.nonce, "13: nonce");
        }
    }

    function holds14_SeatAndHospitalsOnlyByRegistrar() private view {
        (address current, address proposed,) = _medkey.viewRegistrar();
        assertEq(current, _model.registrar(), "14: registrar");
        assertEq(proposed, _model.proposedRegistrar(), "14: proposed");
        uint256 count = _model.hospitalCount();
        for (uint32 i = 0; i <= count + 1; ++i) {
            (IMembers.Hospital memory hospital,) = _medkey.viewHospital(i);
            (bool open, bytes32 page) = i <= count ? _model.hospitals(i) : (false, bytes32(0));
            assertEq(hospital.open, open, "14: open");
            assertEq(hospital.page, short(page), "14: page");
        }
    }

    /// @dev What the contract holds of a digest.
    function short(bytes32 digest) private pure returns (bytes20) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes20(digest);
    }

    function isLive(address chart, address party, bytes32 scope) private view returns (bool) {
        (, ICharts.Access memory access,) = _medkey.viewAccess(chart, party, scope);
        return access.active && access.expiry > block.timestamp;
    }

    function memberOf(address account) private view returns (IMembers.Member memory member) {
        (member,) = _medkey.viewMember(account);
    }
}
