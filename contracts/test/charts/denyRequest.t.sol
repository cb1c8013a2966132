// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract DenyRequestTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.denyRequest(chart, doctor, REASON);
    }

    function test_RevertWhen_ReasonIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.denyRequest(patient, doctor, 0);
    }

    function testFuzz_WhenReasonIsDigest(address requester, bytes32 reason) external {
        vm.assume(reason != 0);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.RequestDenied(patient, requester, reason);
        vm.prank(patient);
        medkey.denyRequest(patient, requester, reason);
        assertFolded(head, abi.encode(ICharts.RequestDenied.selector, uint256(START), patient, requester, reason));
    }
}
