// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

/// @dev Every view says at which chain, block and time it answered; absence is told apart from an answer.
contract ViewsTest is MedkeyTest {
    function testFuzz_Stamps(uint64 chainId, uint32 blockNumber, uint40 time) external {
        vm.assume(chainId != 0);
        vm.chainId(chainId);
        vm.roll(blockNumber);
        vm.warp(time);
        bytes32 expected = keccak256(abi.encode(uint256(chainId), uint256(blockNumber), uint256(time)));

        (, IMembers.Stamp memory stamp) = medkey.viewMember(patient);
        assertEq(keccak256(abi.encode(stamp)), expected, "viewMember");
        (, stamp) = medkey.viewHospital(1);
        assertEq(keccak256(abi.encode(stamp)), expected, "viewHospital");
        (,, stamp) = medkey.viewRegistrar();
        assertEq(keccak256(abi.encode(stamp)), expected, "viewRegistrar");
        (, ICharts.ChartStamp memory chartStamp) = medkey.viewChart(patient);
        assertEq(keccak256(abi.encode(chartStamp)), expected, "viewChart");
        (,, chartStamp) = medkey.viewAccess(patient, doctor, SCOPE);
        assertEq(keccak256(abi.encode(chartStamp)), expected, "viewAccess");
        (,, chartStamp) = medkey.viewOffer(patient, offerKey, SCOPE, doctor);
        assertEq(keccak256(abi.encode(chartStamp)), expected, "viewOffer");
        (, chartStamp) = medkey.viewMove(patient);
        assertEq(keccak256(abi.encode(chartStamp)), expected, "viewMove");
    }

    function testFuzz_MemberGivenStranger(address account) external view {
        IMembers.Member memory member = memberOf(account);
        assertEq(keccak256(abi.encode(member)), keccak256(new bytes(7 * 32)), "nothing");
    }

    // ---------------------------------------------------------------- who acts for which chart

    function testFuzz_MembersChart(uint256 role, uint256 status) external {
        registerPatient(patient);
        registerIn(lab, anyProfessional(role), anyStatus(status));
        assertEq(memberOf(patient).chart, patient, "a patient for its own");
        assertEq(memberOf(lab).chart, address(0), "a professional for none");
        assertEq(ownerOf(patient), patient, "owner");
    }

    function test_MembersChart_GivenMoved() external {
        registerPatient(patient);
        proposeMove(patient, newAccount);
        assertEq(memberOf(patient).chart, patient, "until it is accepted");
        assertEq(memberOf(newAccount).chart, address(0), "until it is accepted");
        vm.warp(START + WAITING_PERIOD);
        acceptMove(patient, newAccount);
        expectOwner(newAccount);
        assertEq(memberOf(patient).chart, address(0), "the patient's account");
        moveChart(thirdAccount);
        expectOwner(thirdAccount);
        assertEq(memberOf(newAccount).chart, address(0), "the account between");
        assertEq(keccak256(abi.encode(memberOf(newAccount))), keccak256(new bytes(7 * 32)), "is nobody");
    }

    /// @dev The card's place in the slot holds the chart's id there.
    function testFuzz_MemberGivenNewAccount(address account) external {
        assumeStranger(account);
        registerPatient(patient);
        moveChart(account);
        IMembers.Member memory member = memberOf(account);
        assertEq(member.card, 0, "no card of its own");
        assertTrue(member.role == IMembers.Role.None, "no role");
        assertTrue(member.status == IMembers.Status.None, "no status");
        assertEq(member.chart, patient, "chart");
    }

    function test_MemberGivenMovedAway() external {
        registerPatient(patient);
        IMembers.Member memory expected = memberOf(patient);
        moveChart(newAccount);
        expected.chart = address(0);
        assertEq(keccak256(abi.encode(memberOf(patient))), keccak256(abi.encode(expected)), "still the patient");
    }

    function test_ChartGivenMoved() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        medkey.updateCard(CARD, NEXT_CARD);
        (ICharts.Chart memory chart,) = medkey.viewChart(patient);
        assertEq(chart.owner, newAccount, "owner");
        assertTrue(chart.registered, "registered");
        assertEq(chart.card, short(NEXT_CARD), "card");
        assertNotEq(chart.head, 0, "head");
        (ICharts.Chart memory same,,) = medkey.viewAccess(patient, doctor, SCOPE);
        assertEq(keccak256(abi.encode(same)), keccak256(abi.encode(chart)), "viewAccess");
    }

    function test_ChartGivenNewAccount() external {
        registerPatient(patient);
        moveChart(newAccount);
        (ICharts.Chart memory chart,) = medkey.viewChart(newAccount);
        assertEq(keccak256(abi.encode(chart)), keccak256(new bytes(4 * 32)), "nothing");
    }

    // ---------------------------------------------------------------- offers and moves

    function testFuzz_OfferGivenNone(address chart, address key, bytes32 scope, address claimer) external view {
        (ICharts.Offer memory offer, bool claimed,) = medkey.viewOffer(chart, key, scope, claimer);
        assertEq(keccak256(abi.encode(offer)), keccak256(new bytes(3 * 32)), "nothing");
        assertFalse(claimed, "claimed");
    }

    function test_Offer() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        makeOffer(offerTerms());
        assertEq(offerOf(SCOPE).expiry, EXPIRY, "expiry");
        assertEq(offerOf(SCOPE).length, OFFER_LENGTH, "length");
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS, "claims");
        assertFalse(hasClaimed(doctor, SCOPE), "not claimed");
        claimOffer(doctor, SCOPE);
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS - 1, "claims");
        assertTrue(hasClaimed(doctor, SCOPE), "claimed");
        assertFalse(hasClaimed(lab, SCOPE), "not by another");
    }

    function testFuzz_MoveGivenNone(address chart) external view {
        assertEq(keccak256(abi.encode(moveOf(chart))), keccak256(new bytes(3 * 32)), "nothing");
    }

    function test_Move() external {
        registerPatient(patient);
        proposeMove(patient, newAccount);
        ICharts.Move memory move = moveOf(patient);
        assertEq(move.account, newAccount, "account");
        assertEq(move.effective, START + 7 days, "effective");
        assertEq(move.nonce, 1, "nonce");
        assertEq(moveOf(newAccount).nonce, 0, "not under the account");
    }

    // ---------------------------------------------------------------- hospitals

    function testFuzz_HospitalGivenNone(uint32 id) external view {
        (IMembers.Hospital memory hospital,) = medkey.viewHospital(id);
        assertFalse(hospital.open, "open");
        assertEq(hospital.page, 0, "page");
    }

    // ---------------------------------------------------------------- charts

    function test_ChartGivenPatient() external {
        registerPatient(patient);
        (ICharts.Chart memory chart,) = medkey.viewChart(patient);
        assertEq(chart.head, 0, "head");
        assertTrue(chart.registered, "registered");
        assertEq(chart.card, short(CARD), "card");
        assertEq(chart.owner, patient, "owner");
    }

    function testFuzz_ChartGivenStranger(address account) external view {
        (ICharts.Chart memory chart,) = medkey.viewChart(account);
        assertEq(keccak256(abi.encode(chart)), keccak256(new bytes(4 * 32)), "nothing");
    }

    function testFuzz_ChartGivenProfessional(uint256 role, uint256 status) external {
        registerIn(doctor, anyProfessional(role), anyStatus(status));
        (ICharts.Chart memory chart,) = medkey.viewChart(doctor);
        assertEq(keccak256(abi.encode(chart)), keccak256(new bytes(4 * 32)), "nothing");
    }

    function testFuzz_Access(uint256 role, uint256 status, bool granted, bool blocked) external {
        registerPatient(patient);
        registerActive(lab, anyProfessional(role));
        if (granted) grant(lab, SCOPE, EXPIRY);
        if (blocked) blockAuthor(lab, true);
        bool active = status % 2 == 0;
        if (!active) {
            vm.prank(registrar);
            medkey.suspend(lab, 1);
        }
        (ICharts.Chart memory chart, ICharts.Access memory access,) = medkey.viewAccess(patient, lab, SCOPE);
        assertEq(chart.head, headOf(patient), "head");
        assertTrue(chart.registered, "registered");
        assertEq(chart.card, short(CARD), "card");
        assertEq(access.expiry, granted ? EXPIRY : 0, "expiry");
        assertEq(access.active, active, "active");
        assertEq(access.blocked, blocked, "blocked");
    }

    function test_AccessGivenPatientAsParty() external {
        registerPatient(patient);
        assertFalse(accessOf(patient, SCOPE).active, "a patient is not a verified professional");
    }

    function expectOwner(address account) private view {
        assertEq(ownerOf(patient), account, "owner");
        assertEq(memberOf(account).chart, patient, "chart");
    }
}
