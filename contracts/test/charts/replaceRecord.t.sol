// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract ReplaceRecordTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.replaceRecord(chart, MANIFEST, NEXT_MANIFEST, CARD);
    }

    function test_RevertWhen_PreviousIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.replaceRecord(patient, 0, NEXT_MANIFEST, CARD);
    }

    function test_RevertWhen_ManifestIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.replaceRecord(patient, MANIFEST, 0, CARD);
    }

    function testFuzz_RevertWhen_CardIsNotCurrent(bytes32 card, bool first) external {
        assumeOther(card, CARD);
        if (!first) replace(patient, CARD);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(CARD)));
        replace(patient, card);
    }

    function testFuzz_RevertGiven_CardChanged(bytes32 card) external {
        assumeDigest(card);
        assumeOther(card, CARD);
        vm.prank(patient);
        medkey.updateCard(CARD, card);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(card)));
        replace(patient, CARD);
        replace(patient, card);
    }

    function testFuzz_RevertWhen_CardIsNotCurrent_GivenChartMoved(bytes32 card) external {
        assumeOther(card, CARD);
        moveChart(newAccount);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(CARD)));
        replace(newAccount, card);
    }

    function testFuzz_WhenBothAreDigests(bytes32 previous, bytes32 manifest) external {
        vm.assume(previous != 0 && manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordReplaced(patient, previous, manifest);
        vm.prank(patient);
        medkey.replaceRecord(patient, previous, manifest, CARD);
        assertFolded(head, abi.encode(ICharts.RecordReplaced.selector, uint256(START), patient, previous, manifest));
    }

    function replace(address account, bytes32 card) private {
        vm.prank(account);
        medkey.replaceRecord(patient, MANIFEST, NEXT_MANIFEST, card);
    }
}
