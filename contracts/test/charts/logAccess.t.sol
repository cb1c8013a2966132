// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {VerifiedOnlyTest} from "../helpers/VerifiedOnlyTest.sol";

contract LogAccessTest is VerifiedOnlyTest {
    function act(address chart) internal override {
        medkey.logAccess(chart, SCOPE);
    }

    function prepare() internal override {
        grant(doctor, SCOPE, EXPIRY);
    }

    function test_RevertGiven_PatientOfTheChart() external {
        expectNotVerified(patient);
    }

    function test_RevertGiven_NewAccount() external {
        moveChart(newAccount);
        expectNotVerified(newAccount);
    }

    function test_RevertGiven_ChartIsNewAccount() external {
        grant(doctor, SCOPE, EXPIRY);
        moveChart(newAccount);
        expectNoLiveGrant(newAccount, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_NeverGranted(address chart, bytes32 scope) external {
        expectNoLiveGrant(chart, doctor, scope);
    }

    function testFuzz_RevertGiven_GrantInAnotherScope(bytes32 scope) external {
        vm.assume(scope != SCOPE);
        grant(doctor, SCOPE, EXPIRY);
        expectNoLiveGrant(patient, doctor, scope);
    }

    function test_RevertGiven_GrantToAnother() external {
        registerActive(lab, IMembers.Role.Lab);
        grant(lab, SCOPE, EXPIRY);
        expectNoLiveGrant(patient, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_Expired(uint40 expiry, uint40 time) external {
        expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        grant(doctor, SCOPE, expiry);
        vm.warp(bound(time, expiry, type(uint40).max));
        expectNoLiveGrant(patient, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_Revoked(uint40 expiry, uint40 time) external {
        expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        grant(doctor, SCOPE, expiry);
        revoke(doctor, SCOPE);
        vm.warp(bound(time, START, type(uint40).max));
        expectNoLiveGrant(patient, doctor, SCOPE);
    }

    function testFuzz_RevertGiven_ShortenedAndExpired(uint40 expiry) external {
        expiry = uint40(bound(expiry, START + 1, EXPIRY - 1));
        grant(doctor, SCOPE, EXPIRY);
        grant(doctor, SCOPE, expiry);
        vm.warp(expiry);
        expectNoLiveGrant(patient, doctor, SCOPE);
    }

    function test_RevertGiven_SuspendedSinceTheGrant() external {
        grant(doctor, SCOPE, EXPIRY);
        vm.prank(registrar);
        medkey.suspend(doctor, 1);
        expectNotVerified(doctor);
    }

    function testFuzz_GivenLiveGrant(uint256 role, bytes32 scope, uint40 expiry, uint40 time, bool blocked) external {
        vm.assume(scope != 0);
        registerActive(lab, anyProfessional(role));
        expiry = uint40(bound(expiry, START + 1, type(uint40).max));
        grant(lab, scope, expiry);
        if (blocked) blockAuthor(lab, true);
        time = uint40(bound(time, START, expiry - 1));
        vm.warp(time);
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessLogged(patient, lab, scope);
        vm.prank(lab);
        medkey.logAccess(patient, scope);
        assertFolded(head, abi.encode(ICharts.AccessLogged.selector, uint256(time), patient, lab, scope));
    }

    function expectNoLiveGrant(address chart, address grantee, bytes32 scope) private {
        vm.prank(grantee);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveGrant.selector, chart, grantee, scope));
        medkey.logAccess(chart, scope);
    }
}
