// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract WithdrawOfferTest is OwnChartTest {
    function setUp() public override {
        super.setUp();
        registerActive(otherDoctor, IMembers.Role.Doctor);
    }

    function act(address chart) internal override {
        medkey.withdrawOffer(chart, offerKey, SCOPE);
    }

    function testFuzz_GivenLive(bytes32 scope) external {
        vm.assume(scope != 0 && scope != SCOPE);
        makeOffer(offerTerms());
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = scope;
        makeOffer(terms);
        expectWithdrawn(SCOPE, OFFER_LENGTH);
        claimOffer(doctor, scope);
    }

    function testFuzz_GivenRunOut(uint40 time) external {
        makeOffer(offerTerms());
        vm.warp(bound(time, EXPIRY, type(uint40).max));
        expectWithdrawn(SCOPE, OFFER_LENGTH);
    }

    function test_GivenClaimed() external {
        makeOffer(offerTerms());
        claimOffer(doctor, SCOPE);
        expectWithdrawn(SCOPE, OFFER_LENGTH);
        assertEq(accessOf(doctor, SCOPE).expiry, START + OFFER_LENGTH, "the grant lives on");
        assertTrue(hasClaimed(doctor, SCOPE), "claimed");
        vm.prank(doctor);
        medkey.logAccess(patient, SCOPE);
        revoke(doctor, SCOPE);
        assertEq(accessOf(doctor, SCOPE).expiry, 0, "until it is revoked");
    }

    function test_GivenUsedUp() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.claims = 1;
        makeOffer(terms);
        claimOffer(doctor, SCOPE);
        expectWithdrawn(SCOPE, OFFER_LENGTH);
    }

    function test_GivenWithdrawn() external {
        makeOffer(offerTerms());
        expectWithdrawn(SCOPE, OFFER_LENGTH);
        expectWithdrawn(SCOPE, OFFER_LENGTH);
    }

    function testFuzz_GivenNeverMade(bytes32 scope) external {
        vm.assume(scope != 0);
        expectWithdrawn(scope, 0);
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = scope;
        makeOffer(terms);
        claimOffer(doctor, scope);
    }

    function test_GivenOtherKeyAndOtherChart() external {
        registerPatient(otherPatient);
        ICharts.OfferTerms memory terms = offerTerms();
        makeOffer(terms);
        terms.key = stranger;
        makeOffer(terms);
        terms = offerTerms();
        terms.chart = otherPatient;
        vm.prank(otherPatient);
        medkey.makeOffer(terms);
        expectWithdrawn(SCOPE, OFFER_LENGTH);
        (ICharts.Offer memory offer,,) = medkey.viewOffer(patient, stranger, SCOPE, doctor);
        assertEq(offer.claims, OFFER_CLAIMS, "the other key");
        (offer,,) = medkey.viewOffer(otherPatient, offerKey, SCOPE, doctor);
        assertEq(offer.claims, OFFER_CLAIMS, "the other chart");
    }

    function expectWithdrawn(bytes32 scope, uint32 length) private {
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.OfferWithdrawn(patient, offerKey, scope);
        withdrawOffer(scope);
        assertFolded(
            head, abi.encode(ICharts.OfferWithdrawn.selector, vm.getBlockTimestamp(), patient, offerKey, scope)
        );

        ICharts.Offer memory offer = offerOf(scope);
        assertEq(offer.expiry, 0, "expiry");
        assertEq(offer.claims, 0, "claims");
        assertEq(offer.length, length, "length");
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveOffer.selector, patient, offerKey, scope));
        claimOffer(otherDoctor, scope);
    }
}
