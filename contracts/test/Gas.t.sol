// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {ActsTest} from "./helpers/ActsTest.sol";

/// @dev What each act costs as a receipt counts it (21,000 and calldata included), against its limit. `isolate` makes
/// each call a transaction of its own. No digest, address or signature here has a byte that is zero, which would cost
/// less (a card's chain id apart). The figures are kept in `snapshots/`.
contract GasTest is ActsTest {
    uint256 internal constant FIRST_EVENT = 17_100;

    /// @dev Length of a patient's card with the standard folders, as the vectors of the format have it.
    uint256 internal constant CARD_LENGTH = 1_524;

    uint32 internal hospital;

    function setUp() public override {
        super.setUp();
        hospital = addHospital();
    }

    function test_NoByteIsZero() external {
        assertNoZero(abi.encodePacked(CARD, NEXT_CARD, PROFILE, NEXT_PROFILE, PAGE, MANIFEST, NEXT_MANIFEST));
        assertNoZero(abi.encodePacked(REASON, SCOPE, ENVELOPE, patient, doctor, lab, offerKey, newAccount));
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, doctor);
        assertNoZero(abi.encodePacked(r, vs));
        (r, vs) = signMove(patient, newAccount, 0);
        assertNoZero(abi.encodePacked(r, vs, recovery, keccak256("body")));
    }

    // ---------------------------------------------------------------- members

    function test_RegisterPatient() external {
        registerPatient(patient);
        assertGas("registerPatient", 48_000);
    }

    function test_RegisterDoctor() external {
        vm.prank(doctor);
        medkey.registerProfessional(IMembers.Role.Doctor, CARD, PROFILE, hospital);
        uint256 registered = assertGas("registerProfessional: doctor of a hospital", 49_000);
        vm.prank(registrar);
        medkey.verify(doctor, PROFILE, hospital);
        uint256 verified = assertGas("verify: doctor of a hospital", 56_500);
        vm.snapshotValue("Medkey", "register and verify: doctor", registered + verified);
    }

    function test_RegisterLab() external {
        registerPending(lab, IMembers.Role.Lab);
        uint256 registered = assertGas("registerProfessional: laboratory", 49_000);
        vm.prank(registrar);
        medkey.verify(lab, PROFILE, 0);
        uint256 verified = assertGas("verify: laboratory", 54_500);
        vm.snapshotValue("Medkey", "register and verify: laboratory", registered + verified);
    }

    function test_UpdateCard() external {
        registerPatient(patient);
        vm.prank(patient);
        medkey.updateCard(CARD, NEXT_CARD);
        assertGas("updateCard", 30_000);
    }

    function test_ProposeAndVerifyProfile() external {
        registerActive(doctor, IMembers.Role.Doctor);
        vm.prank(doctor);
        medkey.proposeProfile(NEXT_PROFILE, hospital);
        assertGas("proposeProfile", 27_000);
        vm.prank(registrar);
        medkey.verify(doctor, NEXT_PROFILE, hospital);
        assertGas("verify: change", 39_500);
    }

    // ---------------------------------------------------------------- registrar

    function test_SuspendAndReinstate() external {
        registerActive(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        medkey.suspend(doctor, 1);
        assertGas("suspend", 32_000);
        vm.prank(registrar);
        medkey.reinstate(doctor);
        assertGas("reinstate", 31_000);
    }

    function test_Refuse() external {
        registerPending(doctor, IMembers.Role.Doctor);
        vm.prank(registrar);
        medkey.refuse(doctor, 1);
        assertGas("refuse", 32_000);
    }

    function test_Hospitals() external {
        vm.startPrank(registrar);
        medkey.addHospital(PAGE);
        assertGas("addHospital", 52_000);
        medkey.updateHospital(hospital, NEXT_PROFILE);
        assertGas("updateHospital", 31_500);
        medkey.closeHospital(hospital);
        assertGas("closeHospital", 31_000);
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

    function test_ReplaceAndRemoveRecord() external {
        registerPatient(patient);
        addRecord(patient);
        vm.prank(patient);
        medkey.replaceRecord(patient, MANIFEST, NEXT_MANIFEST, CARD);
        assertGas("replaceRecord", 34_000);
        vm.prank(patient);
        medkey.removeRecord(patient, MANIFEST);
        assertGas("removeRecord", 30_000);
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

    function test_DenyRequest() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        requestAccess();
        vm.prank(patient);
        medkey.denyRequest(patient, doctor, REASON);
        assertGas("denyRequest", 30_500);
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

    function test_BlockAuthor() external {
        registerPatient(patient);
        addRecord(patient);
        blockAuthor(doctor, true);
        assertGas("blockAuthor", 52_500);
        blockAuthor(doctor, false);
        assertGas("blockAuthor: no longer", 30_500);
    }

    // ---------------------------------------------------------------- offers

    function test_Offers() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        addRecord(patient);
        makeOffer(offerTerms());
        assertGas("makeOffer", 57_000);
        claimOffer(doctor, SCOPE);
        assertGas("claimOffer", 90_500);
        withdrawOffer(SCOPE);
        assertGas("withdrawOffer", 36_000);
    }

    // ---------------------------------------------------------------- moves

    function test_Moves() external {
        bytes memory card = cardOfUsualLength();
        bytes32 digest = sha256(card);
        vm.prank(patient);
        medkey.registerPatient(digest);
        vm.prank(patient);
        medkey.addRecord(patient, MANIFEST, digest);

        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        vm.prank(newAccount);
        medkey.proposeMove(patient, card, newAccount, r, vs);
        assertGas("proposeMove", 88_500);
        uint256 state = vm.snapshotState();
        vm.prank(patient);
        medkey.vetoMove(patient);
        assertGas("vetoMove", 34_500);
        vm.revertToState(state);
        vm.warp(START + WAITING_PERIOD);
        acceptMove(patient, newAccount);
        assertGas("acceptMove", 102_000);
        vm.prank(newAccount);
        medkey.addRecord(patient, MANIFEST, digest);
        assertGas("addRecord: after a move", 37_000);
    }

    // ---------------------------------------------------------------- acts by signature, as the payer pays

    function test_ActSigned() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        addRecord(patient);
        bytes[] memory record = list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD)));
        actSigned("patient", record);
        assertGas("actSigned: addRecord, first signature", 71_500);
        actSigned("patient", record);
        assertGas("actSigned: addRecord", 54_500);
        actSigned(
            "patient",
            list(
                abi.encodeCall(medkey.grantAccess, (patient, doctor, SCOPE, EXPIRY, ENVELOPE)),
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD))
            )
        );
        assertGas("actSigned: grantAccess and updateCard", 91_500);
        vm.prank(doctor);
        medkey.skipNonce(0);
        assertGas("skipNonce: first", 44_500);
        actSigned("doctor", list(abi.encodeCall(medkey.logAccess, (patient, SCOPE))));
        assertGas("actSigned: logAccess", 56_500);
    }

    function test_ActSigned_Registration() external {
        actSigned("patient", list(abi.encodeCall(medkey.registerPatient, (CARD))));
        assertGas("actSigned: registerPatient, first signature", 85_500);
    }

    // ---------------------------------------------------------------- helpers

    function assertGas(string memory act, uint256 limit) internal returns (uint256 gas) {
        gas = vm.snapshotGasLastCall("Medkey", act);
        assertLe(gas, limit, act);
    }

    function assertNoZero(bytes memory data) internal pure {
        for (uint256 i = 0; i < data.length; ++i) {
            assertNotEq(data[i], bytes1(0), "a zero byte");
        }
    }

    function addRecord(address author) internal {
        vm.prank(author);
        medkey.addRecord(patient, MANIFEST, CARD);
    }

    function requestAccess() internal {
        vm.prank(doctor);
        medkey.requestAccess(patient, REASON);
    }

    function cardOfUsualLength() internal view returns (bytes memory card) {
        card = cardNaming(recovery);
        while (card.length < CARD_LENGTH) card = bytes.concat(card, keccak256("body"));
        bytes memory cut = new bytes(CARD_LENGTH);
        for (uint256 i = 0; i < cut.length; ++i) {
            cut[i] = card[i];
        }
        return cut;
    }
}
