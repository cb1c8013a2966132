// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract GrantAccessTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.grantAccess(chart, doctor, SCOPE, EXPIRY, ENVELOPE);
    }

    function test_RevertWhen_ScopeIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.grantAccess(patient, doctor, 0, EXPIRY, ENVELOPE);
    }

    function test_RevertWhen_EnvelopeIsZero() external {
        vm.prank(patient);
        vm.expectRevert(ICharts.ZeroDigest.selector);
        medkey.grantAccess(patient, doctor, SCOPE, EXPIRY, 0);
    }

    function testFuzz_RevertWhen_ExpiryIsNotInTheFuture(uint40 expiry) external {
        expiry = uint40(bound(expiry, 0, START));
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICharts.ExpiryPassed.selector, expiry));
        medkey.grantAccess(patient, doctor, SCOPE, expiry, ENVELOPE);
    }

    function test_RevertWhen_ExpiryIsNow() external {
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICharts.ExpiryPassed.selector, START));
        medkey.grantAccess(patient, doctor, SCOPE, START, ENVELOPE);
    }

    function testFuzz_RevertGiven_GranteeIsStranger(address grantee) external {
        assumeStranger(grantee);
        expectNotVerified(grantee);
    }

    function testFuzz_RevertGiven_GranteeIsNotVerified(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyInactive(status));
        expectNotVerified(lab);
    }

    function test_RevertGiven_GranteeIsPatient() external {
        registerPatient(otherPatient);
        expectNotVerified(otherPatient);
        expectNotVerified(patient);
    }

    function test_RevertGiven_GranteeIsNewAccount() external {
        registerPatient(otherPatient);
        moveChart(otherPatient, newAccount);
        expectNotVerified(newAccount);
    }

    function testFuzz_GivenGranteeIsVerified(uint256 role, bytes32 scope, uint40 expiry, bytes32 envelope) external {
        registerActive(lab, anyProfessional(role));
        expectGranted(lab, scope, expiry, envelope);
        assertEq(accessOf(lab, keccak256(abi.encode(scope))).expiry, 0, "no other scope");
        assertEq(accessOf(doctor, scope).expiry, 0, "no other grantee");
        registerPatient(otherPatient);
        (, ICharts.Access memory other,) = medkey.viewAccess(otherPatient, lab, scope);
        assertEq(other.expiry, 0, "no other chart");
    }

    function testFuzz_GivenGrantIsThere(uint40 before, uint40 expiry) external {
        expectGranted(doctor, SCOPE, before, ENVELOPE);
        expectGranted(doctor, SCOPE, expiry, keccak256("next envelope"));
    }

    function expectGranted(address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) private {
        vm.assume(scope != 0 && envelope != 0);
        expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessGranted(patient, grantee, scope, expiry, envelope);
        vm.prank(patient);
        medkey.grantAccess(patient, grantee, scope, expiry, envelope);
        assertFolded(
            head, abi.encode(ICharts.AccessGranted.selector, uint256(START), patient, grantee, scope, expiry, envelope)
        );
        assertEq(accessOf(grantee, scope).expiry, expiry, "expiry");
    }

    function expectNotVerified(address grantee) private {
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotVerified.selector, grantee));
        medkey.grantAccess(patient, grantee, SCOPE, EXPIRY, ENVELOPE);
    }
}
