// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract ProposeProfileTest is MedkeyTest {
    function test_RevertWhen_ProfileIsZero() external {
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(doctor);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.proposeProfile(0, 0);
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.proposeProfile(PROFILE, 0);
    }

    function test_RevertGiven_Patient() external {
        registerPatient(patient);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.proposeProfile(PROFILE, 0);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount));
        medkey.proposeProfile(PROFILE, 0);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.proposeProfile(PROFILE, 0);
    }

    function testFuzz_RevertGiven_Suspended(uint256 role) external {
        registerSuspended(doctor, anyProfessional(role));
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, IMembers.Status.Suspended));
        medkey.proposeProfile(NEXT_PROFILE, 0);
    }

    function testFuzz_GivenRefused(uint256 role, bytes32 profile, uint32 hospital) external {
        registerRefused(doctor, anyProfessional(role));
        propose(profile, hospital);
        assertTrue(statusOf(doctor) == IMembers.Status.Pending, "pending again");
    }

    function testFuzz_GivenPending(uint256 role, bytes32 profile, uint32 hospital) external {
        registerPending(doctor, anyProfessional(role));
        propose(profile, hospital);
        assertTrue(statusOf(doctor) == IMembers.Status.Pending, "still pending");
    }

    function testFuzz_GivenVerified(uint256 role, bytes32 profile, uint32 hospital) external {
        registerActive(doctor, anyProfessional(role));
        propose(profile, hospital);
        assertTrue(statusOf(doctor) == IMembers.Status.Active, "still verified");
        assertEq(memberOf(doctor).profile, PROFILE, "the verified profile stays");
        assertEq(memberOf(doctor).hospital, 0, "the verified hospital stays");
    }

    function propose(bytes32 profile, uint32 hospital) private {
        vm.assume(profile != 0);
        vm.expectEmit(address(medkey));
        emit IMembers.ProfileProposed(doctor, profile, hospital);
        vm.prank(doctor);
        medkey.proposeProfile(profile, hospital);
    }
}
