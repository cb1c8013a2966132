// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract SuspendTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        registerActive(doctor, IMembers.Role.Doctor);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.suspend(doctor, 1);
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.suspend(account, 1);
    }

    function test_RevertGiven_Patient() external {
        registerPatient(patient);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.suspend(patient, 1);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount));
        medkey.suspend(newAccount, 1);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.suspend(patient, 1);
    }

    function testFuzz_RevertGiven_Pending(uint256 role) external {
        registerPending(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Pending));
        medkey.suspend(doctor, 1);
    }

    function testFuzz_RevertGiven_Refused(uint256 role) external {
        registerRefused(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Refused));
        medkey.suspend(doctor, 1);
    }

    function testFuzz_RevertGiven_Suspended(uint256 role) external {
        registerSuspended(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Suspended));
        medkey.suspend(doctor, 1);
    }

    function testFuzz_GivenActive(uint256 role, uint8 reason) external {
        registerActive(doctor, anyProfessional(role));
        IMembers.Member memory expected = memberOf(doctor);
        vm.expectEmit(address(medkey));
        emit IMembers.MemberSuspended(doctor, reason);
        vm.prank(registrar);
        medkey.suspend(doctor, reason);

        expected.status = IMembers.Status.Suspended;
        assertEq(keccak256(abi.encode(memberOf(doctor))), keccak256(abi.encode(expected)), "nothing else changes");
    }
}
