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
    }

    function testFuzz_MemberGivenStranger(address account) external view {
        IMembers.Member memory member = memberOf(account);
        assertEq(keccak256(abi.encode(member)), keccak256(new bytes(7 * 32)), "nothing");
    }

    function testFuzz_HospitalGivenNone(uint32 id) external view {
        (IMembers.Hospital memory hospital,) = medkey.viewHospital(id);
        assertFalse(hospital.open, "open");
        assertEq(hospital.page, 0, "page");
    }

    function test_ChartGivenPatient() external {
        registerPatient(patient);
        (ICharts.Chart memory chart,) = medkey.viewChart(patient);
        assertEq(chart.head, 0, "head");
        assertTrue(chart.registered, "registered");
        assertEq(chart.card, short(CARD), "card");
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
}
