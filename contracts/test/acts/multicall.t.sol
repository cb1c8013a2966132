// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {ActsTest} from "../helpers/ActsTest.sol";

contract MulticallTest is ActsTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
    }

    // ---------------------------------------------------------------- when a step is no act

    function test_RevertWhen_StepIsNoAct_ByPatientDoctorAndRegistrar() external {
        bytes[] memory calls = noActs();
        for (uint256 i = 0; i < calls.length; ++i) {
            expectNotAnAct(patient, calls[i]);
            expectNotAnAct(doctor, calls[i]);
            expectNotAnAct(registrar, calls[i]);
        }
    }

    function testFuzz_RevertWhen_StepIsUnknown(bytes4 selector, bytes memory data) external {
        vm.assume(!isAct(selector) && selector != IActs.skipNonce.selector);
        expectNotAnAct(patient, bytes.concat(selector, data));
    }

    function test_RevertWhen_StepIsOnlyASelector_OfNoAct() external {
        expectNotAnAct(patient, hex"00000000");
    }

    function testFuzz_RevertWhen_StepIsShorterThanASelector(uint8 length) external {
        bytes memory step = new bytes(length % 4);
        vm.prank(patient);
        vm.expectRevert(bytes(""));
        medkey.multicall(list(step));
    }

    function test_RevertWhen_ArgumentsAreCut() external {
        bytes[] memory steps = everyAct(patient);
        for (uint256 i = 0; i < steps.length; ++i) {
            bytes memory cut = new bytes(steps[i].length - 1);
            for (uint256 j = 0; j < cut.length; ++j) {
                cut[j] = steps[i][j];
            }
            vm.prank(patient);
            vm.expectRevert(bytes(""));
            medkey.multicall(list(cut));
        }
    }

    function testFuzz_RevertWhen_ChartIsNoAddress(uint256 chart) external {
        chart = bound(chart, uint256(type(uint160).max) + 1, type(uint256).max);
        vm.prank(patient);
        vm.expectRevert(bytes(""));
        medkey.multicall(list(abi.encodeWithSelector(ICharts.addRecord.selector, chart, MANIFEST, CARD)));
    }

    function testFuzz_RevertWhen_RoleIsNone(uint256 role) external {
        role = bound(role, uint256(IMembers.Role.Lab) + 1, type(uint256).max);
        bytes memory step = abi.encodeWithSelector(IMembers.registerProfessional.selector, role, CARD, PROFILE, 0);
        vm.prank(stranger);
        vm.expectRevert(bytes(""));
        medkey.multicall(list(step));
    }

    // ---------------------------------------------------------------- when a step fails

    function testFuzz_RevertWhen_OneStepFails_AllIsUndone(bytes32 previous) external {
        assumeOther(previous, CARD);
        bytes32 head = headOf(patient);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IMembers.CardChanged.selector, patient, short(CARD)));
        medkey.multicall(renewal(previous));

        assertEq(accessOf(doctor, SCOPE).expiry, EXPIRY, "the grant lives on");
        assertEq(headOf(patient), head, "head");
    }

    function testFuzz_RevertGiven_Stranger(address account) external {
        assumeStranger(account);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, patient, account));
        medkey.multicall(renewal(CARD));
    }

    function test_RevertWhen_RecordIsSealedToTheCardBefore() external {
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(NEXT_CARD)));
        medkey.multicall(
            list(
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD)),
                abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD))
            )
        );
        assertEq(memberOf(patient).card, short(CARD), "card");
    }

    // ---------------------------------------------------------------- when every step is an act

    function test_WhenThereAreNoSteps() external {
        bytes32 head = headOf(patient);
        vm.prank(patient);
        medkey.multicall(new bytes[](0));
        assertEq(headOf(patient), head, "head");
    }

    function test_RevokeAndUpdateCard() external {
        vm.expectEmit(address(medkey));
        emit ICharts.AccessRevoked(patient, doctor, SCOPE);
        vm.expectEmit(address(medkey));
        emit IMembers.CardUpdated(patient, NEXT_CARD);
        vm.prank(patient);
        medkey.multicall(renewal(CARD));

        assertEq(accessOf(doctor, SCOPE).expiry, 0, "revoked");
        assertEq(memberOf(patient).card, short(NEXT_CARD), "card");
    }

    function testFuzz_SeveralRecords(uint8 count) external {
        bytes[] memory steps = new bytes[](count);
        bytes32 head = headOf(patient);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 manifest = keccak256(abi.encode(i));
            steps[i] = abi.encodeCall(medkey.addRecord, (patient, manifest, CARD));
            head = folded(head, abi.encode(ICharts.RecordAdded.selector, uint256(START), patient, patient, manifest));
        }
        vm.prank(patient);
        medkey.multicall(steps);
        assertEq(headOf(patient), head, "head");
    }

    function test_UpdateCardAndAddRecord() external {
        vm.expectEmit(address(medkey));
        emit IMembers.CardUpdated(patient, NEXT_CARD);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, MANIFEST);
        vm.prank(patient);
        medkey.multicall(
            list(
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD)),
                abi.encodeCall(medkey.addRecord, (patient, MANIFEST, NEXT_CARD))
            )
        );
    }

    function test_RegisterAndAddRecord() external {
        vm.prank(otherPatient);
        medkey.multicall(
            list(
                abi.encodeCall(medkey.registerPatient, (CARD)),
                abi.encodeCall(medkey.addRecord, (otherPatient, MANIFEST, CARD)),
                abi.encodeCall(medkey.grantAccess, (otherPatient, doctor, SCOPE, EXPIRY, ENVELOPE))
            )
        );
        assertTrue(memberOf(otherPatient).role == IMembers.Role.Patient, "role");
        assertNotEq(headOf(otherPatient), 0, "head");
    }

    /// @dev A doctor may act in several charts at once.
    function test_LogInTwoCharts() external {
        registerPatient(otherPatient);
        vm.prank(otherPatient);
        medkey.grantAccess(otherPatient, doctor, SCOPE, EXPIRY, ENVELOPE);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessLogged(patient, doctor, SCOPE);
        vm.expectEmit(address(medkey));
        emit ICharts.AccessLogged(otherPatient, doctor, SCOPE);
        vm.prank(doctor);
        medkey.multicall(
            list(
                abi.encodeCall(medkey.logAccess, (patient, SCOPE)),
                abi.encodeCall(medkey.logAccess, (otherPatient, SCOPE))
            )
        );
    }

    /// @dev An act, and the end of what was signed before it.
    function test_SkipNonceAndRemoveRecord() external {
        bytes[] memory signed = list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD)));
        bytes memory signature = signActs("patient", signed);
        bytes[] memory steps =
            list(abi.encodeCall(medkey.skipNonce, (0)), abi.encodeCall(medkey.removeRecord, (patient, MANIFEST)));
        vm.prank(patient);
        medkey.multicall(steps);
        assertEq(medkey.nonces(patient), 1, "nonce");
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, patient, 1));
        medkey.actSigned(patient, signed, 0, DEADLINE, signature);

        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, patient, 1));
        medkey.multicall(steps);
    }

    /// @dev A move ends what the account before does in the same block, and begins what the new one does.
    function test_AcceptMoveAndAddRecord() external {
        proposeMove(patient, newAccount);
        vm.warp(START + WAITING_PERIOD);
        vm.expectEmit(address(medkey));
        emit ICharts.ChartMoved(patient, newAccount);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, MANIFEST);
        vm.prank(newAccount);
        medkey.multicall(
            list(
                abi.encodeCall(medkey.acceptMove, (patient)),
                abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD))
            )
        );
    }

    function expectNotAnAct(address account, bytes memory step) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, selectorOf(step)));
        medkey.multicall(list(step));
    }

    function renewal(bytes32 previous) private view returns (bytes[] memory) {
        return list(
            abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor)),
            abi.encodeCall(medkey.updateCard, (previous, NEXT_CARD))
        );
    }
}
