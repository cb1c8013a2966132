// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

contract MulticallTest is MedkeyTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
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

    function test_RevertWhen_StepIsUnknown() external {
        bytes[] memory steps = new bytes[](1);
        steps[0] = abi.encodeWithSignature("unknown()");
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, bytes4(keccak256("unknown()"))));
        medkey.multicall(steps);
    }

    function test_RevertWhen_CallsAreNested() external {
        bytes[] memory steps = new bytes[](1);
        steps[0] = abi.encodeCall(medkey.multicall, (renewal(CARD)));
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, IActs.multicall.selector));
        medkey.multicall(steps);
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
        bytes[] memory steps = new bytes[](2);
        steps[0] = abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD));
        steps[1] = abi.encodeCall(medkey.addRecord, (patient, MANIFEST, NEXT_CARD));
        vm.expectEmit(address(medkey));
        emit IMembers.CardUpdated(patient, NEXT_CARD);
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, MANIFEST);
        vm.prank(patient);
        medkey.multicall(steps);
    }

    function test_RevertWhen_RecordIsSealedToTheCardBefore() external {
        bytes[] memory steps = new bytes[](2);
        steps[0] = abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD));
        steps[1] = abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD));
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(NEXT_CARD)));
        medkey.multicall(steps);
        assertEq(memberOf(patient).card, short(CARD), "card");
    }

    function renewal(bytes32 previous) private view returns (bytes[] memory steps) {
        steps = new bytes[](2);
        steps[0] = abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor));
        steps[1] = abi.encodeCall(medkey.updateCard, (previous, NEXT_CARD));
    }
}
