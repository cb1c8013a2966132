// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {IMedkey} from "./IMedkey.sol";

/// @dev A fresh Medkey, the people of the story and short names for what they do.
abstract contract MedkeyTest is Test {
    address internal registrar = makeAddr("registrar");
    address internal patient = makeAddr("patient");
    address internal otherPatient = makeAddr("other patient");
    address internal doctor = makeAddr("doctor");
    address internal lab = makeAddr("lab");
    address internal stranger = makeAddr("stranger");

    bytes32 internal immutable CARD = keccak256("card");
    bytes32 internal immutable NEXT_CARD = keccak256("next card");
    bytes32 internal immutable PROFILE = keccak256("profile");
    bytes32 internal immutable NEXT_PROFILE = keccak256("next profile");
    bytes32 internal immutable PAGE = keccak256("page");
    bytes32 internal immutable MANIFEST = keccak256("manifest");
    bytes32 internal immutable NEXT_MANIFEST = keccak256("next manifest");
    bytes32 internal immutable REASON = keccak256("reason");
    bytes32 internal immutable SCOPE = keccak256("scope");
    bytes32 internal immutable ENVELOPE = keccak256("envelope");

    uint40 internal constant START = 1_800_000_000;
    uint40 internal constant EXPIRY = START + 30 days;

    IMedkey internal medkey;

    function setUp() public virtual {
        vm.warp(START);
        medkey = deployMedkey(registrar);
    }

    /// @dev The contract as it is deployed: compiled with the settings of `src`, not with a test's.
    function deployMedkey(address registrar_) internal returns (IMedkey) {
        return IMedkey(vm.deployCode("Medkey.sol:Medkey", abi.encode(registrar_)));
    }

    // ---------------------------------------------------------------- people

    function registerPatient(address account) internal {
        vm.prank(account);
        medkey.registerPatient(CARD);
    }

    function registerPending(address account, IMembers.Role role) internal {
        vm.prank(account);
        medkey.registerProfessional(role, CARD, PROFILE, 0);
    }

    function registerActive(address account, IMembers.Role role) internal {
        registerPending(account, role);
        vm.prank(registrar);
        medkey.verify(account, PROFILE, 0);
    }

    function registerRefused(address account, IMembers.Role role) internal {
        registerPending(account, role);
        vm.prank(registrar);
        medkey.refuse(account, 1);
    }

    function registerSuspended(address account, IMembers.Role role) internal {
        registerActive(account, role);
        vm.prank(registrar);
        medkey.suspend(account, 1);
    }

    /// @dev A doctor or a laboratory in any status but `None`.
    function registerIn(address account, IMembers.Role role, IMembers.Status status) internal {
        if (status == IMembers.Status.Pending) registerPending(account, role);
        else if (status == IMembers.Status.Active) registerActive(account, role);
        else if (status == IMembers.Status.Refused) registerRefused(account, role);
        else registerSuspended(account, role);
    }

    function addHospital() internal returns (uint32) {
        vm.prank(registrar);
        return medkey.addHospital(PAGE);
    }

    function addClosedHospital() internal returns (uint32 hospital) {
        hospital = addHospital();
        vm.prank(registrar);
        medkey.closeHospital(hospital);
    }

    // ---------------------------------------------------------------- fuzzed people

    /// @dev Any account that has no part in the story.
    function assumeStranger(address account) internal view {
        vm.assume(account != address(0) && account.code.length == 0);
        vm.assume(account != registrar && account != patient && account != otherPatient);
        vm.assume(account != doctor && account != lab && account != address(medkey) && account != address(vm));
    }

    function anyProfessional(uint256 seed) internal pure returns (IMembers.Role) {
        return seed % 2 == 0 ? IMembers.Role.Doctor : IMembers.Role.Lab;
    }

    /// @dev Any status of a doctor or laboratory but `Active`.
    function anyInactive(uint256 seed) internal pure returns (IMembers.Status) {
        if (seed % 3 == 0) return IMembers.Status.Pending;
        return seed % 3 == 1 ? IMembers.Status.Refused : IMembers.Status.Suspended;
    }

    /// @dev Any status of a doctor or laboratory.
    function anyStatus(uint256 seed) internal pure returns (IMembers.Status) {
        return seed % 4 == 3 ? IMembers.Status.Active : anyInactive(seed);
    }

    /// @dev What the contract holds of a digest.
    function short(bytes32 digest) internal pure returns (bytes20) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes20(digest);
    }

    /// @dev A digest whose first 20 bytes are not those of `known`.
    function assumeOther(bytes32 digest, bytes32 known) internal pure {
        vm.assume(short(digest) != short(known));
    }

    function assumeDigest(bytes32 digest) internal pure {
        vm.assume(short(digest) != 0);
    }

    // ---------------------------------------------------------------- acts

    function grant(address grantee, bytes32 scope, uint40 expiry) internal {
        vm.prank(patient);
        medkey.grantAccess(patient, grantee, scope, expiry, ENVELOPE);
    }

    function revoke(address grantee, bytes32 scope) internal {
        vm.prank(patient);
        medkey.revokeAccess(patient, scope, grantee);
    }

    function blockAuthor(address author, bool blocked) internal {
        vm.prank(patient);
        medkey.blockAuthor(patient, author, blocked);
    }

    // ---------------------------------------------------------------- views

    function memberOf(address account) internal view returns (IMembers.Member memory member) {
        (member,) = medkey.viewMember(account);
    }

    function statusOf(address account) internal view returns (IMembers.Status) {
        return memberOf(account).status;
    }

    function headOf(address chart) internal view returns (bytes32) {
        (ICharts.Chart memory view_,) = medkey.viewChart(chart);
        return view_.head;
    }

    function accessOf(address party, bytes32 scope) internal view returns (ICharts.Access memory access) {
        (, access,) = medkey.viewAccess(patient, party, scope);
    }

    function assertFolded(bytes32 before, bytes memory encodedEvent) internal view {
        assertEq(headOf(patient), folded(before, encodedEvent), "head");
    }

    /// @dev The rule of `ICharts`, written a second time.
    function folded(bytes32 head, bytes memory encodedEvent) internal pure returns (bytes32) {
        return keccak256(abi.encode(head, keccak256(encodedEvent)));
    }
}
