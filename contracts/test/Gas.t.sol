// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

/// @dev What each act costs as a receipt counts it (21,000 and calldata included), against its limit. `isolate` makes
/// each call a transaction of its own. No digest or address here has a byte that is zero, which would cost less. The
/// figures are kept in `snapshots/`.
contract GasTest is MedkeyTest {
    uint256 internal constant FIRST_EVENT = 17_100;

    uint32 internal hospital;

    function setUp() public override {
        super.setUp();
        hospital = addHospital();
    }

    // ---------------------------------------------------------------- members

    function test_RegisterPatient() external {
        registerPatient(patient);
        assertGas("registerPatient", 48_000);
    }

    function test_RegisterDoctor() external {
        vm.prank(doctor);
        medkey.registerProfessional(IMembers.Role.Doctor, CARD, PROFILE, hospital);
        assertGas("registerProfessional: doctor of a hospital", 49_000);
    }

    function test_RegisterLab() external {
        registerPending(lab, IMembers.Role.Lab);
        assertGas("registerProfessional: laboratory", 49_000);
    }

    // ---------------------------------------------------------------- records

    function test_AddRecord() external {
        registerPatient(patient);
        addRecord(patient);
        assertGas("addRecord: first event", 33_000 + FIRST_EVENT);
        addRecord(patient);
        assertGas("addRecord: later", 33_000);
    }

    function test_AddRecordByLab() external {
        registerPatient(patient);
        registerActive(lab, IMembers.Role.Lab);
        addRecord(lab);
        assertGas("addRecord: first event, by a laboratory", 39_000 + FIRST_EVENT);
        addRecord(lab);
        assertGas("addRecord: later, by a laboratory", 39_000);
    }

    // ---------------------------------------------------------------- requests

    function test_RequestAccess() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        requestAccess();
        assertGas("requestAccess: first event", 38_000 + FIRST_EVENT);
        requestAccess();
        assertGas("requestAccess: later", 38_000);
    }

    // ---------------------------------------------------------------- grants

    function test_GrantAccess() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
        assertGas("grantAccess: first event", 58_500 + FIRST_EVENT);
        grant(doctor, ENVELOPE, EXPIRY);
        assertGas("grantAccess: new", 58_500);
        grant(doctor, SCOPE, EXPIRY + 30 days);
        assertGas("grantAccess: extension", 42_000);
    }

    function test_RevokeAccess() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
        revoke(doctor, SCOPE);
        assertGas("revokeAccess", 31_000);
    }

    function test_RevokeAccessWithKeyRenewal() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
        bytes[] memory steps = new bytes[](2);
        steps[0] = abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor));
        steps[1] = abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD));
        vm.prank(patient);
        medkey.multicall(steps);
        assertGas("multicall: revokeAccess and updateCard", 41_500);
    }

    function test_LogAccess() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
        vm.prank(doctor);
        medkey.logAccess(patient, SCOPE);
        assertGas("logAccess", 35_000);
    }

    // ---------------------------------------------------------------- helpers

    function assertGas(string memory act, uint256 limit) internal {
        assertLe(vm.snapshotGasLastCall("Medkey", act), limit, act);
    }

    function addRecord(address author) internal {
        vm.prank(author);
        medkey.addRecord(patient, MANIFEST, CARD);
    }

    function requestAccess() internal {
        vm.prank(doctor);
        medkey.requestAccess(patient, REASON);
    }
}
