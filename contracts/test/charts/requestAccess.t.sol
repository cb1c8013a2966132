// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {VerifiedOnlyTest} from "../helpers/VerifiedOnlyTest.sol";

contract RequestAccessTest is VerifiedOnlyTest {
    function act(address chart) internal override {
        medkey.requestAccess(chart, REASON);
    }

    function test_RevertGiven_PatientOfTheChart() external {
        expectNotVerified(patient);
    }

    function test_RevertWhen_ReasonIsZero() external {
        vm.prank(doctor);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.requestAccess(patient, 0);
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
        moveChart(thirdAccount);
        expectNoChart(newAccount);
        expectNoChart(thirdAccount);
    }

    function test_RevertGiven_NewAccount() external {
        moveChart(newAccount);
        expectNotVerified(newAccount);
    }

    function testFuzz_GivenPatient(uint256 role, bytes32 reason, bool blocked) external {
        vm.assume(reason != 0);
        registerActive(lab, anyProfessional(role));
        if (blocked) blockAuthor(lab, true);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessRequested(patient, lab, reason);
        vm.prank(lab);
        medkey.requestAccess(patient, reason);
        assertFolded(head, abi.encode(ICharts.AccessRequested.selector, uint256(START), patient, lab, reason));
    }
}
