// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract RemoveRecordTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.removeRecord(chart, MANIFEST);
    }

    function test_RevertWhen_ManifestIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.removeRecord(patient, 0);
    }

    function testFuzz_WhenManifestIsDigest(bytes32 manifest) external {
        vm.assume(manifest != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordRemoved(patient, manifest);
        vm.prank(patient);
        medkey.removeRecord(patient, manifest);
        assertFolded(head, abi.encode(ICharts.RecordRemoved.selector, uint256(START), patient, manifest));
    }
}
