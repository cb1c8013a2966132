// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./MedkeyTest.sol";

/// @dev What every act on another's chart refuses: anybody but a verified doctor or laboratory. Who acts for the chart
/// does not matter: what is done folds into its head, wherever it has moved.
abstract contract VerifiedOnlyTest is MedkeyTest {
    function setUp() public virtual override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    /// @dev The act, with values that the doctor would succeed with; called under a prank.
    function act(address chart) internal virtual;

    /// @dev What must go before the act, done by the patient.
    function prepare() internal virtual {}

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        expectNotVerified(account);
    }

    function testFuzz_RevertGiven_NotVerified(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyInactive(status));
        expectNotVerified(lab);
    }

    function test_RevertGiven_OtherPatient() external {
        registerPatient(otherPatient);
        expectNotVerified(otherPatient);
    }

    function test_RevertGiven_Registrar() external {
        expectNotVerified(registrar);
    }

    function test_RevertGiven_MovedAway() external {
        registerPatient(otherPatient);
        moveChart(otherPatient, newAccount);
        expectNotVerified(otherPatient);
    }

    function test_GivenChartMoved() external {
        prepare();
        moveChart(newAccount);
        expectActed();
    }

    function test_GivenChartMovedTwice() external {
        prepare();
        moveChart(newAccount);
        moveChart(thirdAccount);
        expectActed();
    }

    function expectNotVerified(address account) internal {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotVerified.selector, account));
        act(patient);
    }

    /// @dev For acts that a chart must be there for.
    function expectNoChart(address chart) internal {
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoChart.selector, chart));
        act(chart);
    }

    /// @dev One event of the doctor's under the chart's id, folded into its head.
    function expectActed() private {
        bytes32 head = headOf(patient);
        vm.recordLogs();
        vm.prank(doctor);
        act(patient);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        assertEq(logs[0].topics[1], bytes32(uint256(uint160(patient))), "names the chart");
        assertEq(logs[0].topics[2], bytes32(uint256(uint160(doctor))), "names the doctor");
        assertEq(headOf(patient), foldedLogs(head, logs, patient), "head");
    }
}
