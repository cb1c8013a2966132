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

    function testFuzz_WhenBothAreDigests(bytes32 previous, bytes32 manifest) external {
        vm.assume(previous != 0 && manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordReplaced(patient, previous, manifest);
        vm.prank(patient);
        medkey.replaceRecord(patient, previous, manifest, CARD);
        assertFolded(head, abi.encode(ICharts.RecordReplaced.selector, uint256(START), patient, previous, manifest));
    }
}
