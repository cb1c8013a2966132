// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract RegisterPatientTest is MedkeyTest {
    function testFuzz_RevertWhen_CardIsZero(uint96 tail) external {
        vm.prank(patient);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.registerPatient(bytes32(uint256(tail)));
    }

    function test_RevertGiven_AlreadyPatient() external {
        registerPatient(patient);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, patient));
        medkey.registerPatient(CARD);
    }

    function testFuzz_RevertGiven_AlreadyProfessional(uint256 role, uint256 status, bytes32 card) external {
        assumeDigest(card);
        registerIn(doctor, anyProfessional(role), anyStatus(status));
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, doctor));
        medkey.registerPatient(card);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, newAccount));
        medkey.registerPatient(CARD);
    }

    function test_RevertGiven_ChartMovedOn() external {
        registerPatient(patient);
        moveChart(newAccount);
        moveChart(thirdAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, newAccount));
        medkey.registerPatient(CARD);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, patient));
        medkey.registerPatient(CARD);
    }

    function testFuzz_GivenStranger(address account, bytes32 card, uint40 time) external {
        assumeStranger(account);
        assumeDigest(card);
        vm.warp(time);
        vm.expectEmit(address(medkey));
        emit IMembers.PatientRegistered(account, card);
        vm.prank(account);
        medkey.registerPatient(card);

        IMembers.Member memory member = memberOf(account);
        assertTrue(member.role == IMembers.Role.Patient, "role");
        assertTrue(member.status == IMembers.Status.Active, "status");
        assertEq(member.hospital, 0, "hospital");
        assertEq(member.since, time, "since");
        assertEq(member.card, short(card), "card");
        assertEq(member.profile, 0, "profile");
        assertEq(member.chart, account, "chart");
    }
}
