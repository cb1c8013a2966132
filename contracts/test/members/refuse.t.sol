// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract RefuseTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.refuse(doctor, 1);
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.refuse(account, 1);
    }

    function test_RevertGiven_Patient() external {
        registerPatient(patient);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.refuse(patient, 1);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount));
        medkey.refuse(newAccount, 1);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.refuse(patient, 1);
    }

    function testFuzz_RevertGiven_Active(uint256 role) external {
        registerActive(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Active));
        medkey.refuse(doctor, 1);
    }

    function testFuzz_RevertGiven_Refused(uint256 role) external {
        registerRefused(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Refused));
        medkey.refuse(doctor, 1);
    }

    function testFuzz_RevertGiven_Suspended(uint256 role) external {
        registerSuspended(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Suspended));
        medkey.refuse(doctor, 1);
    }

    function testFuzz_GivenPending(uint256 role, uint8 reason) external {
        registerPending(doctor, anyProfessional(role));
        IMembers.Member memory expected = memberOf(doctor);
        vm.expectEmit(address(medkey));
        emit IMembers.MemberRefused(doctor, reason);
        vm.prank(registrar);
        medkey.refuse(doctor, reason);

        expected.status = IMembers.Status.Refused;
        assertEq(keccak256(abi.encode(memberOf(doctor))), keccak256(abi.encode(expected)), "nothing else changes");
    }
}
