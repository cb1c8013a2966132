// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract VerifyTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.verify(doctor, PROFILE, 0);
    }

    function test_RevertWhen_ProfileIsZero() external {
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.verify(doctor, 0, 0);
    }

    function testFuzz_RevertWhen_NoHospital(uint32 hospital) external {
        hospital = uint32(bound(hospital, addHospital() + 1, type(uint32).max));
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NoHospital.selector, hospital));
        medkey.verify(doctor, PROFILE, hospital);
    }

    function test_RevertWhen_HospitalIsClosed() external {
        uint32 hospital = addClosedHospital();
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.HospitalIsClosed.selector, hospital));
        medkey.verify(doctor, PROFILE, hospital);
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.verify(account, PROFILE, 0);
    }

    function test_RevertGiven_Patient() external {
        registerPatient(patient);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.verify(patient, PROFILE, 0);
    }

    function test_RevertGiven_ChartMovedHere() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount));
        medkey.verify(newAccount, PROFILE, 0);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient));
        medkey.verify(patient, PROFILE, 0);
    }

    function testFuzz_RevertGiven_Refused(uint256 role) external {
        registerRefused(doctor, anyProfessional(role));
        expectWrongStatus(IMembers.Status.Refused);
    }

    function testFuzz_RevertGiven_Suspended(uint256 role) external {
        registerSuspended(doctor, anyProfessional(role));
        expectWrongStatus(IMembers.Status.Suspended);
    }

    function testFuzz_GivenPending(uint256 role, bytes32 profile, bool withHospital) external {
        registerPending(doctor, anyProfessional(role));
        expectVerified(profile, withHospital ? addHospital() : 0);
    }

    function testFuzz_GivenVerified(uint256 role, bytes32 profile, bool withHospital) external {
        uint32 first = addHospital();
        registerPending(doctor, anyProfessional(role));
        expectVerified(PROFILE, first);
        expectVerified(profile, withHospital ? addHospital() : 0);
    }

    function test_GivenHospitalClosesLater() external {
        uint32 hospital = addHospital();
        registerPending(doctor, IMembers.Role.Doctor);
        expectVerified(PROFILE, hospital);
        vm.prank(registrar);
        medkey.closeHospital(hospital);
        assertTrue(statusOf(doctor) == IMembers.Status.Active, "its doctors keep their status");
        assertEq(memberOf(doctor).hospital, hospital, "and their hospital");
    }

    function expectWrongStatus(IMembers.Status status) private {
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongStatus.selector, doctor, status));
        medkey.verify(doctor, NEXT_PROFILE, 0);
    }

    function expectVerified(bytes32 profile, uint32 hospital) private {
        vm.assume(profile != 0);
        IMembers.Member memory expected = memberOf(doctor);
        vm.expectEmit(address(medkey));
        emit IMembers.MemberVerified(doctor, profile, hospital);
        vm.prank(registrar);
        medkey.verify(doctor, profile, hospital);

        expected.status = IMembers.Status.Active;
        expected.hospital = hospital;
        expected.profile = profile;
        assertEq(keccak256(abi.encode(memberOf(doctor))), keccak256(abi.encode(expected)), "nothing else changes");
    }
}
