// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./MedkeyTest.sol";

/// @dev What every act on another's chart refuses: anybody but a verified doctor or laboratory.
abstract contract VerifiedOnlyTest is MedkeyTest {
    function setUp() public virtual override {
        super.setUp();
        registerPatient(patient);
    }

    /// @dev The act, with values that a verified member would succeed with; called under a prank.
    function act(address chart) internal virtual;

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
}
