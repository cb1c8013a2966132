// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract UpdateCardTest is MedkeyTest {
    function testFuzz_RevertGiven_Stranger(address account, bytes32 previous) external {
        assumeStranger(account);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, account));
        medkey.updateCard(previous, NEXT_CARD);
    }

    function test_RevertGiven_StrangerNamesZero() external {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, stranger));
        medkey.updateCard(0, NEXT_CARD);
    }

    function testFuzz_RevertWhen_PreviousIsNotCurrent(bytes32 previous) external {
        assumeOther(previous, CARD);
        registerPatient(patient);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.CardChanged.selector, patient, short(CARD)));
        medkey.updateCard(previous, NEXT_CARD);
    }

    function testFuzz_RevertWhen_CardIsZero(uint96 tail) external {
        registerPatient(patient);
        vm.prank(patient);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.updateCard(CARD, bytes32(uint256(tail)));
    }

    function testFuzz_GivenPatient(bytes32 card) external {
        registerPatient(patient);
        expectUpdated(patient, card);
    }

    function testFuzz_GivenProfessionalInAnyStatus(uint256 role, uint256 status, bytes32 card) external {
        registerIn(doctor, anyProfessional(role), anyStatus(status));
        expectUpdated(doctor, card);
    }

    function test_GivenVerifiedWithHospital() external {
        uint32 hospital = addHospital();
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        medkey.verify(doctor, PROFILE, hospital);
        expectUpdated(doctor, NEXT_CARD);
    }

    function test_RevertGiven_ChartMovedAway() external {
        registerPatient(patient);
        moveChart(newAccount);
        expectMovedAway(patient);
        moveChart(thirdAccount);
        expectMovedAway(patient);
    }

    function test_RevertGiven_ChartMovedOn() external {
        registerPatient(patient);
        moveChart(newAccount);
        moveChart(thirdAccount);
        expectMovedAway(newAccount);
    }

    function testFuzz_RevertWhen_PreviousIsNotCurrent_GivenChartMovedHere(bytes32 previous) external {
        assumeOther(previous, CARD);
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(IMembers.CardChanged.selector, patient, short(CARD)));
        medkey.updateCard(previous, NEXT_CARD);
    }

    function testFuzz_RevertWhen_CardIsZero_GivenChartMovedHere(uint96 tail) external {
        registerPatient(patient);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.updateCard(CARD, bytes32(uint256(tail)));
    }

    function testFuzz_GivenChartMovedHere(bytes32 card, bool twice) external {
        registerPatient(patient);
        moveChart(newAccount);
        if (twice) moveChart(thirdAccount);
        assumeDigest(card);
        address account = twice ? thirdAccount : newAccount;
        IMembers.Member memory expected = memberOf(patient);
        IMembers.Member memory expectedOfAccount = memberOf(account);
        vm.expectEmit(address(medkey));
        emit IMembers.CardUpdated(patient, card);
        vm.prank(account);
        medkey.updateCard(CARD, card);

        expected.card = short(card);
        assertEq(keccak256(abi.encode(memberOf(patient))), keccak256(abi.encode(expected)), "the patient's card");
        assertEq(keccak256(abi.encode(memberOf(account))), keccak256(abi.encode(expectedOfAccount)), "the account");
    }

    function test_RevertGiven_AnotherDeviceWasFirst() external {
        registerPatient(patient);
        expectUpdated(patient, NEXT_CARD);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.CardChanged.selector, patient, short(NEXT_CARD)));
        medkey.updateCard(CARD, keccak256("third card"));
    }

    function expectMovedAway(address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.ChartMovedAway.selector, account));
        medkey.updateCard(CARD, NEXT_CARD);
    }

    function expectUpdated(address account, bytes32 card) private {
        assumeDigest(card);
        IMembers.Member memory expected = memberOf(account);
        vm.warp(START + 1 days);
        vm.expectEmit(address(medkey));
        emit IMembers.CardUpdated(account, card);
        vm.prank(account);
        medkey.updateCard(CARD, card);

        expected.card = short(card);
        assertEq(keccak256(abi.encode(memberOf(account))), keccak256(abi.encode(expected)), "nothing else changes");
    }
}
