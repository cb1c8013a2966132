// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {TypedData} from "../helpers/TypedData.sol";
import {VerifiedOnlyTest} from "../helpers/VerifiedOnlyTest.sol";

contract ClaimOfferTest is VerifiedOnlyTest {
    function setUp() public override {
        super.setUp();
        registerActive(otherDoctor, IMembers.Role.Doctor);
        makeOffer(offerTerms());
    }

    function act(address chart) internal override {
        (bytes32 r, bytes32 vs) = signClaim(chart, SCOPE, doctor);
        medkey.claimOffer(chart, offerKey, SCOPE, ENVELOPE, r, vs);
    }

    function test_RevertGiven_PatientOfTheChart() external {
        expectNotVerified(patient);
    }

    function test_RevertGiven_NewAccount() external {
        moveChart(newAccount);
        expectNotVerified(newAccount);
    }

    function test_RevertWhen_EnvelopeIsZero() external {
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, doctor);
        vm.prank(doctor);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.claimOffer(patient, offerKey, SCOPE, 0, r, vs);
    }

    // ---------------------------------------------------------------- signatures

    function test_RevertWhen_SignedByAnotherKey() external {
        (bytes32 r, bytes32 vs) = signCompact("another key", TypedData.offerClaim(patient, SCOPE, doctor));
        expectWrongSignature(r, vs);
    }

    /// @dev What somebody who watches waiting transactions could do.
    function test_RevertWhen_SignedForAnotherClaimer() external {
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, otherDoctor);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_SignedForAnyOther(address chart, bytes32 scope, address claimer) external {
        vm.assume(chart != patient || scope != SCOPE || claimer != doctor);
        (bytes32 r, bytes32 vs) = signClaim(chart, scope, claimer);
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignedForAnotherChart() external {
        registerPatient(otherPatient);
        ICharts.OfferTerms memory terms = offerTerms();
        terms.chart = otherPatient;
        vm.prank(otherPatient);
        medkey.makeOffer(terms);
        (bytes32 r, bytes32 vs) = signClaim(otherPatient, SCOPE, doctor);
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignedForAnotherScope() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = ENVELOPE;
        makeOffer(terms);
        (bytes32 r, bytes32 vs) = signClaim(patient, ENVELOPE, doctor);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_SignedForAnotherContract(address verifyingContract) external {
        vm.assume(verifyingContract != address(medkey));
        expectWrongSignature(TypedData.digest(verifyingContract, TypedData.offerClaim(patient, SCOPE, doctor)));
    }

    function testFuzz_RevertWhen_SignedForAnotherChain(uint256 chainId) external {
        vm.assume(chainId != block.chainid);
        bytes32 structHash = TypedData.offerClaim(patient, SCOPE, doctor);
        expectWrongSignature(TypedData.digest(chainId, address(medkey), structHash));
    }

    function testFuzz_RevertWhen_ChainSplitSinceSigned(uint64 chainId) external {
        vm.assume(chainId != 0 && chainId != block.chainid);
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, doctor);
        vm.chainId(chainId);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_NotSigned(bytes32 r, bytes32 vs) external {
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignatureIsZero() external {
        expectWrongSignature(0, 0);
    }

    /// @dev `ecrecover` answers zero where there is nothing to recover.
    function testFuzz_RevertWhen_KeyIsZero(bytes32 r, bytes32 vs) external {
        vm.prank(doctor);
        vm.expectPartialRevert(ICharts.WrongSignature.selector);
        medkey.claimOffer(patient, address(0), SCOPE, ENVELOPE, r, vs);
    }

    // ---------------------------------------------------------------- given no live offer

    function testFuzz_RevertGiven_NeverMade(address chart, bytes32 scope) external {
        vm.assume(chart != patient || scope != SCOPE);
        expectNoLiveOffer(chart, doctor, scope);
    }

    function test_RevertGiven_OfferWithAnotherKey() external {
        (address key,) = makeAddrAndKey("another key");
        (bytes32 r, bytes32 vs) = signCompact("another key", TypedData.offerClaim(patient, SCOPE, doctor));
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveOffer.selector, patient, key, SCOPE));
        medkey.claimOffer(patient, key, SCOPE, ENVELOPE, r, vs);
    }

    function test_RevertGiven_ChartIsNewAccount() external {
        moveChart(newAccount);
        expectNoLiveOffer(newAccount, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_RanOut(uint40 expiry, uint40 time) external {
        expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = ENVELOPE;
        terms.expiry = expiry;
        makeOffer(terms);
        vm.warp(bound(time, expiry, type(uint40).max));
        expectNoLiveOffer(patient, doctor, ENVELOPE);
    }

    function test_RevertGiven_RunsOutNow() external {
        vm.warp(EXPIRY - 1);
        claimOffer(otherDoctor, SCOPE);
        vm.warp(EXPIRY);
        expectNoLiveOffer(patient, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_UsedUp(uint8 claims) external {
        claims = uint8(bound(claims, 1, 5));
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = ENVELOPE;
        terms.claims = claims;
        makeOffer(terms);
        for (uint256 i = 0; i < claims; ++i) {
            address claimer = vm.addr(i + 1);
            registerActive(claimer, anyProfessional(i));
            claimOffer(claimer, ENVELOPE);
        }
        expectNoLiveOffer(patient, doctor, ENVELOPE);
        expectNoLiveOffer(patient, vm.addr(1), ENVELOPE);
    }

    function testFuzz_RevertGiven_Withdrawn(bool claimedBefore) external {
        if (claimedBefore) claimOffer(doctor, SCOPE);
        withdrawOffer(SCOPE);
        expectNoLiveOffer(patient, doctor, SCOPE);
        expectNoLiveOffer(patient, otherDoctor, SCOPE);
    }

    // ---------------------------------------------------------------- given claimed before

    function testFuzz_RevertGiven_ClaimedBefore(uint40 time) external {
        claimOffer(doctor, SCOPE);
        vm.warp(bound(time, START, EXPIRY - 1));
        expectAlreadyClaimed(START + OFFER_LENGTH);
    }

    function testFuzz_RevertGiven_ClaimedBefore_AndRevoked(uint40 time) external {
        claimOffer(doctor, SCOPE);
        revoke(doctor, SCOPE);
        vm.warp(bound(time, START, EXPIRY - 1));
        expectAlreadyClaimed(0);
    }

    function testFuzz_RevertGiven_ClaimedBefore_AndChartMoved(bool revoked) external {
        claimOffer(doctor, SCOPE);
        if (revoked) revoke(doctor, SCOPE);
        moveChart(newAccount);
        expectAlreadyClaimed(revoked ? 0 : START + OFFER_LENGTH);
    }

    function test_RevertGiven_ClaimedBefore_AndReinstated() external {
        claimOffer(doctor, SCOPE);
        revoke(doctor, SCOPE);
        vm.startPrank(registrar);
        medkey.suspend(doctor, 1);
        medkey.reinstate(doctor);
        vm.stopPrank();
        expectAlreadyClaimed(0);
    }

    // ---------------------------------------------------------------- given a live offer

    function testFuzz_GivenLive(
        uint256 role,
        bytes32 scope,
        uint32 length,
        uint32 claims,
        bytes32 envelope,
        uint40 time
    ) external {
        vm.assume(scope != 0 && scope != SCOPE && envelope != 0);
        registerActive(lab, anyProfessional(role));
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = scope;
        terms.length = uint32(bound(length, 1, type(uint32).max));
        terms.claims = uint32(bound(claims, 1, type(uint32).max));
        makeOffer(terms);
        vm.warp(bound(time, START, EXPIRY - 1));
        expectClaimed(lab, scope, envelope, uint40(vm.getBlockTimestamp()) + terms.length);

        ICharts.Offer memory offer = offerOf(scope);
        assertEq(offer.expiry, EXPIRY, "expiry");
        assertEq(offer.length, terms.length, "length");
        assertEq(offer.claims, terms.claims - 1, "one claim less");
        assertEq(accessOf(doctor, scope).expiry, 0, "no other member");
        assertFalse(hasClaimed(doctor, scope), "no other member");
        assertEq(accessOf(lab, SCOPE).expiry, 0, "no other scope");
        assertFalse(hasClaimed(lab, SCOPE), "no other scope");
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS, "no other offer");
        registerPatient(otherPatient);
        (, ICharts.Access memory access,) = medkey.viewAccess(otherPatient, lab, scope);
        assertEq(access.expiry, 0, "no other chart");
    }

    function testFuzz_GivenLive_OfTheLongestLengthAtTheLatestTime(uint32 before) external {
        vm.warp(type(uint40).max - type(uint32).max - 1);
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = ENVELOPE;
        terms.length = type(uint32).max;
        terms.expiry = type(uint40).max;
        makeOffer(terms);
        if (before != 0) grant(doctor, ENVELOPE, uint40(vm.getBlockTimestamp()) + before);
        expectClaimed(doctor, ENVELOPE, ENVELOPE, type(uint40).max - 1);
    }

    function testFuzz_GivenGrantIsThere(uint40 before, uint40 time) external {
        before = uint40(bound(before, START + 1, type(uint40).max));
        grant(doctor, SCOPE, before);
        time = uint40(bound(time, START, EXPIRY - 1));
        vm.warp(time);
        expectClaimed(doctor, SCOPE, ENVELOPE, before > time + OFFER_LENGTH ? before : time + OFFER_LENGTH);
    }

    function test_GivenGrantEndsLater() external {
        grant(doctor, SCOPE, START + OFFER_LENGTH + 1);
        expectClaimed(doctor, SCOPE, ENVELOPE, START + OFFER_LENGTH + 1);
        grant(otherDoctor, SCOPE, START + OFFER_LENGTH - 1);
        expectClaimed(otherDoctor, SCOPE, ENVELOPE, START + OFFER_LENGTH);
    }

    function test_GivenGrantWasRevoked() external {
        grant(doctor, SCOPE, EXPIRY);
        revoke(doctor, SCOPE);
        expectClaimed(doctor, SCOPE, ENVELOPE, START + OFFER_LENGTH);
    }

    function test_GivenSeveralScopesUnderOneKey() external {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.scope = ENVELOPE;
        terms.length = 1 days;
        terms.claims = 1;
        makeOffer(terms);
        expectClaimed(doctor, ENVELOPE, ENVELOPE, START + 1 days);
        expectClaimed(doctor, SCOPE, ENVELOPE, START + OFFER_LENGTH);
        expectNoLiveOffer(patient, otherDoctor, ENVELOPE);
        expectClaimed(otherDoctor, SCOPE, ENVELOPE, START + OFFER_LENGTH);
    }

    function test_GivenClaimersAdditionsAreBlocked() external {
        blockAuthor(doctor, true);
        expectClaimed(doctor, SCOPE, ENVELOPE, START + OFFER_LENGTH);
    }

    function test_GivenChartMovedSince_AndMovesOn() external {
        moveChart(newAccount);
        expectClaimed(doctor, SCOPE, ENVELOPE, uint40(vm.getBlockTimestamp()) + OFFER_LENGTH);
        moveChart(thirdAccount);
        expectClaimed(otherDoctor, SCOPE, ENVELOPE, uint40(vm.getBlockTimestamp()) + OFFER_LENGTH);
    }

    function testFuzz_GrantOutlivesTheOffer(uint40 claimed, uint40 opened) external {
        claimed = uint40(bound(claimed, START, EXPIRY - 1));
        vm.warp(claimed);
        claimOffer(doctor, SCOPE);
        vm.warp(bound(opened, claimed, claimed + OFFER_LENGTH - 1));
        vm.prank(doctor);
        medkey.logAccess(patient, SCOPE);
        vm.warp(claimed + OFFER_LENGTH);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveGrant.selector, patient, doctor, SCOPE));
        medkey.logAccess(patient, SCOPE);
    }

    function test_GrantCanBeRevoked() external {
        claimOffer(doctor, SCOPE);
        revoke(doctor, SCOPE);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveGrant.selector, patient, doctor, SCOPE));
        medkey.logAccess(patient, SCOPE);
    }

    // ---------------------------------------------------------------- helpers

    function expectWrongSignature(bytes32 digest) private {
        (, uint256 key) = makeAddrAndKey("offer key");
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        expectWrongSignature(r, vs);
    }

    function expectWrongSignature(bytes32 r, bytes32 vs) private {
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.WrongSignature.selector, offerKey));
        medkey.claimOffer(patient, offerKey, SCOPE, ENVELOPE, r, vs);
    }

    function expectNoLiveOffer(address chart, address claimer, bytes32 scope) private {
        (bytes32 r, bytes32 vs) = signClaim(chart, scope, claimer);
        vm.prank(claimer);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveOffer.selector, chart, offerKey, scope));
        medkey.claimOffer(chart, offerKey, scope, ENVELOPE, r, vs);
    }

    function expectAlreadyClaimed(uint40 expiry) private {
        vm.expectRevert(abi.encodeWithSelector(ICharts.AlreadyClaimed.selector, offerKey, doctor));
        claimOffer(doctor, SCOPE);
        assertEq(accessOf(doctor, SCOPE).expiry, expiry, "the grant as it was");
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS - 1, "no claim more");
    }

    function expectClaimed(address claimer, bytes32 scope, bytes32 envelope, uint40 expiry) private {
        bytes32 head = headOf(patient);
        (bytes32 r, bytes32 vs) = signClaim(patient, scope, claimer);
        vm.expectEmit(address(medkey));
        emit ICharts.OfferClaimed(patient, claimer, offerKey, scope, expiry, envelope);
        vm.prank(claimer);
        medkey.claimOffer(patient, offerKey, scope, envelope, r, vs);
        bytes memory fields = abi.encode(patient, claimer, offerKey, scope, expiry, envelope);
        assertFolded(head, bytes.concat(ICharts.OfferClaimed.selector, abi.encode(vm.getBlockTimestamp()), fields));
        assertEq(accessOf(claimer, scope).expiry, expiry, "the grant");
        assertTrue(hasClaimed(claimer, scope), "claimed");
    }
}
