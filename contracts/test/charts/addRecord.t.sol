// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {VerifiedOnlyTest} from "../helpers/VerifiedOnlyTest.sol";

contract AddRecordTest is VerifiedOnlyTest {
    function act(address chart) internal override {
        medkey.addRecord(chart, MANIFEST, CARD);
    }

    function testFuzz_RevertGiven_StrangersOwnAddress(address account) external {
        assumeStranger(account);
        expectNotPatient(account);
    }

    function testFuzz_RevertGiven_ProfessionalsOwnAddress(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNotPatient(lab);
    }

    function test_RevertGiven_RegistrarsOwnAddress() external {
        expectNotPatient(registrar);
    }

    function test_RevertGiven_MovedAwaysOwnAddress() external {
        moveChart(newAccount);
        expectNotPatient(patient);
        moveChart(thirdAccount);
        expectNotPatient(patient);
    }

    function test_RevertGiven_NewAccountsOwnAddress() external {
        moveChart(newAccount);
        expectNotPatient(newAccount);
    }

    function test_RevertGiven_MovedOn() external {
        moveChart(newAccount);
        moveChart(thirdAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, patient, newAccount));
        act(patient);
    }

    function test_RevertGiven_NewAccountOfAnotherChart() external {
        registerPatient(otherPatient);
        moveChart(otherPatient, newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, patient, newAccount));
        act(patient);
    }

    function testFuzz_RevertWhen_ManifestIsZero(bool own) external {
        vm.prank(author(own));
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.addRecord(patient, 0, CARD);
    }

    function testFuzz_RevertGiven_ChartIsStranger(address chart) external {
        assumeStranger(chart);
        expectNoChart(chart);
    }

    function testFuzz_RevertGiven_ChartIsProfessional(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNoChart(lab);
    }

    function test_RevertGiven_ChartIsNewAccount() external {
        moveChart(newAccount);
        expectNoChart(newAccount);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoChart.selector, newAccount));
        medkey.addRecord(newAccount, MANIFEST, bytes32(bytes20(patient)));
    }

    function testFuzz_RevertGiven_Blocked(bool hasGrant) external {
        if (hasGrant) grant(doctor, SCOPE, EXPIRY);
        blockAuthor(doctor, true);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.AuthorIsBlocked.selector, patient, doctor));
        act(patient);
    }

    function test_GivenBlockedByAnotherPatient() external {
        registerPatient(otherPatient);
        vm.prank(otherPatient);
        medkey.blockAuthor(otherPatient, doctor, true);
        expectAdded(doctor, MANIFEST, CARD);
    }

    function test_GivenNoLongerBlocked() external {
        blockAuthor(doctor, true);
        blockAuthor(doctor, false);
        expectAdded(doctor, MANIFEST, CARD);
    }

    function testFuzz_RevertWhen_CardIsNotCurrent(bytes32 card, bool own, bool first) external {
        assumeOther(card, CARD);
        if (!first) expectAdded(patient, MANIFEST, CARD);
        vm.prank(author(own));
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(CARD)));
        medkey.addRecord(patient, MANIFEST, card);
    }

    function testFuzz_RevertGiven_CardChanged(bytes32 card, bool own) external {
        assumeDigest(card);
        assumeOther(card, CARD);
        vm.prank(patient);
        medkey.updateCard(CARD, card);
        vm.prank(author(own));
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(card)));
        act(patient);
        expectAdded(author(own), MANIFEST, card);
    }

    function testFuzz_WhenCardIsCurrent_ByThePatient(bytes32 manifest, uint40 time) external {
        vm.warp(time);
        expectAdded(patient, manifest, CARD);
    }

    function testFuzz_WhenCardIsCurrent_ByAnother(uint256 role, bytes32 manifest) external {
        registerActive(lab, anyProfessional(role));
        expectAdded(lab, manifest, CARD);
    }

    function testFuzz_WhenCardIsCurrent_ByTheNewAccount(bytes32 manifest, bool twice) external {
        moveChart(newAccount);
        if (twice) moveChart(thirdAccount);
        address account = twice ? thirdAccount : newAccount;
        vm.assume(manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, manifest);
        vm.prank(account);
        medkey.addRecord(patient, manifest, CARD);
        assertFolded(head, abi.encode(ICharts.RecordAdded.selector, vm.getBlockTimestamp(), patient, patient, manifest));
    }

    function testFuzz_RevertWhen_CardIsNotCurrent_ByTheNewAccount(bytes32 card) external {
        assumeOther(card, CARD);
        moveChart(newAccount);
        vm.prank(newAccount);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(CARD)));
        medkey.addRecord(patient, MANIFEST, card);
    }

    function testFuzz_WhenManifestIsThereAlready(bytes32 manifest, bool own) external {
        expectAdded(author(own), manifest, CARD);
        expectAdded(author(own), manifest, CARD);
    }

    function test_GivenReinstated() external {
        vm.prank(registrar);
        medkey.suspend(doctor, 1);
        expectNotVerified(doctor);
        vm.prank(registrar);
        medkey.reinstate(doctor);
        expectAdded(doctor, MANIFEST, CARD);
    }

    /// @dev Who may add to the patient's chart: the patient, or the doctor.
    function author(bool own) private view returns (address) {
        return own ? patient : doctor;
    }

    function expectNotPatient(address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, account, account));
        act(account);
    }

    function expectAdded(address by, bytes32 manifest, bytes32 card) private {
        vm.assume(manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, by, manifest);
        vm.prank(by);
        medkey.addRecord(patient, manifest, card);
        assertFolded(head, abi.encode(ICharts.RecordAdded.selector, vm.getBlockTimestamp(), patient, by, manifest));
    }
}
