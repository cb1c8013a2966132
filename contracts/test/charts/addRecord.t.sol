// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract AddRecordTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.addRecord(chart, MANIFEST);
    }

    function test_RevertWhen_ManifestIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.addRecord(patient, 0);
    }

    function testFuzz_WhenManifestIsDigest(bytes32 manifest, uint40 time) external {
        expectAdded(manifest, time);
    }

    function testFuzz_WhenManifestIsThereAlready(bytes32 manifest, uint40 time) external {
        expectAdded(manifest, START);
        expectAdded(manifest, time);
    }

    function expectAdded(bytes32 manifest, uint40 time) private {
        vm.assume(manifest != 0);
        vm.warp(time);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, manifest);
        vm.prank(patient);
        medkey.addRecord(patient, manifest);
        assertFolded(head, abi.encode(ICharts.RecordAdded.selector, uint256(time), patient, patient, manifest));
    }
}
