// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {IMedkey} from "./IMedkey.sol";
import {TypedData} from "./TypedData.sol";

/// @dev A fresh Medkey, the people of the story and short names for what they do.
abstract contract MedkeyTest is Test {
    address internal registrar = makeAddr("registrar");
    address internal patient = makeAddr("patient");
    address internal otherPatient = makeAddr("other patient");
    address internal doctor = makeAddr("doctor");
    address internal otherDoctor = makeAddr("other doctor");
    address internal lab = makeAddr("lab");
    address internal stranger = makeAddr("stranger");

    /// @dev Accounts that the patient's chart moves to, one after the other.
    address internal newAccount = makeAddr("new account");
    address internal thirdAccount = makeAddr("third account");

    /// @dev Named by every card, and by the offers.
    address internal recovery = makeAddr("recovery");
    address internal offerKey = makeAddr("offer key");

    bytes32 internal immutable CARD = sha256(cardNaming(recovery));
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
    uint40 internal constant WAITING_PERIOD = 7 days;

    uint32 internal constant OFFER_LENGTH = 14 days;
    uint32 internal constant OFFER_CLAIMS = 3;

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
        vm.assume(account != otherDoctor && account != newAccount && account != thirdAccount);
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

    // ---------------------------------------------------------------- offers

    /// @dev An offer of `SCOPE` that the patient can make.
    function offerTerms() internal view returns (ICharts.OfferTerms memory) {
        return ICharts.OfferTerms({
            chart: patient,
            key: offerKey,
            scope: SCOPE,
            expiry: EXPIRY,
            length: OFFER_LENGTH,
            claims: OFFER_CLAIMS,
            emergency: false,
            envelope: ENVELOPE
        });
    }

    function makeOffer(ICharts.OfferTerms memory terms) internal {
        vm.prank(patient);
        medkey.makeOffer(terms);
    }

    function withdrawOffer(bytes32 scope) internal {
        vm.prank(patient);
        medkey.withdrawOffer(patient, offerKey, scope);
    }

    function claimOffer(address claimer, bytes32 scope) internal {
        (bytes32 r, bytes32 vs) = signClaim(patient, scope, claimer);
        vm.prank(claimer);
        medkey.claimOffer(patient, offerKey, scope, ENVELOPE, r, vs);
    }

    function signClaim(address chart, bytes32 scope, address claimer) internal returns (bytes32 r, bytes32 vs) {
        return signCompact("offer key", TypedData.offerClaim(chart, scope, claimer));
    }

    // ---------------------------------------------------------------- moves

    /// @dev A card block, as far as the contract reads it: DAG-CBOR that has the recovery address at byte 55.
    function cardNaming(address recoveryAddress) internal pure returns (bytes memory) {
        bytes memory header = abi.encodePacked(
            hex"87010148", uint64(31_337), hex"54", short(keccak256("contract")), hex"54", short(keccak256("subject"))
        );
        return abi.encodePacked(header, hex"54", recoveryAddress, keccak256("body"));
    }

    function signMove(address chart, address account, uint256 nonce) internal returns (bytes32 r, bytes32 vs) {
        return signCompact("recovery", TypedData.moveChart(chart, account, nonce));
    }

    /// @dev By anybody, with the recovery key's signature.
    function proposeMove(address chart, address account) internal {
        (bytes32 r, bytes32 vs) = signMove(chart, account, moveOf(chart).nonce);
        vm.prank(stranger);
        medkey.proposeMove(chart, cardNaming(recovery), account, r, vs);
    }

    function acceptMove(address chart, address account) internal {
        vm.prank(account);
        medkey.acceptMove(chart);
    }

    function moveChart(address account) internal {
        moveChart(patient, account);
    }

    function moveChart(address chart, address account) internal {
        proposeMove(chart, account);
        vm.warp(vm.getBlockTimestamp() + WAITING_PERIOD);
        acceptMove(chart, account);
    }

    // ---------------------------------------------------------------- signatures

    /// @dev In the form of EIP-2098, with the key of `makeAddr`.
    function signCompact(string memory name, bytes32 structHash) internal returns (bytes32 r, bytes32 vs) {
        (, uint256 key) = makeAddrAndKey(name);
        return vm.signCompact(key, TypedData.digest(address(medkey), structHash));
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

    function offerOf(bytes32 scope) internal view returns (ICharts.Offer memory offer) {
        (offer,,) = medkey.viewOffer(patient, offerKey, scope, address(0));
    }

    function hasClaimed(address claimer, bytes32 scope) internal view returns (bool claimed) {
        (, claimed,) = medkey.viewOffer(patient, offerKey, scope, claimer);
    }

    function moveOf(address chart) internal view returns (ICharts.Move memory move) {
        (move,) = medkey.viewMove(chart);
    }

    function ownerOf(address chart) internal view returns (address) {
        (ICharts.Chart memory view_,) = medkey.viewChart(chart);
        return view_.owner;
    }

    // ---------------------------------------------------------------- heads

    function assertFolded(bytes32 before, bytes memory encodedEvent) internal view {
        assertEq(headOf(patient), folded(before, encodedEvent), "head");
    }

    /// @dev The rule of `ICharts`, written a second time.
    function folded(bytes32 head, bytes memory encodedEvent) internal pure returns (bytes32) {
        return keccak256(abi.encode(head, keccak256(encodedEvent)));
    }

    /// @dev Folds what the chain emitted about a chart in this block, from topics and data alone: what a client does.
    function foldedLogs(bytes32 head, Vm.Log[] memory logs, address chart) internal view returns (bytes32) {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32[] memory topics = logs[i].topics;
            // The one event of `IMembers` that names a patient who has a chart already.
            if (topics[0] == IMembers.CardUpdated.selector) continue;
            if (address(uint160(uint256(topics[1]))) != chart) continue;
            bytes memory fields = abi.encodePacked(topics[0], vm.getBlockTimestamp());
            for (uint256 t = 1; t < topics.length; ++t) {
                fields = abi.encodePacked(fields, topics[t]);
            }
            head = folded(head, abi.encodePacked(fields, logs[i].data));
        }
        return head;
    }
}
