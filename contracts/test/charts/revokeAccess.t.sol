// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract RevokeAccessTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.revokeAccess(chart, SCOPE, doctor);
    }

    function testFuzz_GivenLiveGrant(bytes32 scope, bytes32 otherScope) external {
        vm.assume(scope != 0 && otherScope != 0 && scope != otherScope);
        grant(doctor, scope, EXPIRY);
        grant(doctor, otherScope, EXPIRY);
        expectRevoked(doctor, scope);
        assertEq(accessOf(doctor, otherScope).expiry, EXPIRY, "the other scope lives on");
    }

    function testFuzz_GivenExpiredGrant(uint40 time) external {
        grant(doctor, SCOPE, EXPIRY);
        vm.warp(bound(time, EXPIRY, type(uint40).max));
        expectRevoked(doctor, SCOPE);
    }

    function test_GivenSuspendedGrantee() external {
        grant(doctor, SCOPE, EXPIRY);
        vm.prank(registrar);
        medkey.suspend(doctor, 1);
        expectRevoked(doctor, SCOPE);
    }

    function testFuzz_GivenNoGrant(address grantee, bytes32 scope) external {
        expectRevoked(grantee, scope);
    }

    function expectRevoked(address grantee, bytes32 scope) private {
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessRevoked(patient, grantee, scope);
        vm.prank(patient);
        medkey.revokeAccess(patient, scope, grantee);
        assertFolded(head, abi.encode(ICharts.AccessRevoked.selector, vm.getBlockTimestamp(), patient, grantee, scope));
        assertEq(accessOf(grantee, scope).expiry, 0, "no grant");
    }
}
