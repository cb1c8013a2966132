// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract ReinstateTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        registerSuspended(doctor, IMembers.Role.Doctor);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.reinstate(doctor);
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.reinstate(account);
    }

    function test_RevertGiven_Patient() external {
        registerPatient(patient);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.reinstate(patient);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount));
        medkey.reinstate(newAccount);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.reinstate(patient);
    }

    function testFuzz_RevertGiven_Pending(uint256 role) external {
        registerPending(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Pending));
        medkey.reinstate(doctor);
    }

    function testFuzz_RevertGiven_Active(uint256 role) external {
        registerActive(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Active));
        medkey.reinstate(doctor);
    }

    function testFuzz_RevertGiven_Refused(uint256 role) external {
        registerRefused(doctor, anyProfessional(role));
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Refused));
        medkey.reinstate(doctor);
    }

    function testFuzz_GivenSuspended(uint256 role) external {
        registerSuspended(doctor, anyProfessional(role));
        IMembers.Member memory expected = memberOf(doctor);
        vm.expectEmit(address(medkey));
        emit IMembers.MemberReinstated(doctor);
        vm.prank(registrar);
        medkey.reinstate(doctor);

        expected.status = IMembers.Status.Active;
        assertEq(keccak256(abi.encode(memberOf(doctor))), keccak256(abi.encode(expected)), "nothing else changes");
    }
}
