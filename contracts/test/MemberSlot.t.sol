// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {MemberSlot, MemberSlots} from "src/MemberSlot.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

/// @dev What is put into a slot comes out of it, and changing one field leaves the others.
contract MemberSlotTest is Test {
    struct Fields {
        uint256 role;
        uint256 status;
        uint40 since;
        uint32 hospital;
        bytes20 card;
    }

    function testFuzz_Pack(Fields memory fields) external pure {
        assertFields(slotOf(fields), fields);
    }

    function testFuzz_WithStatus(Fields memory fields, uint256 status) external pure {
        MemberSlot slot = slotOf(fields);
        fields.status = status;
        assertFields(slot.withStatus(statusOf(status)), fields);
    }

    function testFuzz_WithHospital(Fields memory fields, uint32 hospital) external pure {
        MemberSlot slot = slotOf(fields);
        fields.hospital = hospital;
        assertFields(slot.withHospital(hospital), fields);
    }

    function testFuzz_WithCard(Fields memory fields, bytes20 card) external pure {
        MemberSlot slot = slotOf(fields);
        fields.card = card;
        assertFields(slot.withCard(card), fields);
    }

    function testFuzz_WithMovedAway(Fields memory fields) external pure {
        MemberSlot slot = slotOf(fields).withMovedAway();
        assertFields(slot, fields, true);
        assertFields(slot.withMovedAway(), fields, true);
    }

    function testFuzz_WithMovedAway_AndThenAnother(Fields memory fields, bytes20 card, uint32 hospital, uint256 status)
        external
        pure
    {
        MemberSlot slot = slotOf(fields).withMovedAway();
        fields.card = card;
        slot = slot.withCard(card);
        assertFields(slot, fields, true);
        fields.hospital = hospital;
        slot = slot.withHospital(hospital);
        assertFields(slot, fields, true);
        fields.status = status;
        assertFields(slot.withStatus(statusOf(status)), fields, true);
    }

    function testFuzz_PackMovedHere(address chart) external pure {
        MemberSlot slot = MemberSlots.packMovedHere(chart);
        assertEq(slot.chart(), chart, "chart");
        assertTrue(slot.hasMovedHere(), "hasMovedHere");
        assertTrue(slot.hasMoved(), "hasMoved");
        assertFalse(slot.isFree(), "isFree");
        assertFalse(slot.isPatient(), "isPatient");
        assertFalse(slot.isPatientHere(), "isPatientHere");
        assertFalse(slot.isVerified(), "isVerified");
        assertTrue(slot.role() == IMembers.Role.None, "role");
        assertTrue(slot.status() == IMembers.Status.None, "status");
        assertEq(slot.since(), 0, "since");
        assertEq(slot.hospital(), 0, "hospital");
    }

    function test_Free() external pure {
        MemberSlot slot = MemberSlot.wrap(0);
        assertTrue(slot.isFree(), "isFree");
        assertFalse(slot.hasMoved(), "hasMoved");
        assertFalse(slot.hasMovedHere(), "hasMovedHere");
        assertFalse(slot.isPatientHere(), "isPatientHere");
    }

    function testFuzz_NotFree(uint256 word) external pure {
        vm.assume(word != 0);
        assertFalse(MemberSlot.wrap(word).isFree(), "isFree");
    }

    function slotOf(Fields memory fields) private pure returns (MemberSlot) {
        return MemberSlots.pack(roleOf(fields.role), statusOf(fields.status), fields.since, fields.card)
            .withHospital(fields.hospital);
    }

    function assertFields(MemberSlot slot, Fields memory fields) private pure {
        assertFields(slot, fields, false);
    }

    function assertFields(MemberSlot slot, Fields memory fields, bool movedAway) private pure {
        IMembers.Role role = roleOf(fields.role);
        IMembers.Status status = statusOf(fields.status);
        assertTrue(slot.role() == role, "role");
        assertTrue(slot.status() == status, "status");
        assertEq(slot.since(), fields.since, "since");
        assertEq(slot.hospital(), fields.hospital, "hospital");
        assertEq(slot.card(), fields.card, "card");
        assertEq(slot.isPatient(), role == IMembers.Role.Patient, "isPatient");
        assertEq(slot.isPatientHere(), role == IMembers.Role.Patient && !movedAway, "isPatientHere");
        assertEq(slot.hasMoved(), movedAway, "hasMoved");
        assertFalse(slot.hasMovedHere(), "hasMovedHere");
        bool professional = role == IMembers.Role.Doctor || role == IMembers.Role.Lab;
        assertEq(slot.isVerified(), professional && status == IMembers.Status.Active, "isVerified");
    }

    function roleOf(uint256 seed) private pure returns (IMembers.Role) {
        return IMembers.Role(seed % 4);
    }

    function statusOf(uint256 seed) private pure returns (IMembers.Status) {
        return IMembers.Status(seed % 5);
    }
}
