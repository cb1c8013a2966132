// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./MedkeyTest.sol";

/// @dev What every act on one's own chart refuses: anybody but the patient whose chart it is.
abstract contract OwnChartTest is MedkeyTest {
    function setUp() public virtual override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    /// @dev The act, with values that the patient would succeed with; called under a prank.
    function act(address chart) internal virtual;

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        expectNotPatient(patient, account);
    }

    function testFuzz_RevertGiven_StrangersOwnAddress(address account) external {
        assumeStranger(account);
        expectNotPatient(account, account);
    }

    function test_RevertGiven_OtherPatient() external {
        registerPatient(otherPatient);
        expectNotPatient(patient, otherPatient);
    }

    function test_RevertGiven_PatientNamesAnotherChart() external {
        registerPatient(otherPatient);
        expectNotPatient(otherPatient, patient);
    }

    function test_RevertGiven_Grantee() external {
        grant(doctor, SCOPE, EXPIRY);
        expectNotPatient(patient, doctor);
    }

    function testFuzz_RevertGiven_ProfessionalsOwnAddress(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNotPatient(lab, lab);
    }

    function test_RevertGiven_Registrar() external {
        expectNotPatient(patient, registrar);
    }

    function expectNotPatient(address chart, address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, chart, account));
        act(chart);
    }
}
