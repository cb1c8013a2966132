// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {VerifiedOnlyTest} from "../helpers/VerifiedOnlyTest.sol";

contract ContributeRecordTest is VerifiedOnlyTest {
    function setUp() public override {
        super.setUp();
        registerActive(doctor, IMembers.Role.Doctor);
    }

    function act(address chart) internal override {
        medkey.contributeRecord(chart, MANIFEST, CARD);
    }

    function test_RevertWhen_ManifestIsZero() external {
        vm.prank(doctor);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.contributeRecord(patient, 0, CARD);
    }

    function testFuzz_RevertGiven_ChartIsStranger(address chart) external {
        assumeStranger(chart);
        expectNoChart(chart);
    }

    function testFuzz_RevertGiven_ChartIsProfessional(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNoChart(lab);
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
        expectContributed(doctor, MANIFEST, CARD);
    }

    function test_GivenNoLongerBlocked() external {
        blockAuthor(doctor, true);
        blockAuthor(doctor, false);
        expectContributed(doctor, MANIFEST, CARD);
    }

    function testFuzz_RevertWhen_CardIsNotCurrent(bytes32 card) external {
        assumeOther(card, CARD);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(CARD)));
        medkey.contributeRecord(patient, MANIFEST, card);
    }

    function testFuzz_RevertGiven_CardChanged(bytes32 card) external {
        assumeDigest(card);
        assumeOther(card, CARD);
        vm.prank(patient);
        medkey.updateCard(CARD, card);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(card)));
        act(patient);
        expectContributed(doctor, MANIFEST, card);
    }

    function testFuzz_WhenCardIsCurrent(uint256 role, bytes32 manifest) external {
        registerActive(lab, anyProfessional(role));
        expectContributed(lab, manifest, CARD);
    }

    function testFuzz_WhenManifestIsThereAlready(bytes32 manifest) external {
        expectContributed(doctor, manifest, CARD);
        expectContributed(doctor, manifest, CARD);
    }

    function test_GivenReinstated() external {
        vm.prank(registrar);
        medkey.suspend(doctor, 1);
        expectNotVerified(doctor);
        vm.prank(registrar);
        medkey.reinstate(doctor);
        expectContributed(doctor, MANIFEST, CARD);
    }

    function expectContributed(address author, bytes32 manifest, bytes32 card) private {
        vm.assume(manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, author, manifest);
        vm.prank(author);
        medkey.contributeRecord(patient, manifest, card);
        assertFolded(head, abi.encode(ICharts.RecordAdded.selector, uint256(START), patient, author, manifest));
    }
}
