// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./MedkeyTest.sol";

/// @dev What every act on one's own chart refuses: anybody but the account that acts for the patient whose chart it is,
/// which is the patient's own until the chart moves.
abstract contract OwnChartTest is MedkeyTest {
    function setUp() public virtual override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    /// @dev The act, with values that the patient would succeed with; called under a prank.
    function act(address chart) internal virtual;

    /// @dev What must go before the act, done by others.
    function prepare() internal virtual {}

    function testFuzz_RevertGiven_Stranger(address account) external {
        prepare();
        assumeStranger(account);
        expectNotPatient(patient, account);
    }

    function testFuzz_RevertGiven_StrangersOwnAddress(address account) external {
        assumeStranger(account);
        expectNotPatient(account, account);
    }

    function test_RevertGiven_OtherPatient() external {
        prepare();
        registerPatient(otherPatient);
        expectNotPatient(patient, otherPatient);
    }

    function test_RevertGiven_PatientNamesAnotherChart() external {
        registerPatient(otherPatient);
        expectNotPatient(otherPatient, patient);
    }

    function test_RevertGiven_Grantee() external {
        prepare();
        grant(doctor, SCOPE, EXPIRY);
        expectNotPatient(patient, doctor);
    }

    function testFuzz_RevertGiven_ProfessionalsOwnAddress(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNotPatient(lab, lab);
    }

    function test_RevertGiven_Registrar() external {
        prepare();
        expectNotPatient(patient, registrar);
    }

    // ---------------------------------------------------------------- given the chart has moved

    function test_RevertGiven_ProposedAccount() external {
        proposeMove(patient, newAccount);
        vm.warp(START + WAITING_PERIOD);
        expectNotPatient(patient, newAccount);
    }

    function test_RevertGiven_MovedAway() external {
        moveChart(newAccount);
        prepare();
        expectNotPatient(patient, patient);
    }

    function test_RevertGiven_MovedOn() external {
        moveChart(newAccount);
        moveChart(thirdAccount);
        prepare();
        expectNotPatient(patient, patient);
        expectNotPatient(patient, newAccount);
    }

    function test_RevertGiven_NewAccountsOwnAddress() external {
        moveChart(newAccount);
        expectNotPatient(newAccount, newAccount);
        moveChart(thirdAccount);
        expectNotPatient(newAccount, newAccount);
        expectNotPatient(thirdAccount, thirdAccount);
        expectNotPatient(newAccount, thirdAccount);
    }

    function test_RevertGiven_NewAccountOfAnotherChart() external {
        registerPatient(otherPatient);
        moveChart(otherPatient, newAccount);
        prepare();
        expectNotPatient(patient, newAccount);
        moveChart(patient, thirdAccount);
        expectNotPatient(patient, newAccount);
        expectNotPatient(otherPatient, thirdAccount);
    }

    function test_RevertGiven_OtherPatient_MovedChart() external {
        registerPatient(otherPatient);
        moveChart(newAccount);
        prepare();
        expectNotPatient(patient, otherPatient);
    }

    function test_GivenNewAccount() external {
        moveChart(newAccount);
        prepare();
        expectActed(newAccount);
    }

    function test_GivenThirdAccount() external {
        moveChart(newAccount);
        moveChart(thirdAccount);
        prepare();
        expectActed(thirdAccount);
    }

    // ---------------------------------------------------------------- helpers

    function expectNotPatient(address chart, address account) internal {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, chart, account));
        act(chart);
    }

    /// @dev One event under the chart's id, folded into its head.
    function expectActed(address account) private {
        bytes32 head = headOf(patient);
        vm.recordLogs();
        vm.prank(account);
        act(patient);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        assertEq(logs[0].topics[1], bytes32(uint256(uint160(patient))), "names the chart");
        assertEq(headOf(patient), foldedLogs(head, logs, patient), "head");
    }
}
