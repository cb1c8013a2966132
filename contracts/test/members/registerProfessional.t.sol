// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract RegisterProfessionalTest is MedkeyTest {
    function test_RevertWhen_RoleIsNone() external {
        expectWrongRole(IMembers.Role.None);
    }

    function test_RevertWhen_RoleIsPatient() external {
        expectWrongRole(IMembers.Role.Patient);
    }

    function testFuzz_RevertWhen_ProfileIsZero(uint256 role) external {
        vm.prank(doctor);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.registerProfessional(anyProfessional(role), CARD, 0, 0);
    }

    function testFuzz_RevertWhen_CardIsZero(uint256 role, uint96 tail) external {
        vm.prank(doctor);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.registerProfessional(anyProfessional(role), bytes32(uint256(tail)), PROFILE, 0);
    }

    function testFuzz_RevertGiven_AlreadyPatient(uint256 role) external {
        registerPatient(patient);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, patient));
        medkey.registerProfessional(anyProfessional(role), CARD, PROFILE, 0);
    }

    function testFuzz_RevertGiven_AlreadyProfessional(uint256 before, uint256 status, uint256 role) external {
        registerIn(doctor, anyProfessional(before), anyStatus(status));
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, doctor));
        medkey.registerProfessional(anyProfessional(role), NEXT_CARD, NEXT_PROFILE, 0);
    }

    function testFuzz_RevertGiven_ChartMovedHere(uint256 role) external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, newAccount));
        medkey.registerProfessional(anyProfessional(role), CARD, PROFILE, 0);
    }

    function testFuzz_RevertGiven_ChartMovedOn(uint256 role) external {
        registerPatient(patient);
        moveChart(newAccount);
        moveChart(thirdAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, newAccount));
        medkey.registerProfessional(anyProfessional(role), CARD, PROFILE, 0);
    }

    function testFuzz_RevertGiven_ChartMovedAway(uint256 role) external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, patient));
        medkey.registerProfessional(anyProfessional(role), CARD, PROFILE, 0);
    }

    function testFuzz_GivenStranger(address account, uint256 seed, bytes32 card, bytes32 profile, uint32 hospital)
        external
    {
        assumeStranger(account);
        assumeDigest(card);
        vm.assume(profile != 0);
        IMembers.Role role = anyProfessional(seed);
        vm.expectEmit(address(medkey));
        emit IMembers.ProfessionalRegistered(account, role, card, profile, hospital);
        vm.prank(account);
        medkey.registerProfessional(role, card, profile, hospital);

        IMembers.Member memory member = memberOf(account);
        assertTrue(member.role == role, "role");
        assertTrue(member.status == IMembers.Status.Pending, "status");
        assertEq(member.hospital, 0, "hospital");
        assertEq(member.since, START, "since");
        assertEq(member.card, short(card), "card");
        assertEq(member.profile, 0, "profile");
        assertEq(member.chart, address(0), "chart");
    }

    function expectWrongRole(IMembers.Role role) private {
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(IMembers.WrongRole.selector, doctor, role));
        medkey.registerProfessional(role, CARD, PROFILE, 0);
    }
}
