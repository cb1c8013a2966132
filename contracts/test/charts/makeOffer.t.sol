// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract MakeOfferTest is OwnChartTest {
    function act(address chart) internal override {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.chart = chart;
        medkey.makeOffer(terms);
    }

    function test_RevertWhen_KeyIsZero() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.key = address(0);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        makeOffer(terms);
    }

    function test_RevertWhen_ScopeIsZero() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = 0;
        vm.expectRevert(ICharts.ZeroDigest.selector);
        makeOffer(terms);
    }

    function test_RevertWhen_EnvelopeIsZero() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.envelope = 0;
        vm.expectRevert(ICharts.ZeroDigest.selector);
        makeOffer(terms);
    }

    function testFuzz_RevertWhen_ExpiryIsNotInTheFuture(uint40 expiry) external {
        expectExpiryPassed(uint40(bound(expiry, 0, START)));
    }

    function test_RevertWhen_ExpiryIsNow() external {
        expectExpiryPassed(START);
    }

    function test_RevertWhen_LengthIsZero() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.length = 0;
        vm.expectRevert(ICharts.EmptyOffer.selector);
        makeOffer(terms);
    }

    function test_RevertWhen_ClaimsAreZero() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.claims = 0;
        vm.expectRevert(ICharts.EmptyOffer.selector);
        makeOffer(terms);
    }

    function testFuzz_RevertGiven_OfferIsLive(uint40 expiry, uint32 length, uint32 claims, bytes32 envelope) external {
        makeOffer(offerTerms());
        ICharts.OfferTerms memory terms = offerTerms();
        terms.expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        terms.length = uint32(bound(length, 1, type(uint32).max));
        terms.claims = uint32(bound(claims, 1, type(uint32).max));
        terms.envelope = envelope == 0 ? ENVELOPE : envelope;
        expectOfferExists(terms);
    }

    function test_RevertGiven_OfferIsClaimed() external {
        makeOffer(offerTerms());
        claimOffer(doctor, SCOPE);
        expectOfferExists(offerTerms());
    }

    function testFuzz_RevertGiven_OfferRanOut(uint40 time) external {
        makeOffer(offerTerms());
        vm.warp(bound(time, EXPIRY, type(uint40).max - 1));
        ICharts.OfferTerms memory terms = offerTerms();
        terms.expiry = type(uint40).max;
        expectOfferExists(terms);
    }

    function test_RevertGiven_OfferIsUsedUp() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.claims = 1;
        makeOffer(terms);
        claimOffer(doctor, SCOPE);
        expectOfferExists(terms);
    }

    function test_RevertGiven_OfferIsWithdrawn() external {
        makeOffer(offerTerms());
        withdrawOffer(SCOPE);
        expectOfferExists(offerTerms());
    }

    function test_RevertGiven_OfferWasMadeBeforeTheMove() external {
        makeOffer(offerTerms());
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(ICharts.OfferExists.selector, patient, offerKey, SCOPE));
        medkey.makeOffer(offerTerms());
    }

    function testFuzz_GivenNewKey(ICharts.OfferTerms memory terms) external {
        terms.chart = patient;
        vm.assume(terms.key != address(0) && terms.scope != 0 && terms.envelope != 0);
        terms.expiry = uint40(bound(terms.expiry, START + 1, type(uint40).max));
        terms.length = uint32(bound(terms.length, 1, type(uint32).max));
        terms.claims = uint32(bound(terms.claims, 1, type(uint32).max));
        expectMade(terms);
        assertEq(accessOf(doctor, terms.scope).expiry, 0, "a verified member has no grant");
        assertEq(accessOf(terms.key, terms.scope).expiry, 0, "nor has the key");
    }

    function testFuzz_GivenOtherOffers(address key, bytes32 scope) external {
        vm.assume(key != address(0) && key != offerKey && scope != 0 && scope != SCOPE);
        expectMade(offerTerms());
        assertEq(offerOf(scope).length, 0, "no other scope");
        (ICharts.Offer memory other,,) = medkey.viewOffer(patient, key, SCOPE, doctor);
        assertEq(other.length, 0, "no other key");

        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = scope;
        terms.claims = 1;
        expectMade(terms);
        terms = offerTerms();
        terms.key = key;
        terms.length = 1;
        expectMade(terms);
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS, "the first offer stays");
        assertEq(offerOf(SCOPE).length, OFFER_LENGTH, "the first offer stays");
    }

    function test_GivenOfferInAnotherChart() external {
        registerPatient(otherPatient);
        ICharts.OfferTerms memory terms = offerTerms();
        terms.chart = otherPatient;
        vm.prank(otherPatient);
        medkey.makeOffer(terms);
        assertEq(offerOf(SCOPE).length, 0, "none in the patient's");
        expectMade(offerTerms());
    }

    function expectMade(ICharts.OfferTerms memory terms) private {
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.OfferMade(
            patient, terms.key, terms.scope, terms.expiry, terms.length, terms.claims, terms.emergency, terms.envelope
        );
        makeOffer(terms);

        bytes memory fields = abi.encode(
            patient, terms.key, terms.scope, terms.expiry, terms.length, terms.claims, terms.emergency, terms.envelope
        );
        assertFolded(head, bytes.concat(ICharts.OfferMade.selector, abi.encode(uint256(START)), fields));
        (ICharts.Offer memory offer, bool claimed,) = medkey.viewOffer(patient, terms.key, terms.scope, doctor);
        assertEq(offer.expiry, terms.expiry, "expiry");
        assertEq(offer.length, terms.length, "length");
        assertEq(offer.claims, terms.claims, "claims");
        assertFalse(claimed, "claimed");
    }

    function expectExpiryPassed(uint40 expiry) private {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.expiry = expiry;
        vm.expectRevert(abi.encodeWithSelector(ICharts.ExpiryPassed.selector, expiry));
        makeOffer(terms);
    }

    function expectOfferExists(ICharts.OfferTerms memory terms) private {
        ICharts.Offer memory offer = offerOf(SCOPE);
        vm.expectRevert(abi.encodeWithSelector(ICharts.OfferExists.selector, patient, offerKey, SCOPE));
        makeOffer(terms);
        assertEq(keccak256(abi.encode(offerOf(SCOPE))), keccak256(abi.encode(offer)), "as before");
    }
}
