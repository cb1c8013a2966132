// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

/// @dev The head of a chart is the fold of its emitted logs, whatever the events and their order: what a client does.
contract HeadTest is MedkeyTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerPatient(otherPatient);
        registerActive(doctor, IMembers.Role.Doctor);
        registerActive(lab, IMembers.Role.Lab);
    }

    function testFuzz_HeadIsFoldOfLogs(uint256 seed, uint256 count) external {
        count = bound(count, 1, 40);
        for (uint256 i = 0; i < count; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            vm.warp(vm.getBlockTimestamp() + dice % 1000);
            vm.recordLogs();
            step(dice, dice % 7 == 0 ? otherPatient : patient);
            foldLogs();
        }
        assertEq(headOf(patient), _heads[patient], "the patient's chart");
        assertEq(headOf(otherPatient), _heads[otherPatient], "the other chart");
    }

    function test_HeadIsZeroBeforeTheFirstEvent() external view {
        assertEq(headOf(patient), 0);
    }

    function test_MembersEventsLeaveTheHead() external {
        vm.prank(patient);
        medkey.updateCard(CARD, NEXT_CARD);
        assertEq(headOf(patient), 0);
    }

    mapping(address chart => bytes32 head) private _heads;

    /// @dev One act of any kind, by whoever may do it.
    function step(uint256 dice, address chart) private {
        bytes32 digest = keccak256(abi.encode(dice));
        uint256 kind = (dice >> 32) % 10;
        address caller = kind == 1 ? lab : kind == 4 || kind == 9 ? doctor : chart;
        if (kind == 9) {
            vm.prank(chart);
            medkey.grantAccess(chart, doctor, digest, EXPIRY, ENVELOPE);
        }
        vm.prank(caller);
        if (kind <= 1) medkey.addRecord(chart, digest, CARD);
        else if (kind == 2) medkey.replaceRecord(chart, MANIFEST, digest, CARD);
        else if (kind == 3) medkey.removeRecord(chart, digest);
        else if (kind == 4) medkey.requestAccess(chart, digest);
        else if (kind == 5) medkey.denyRequest(chart, doctor, digest);
        else if (kind == 6) medkey.grantAccess(chart, doctor, digest, EXPIRY, ENVELOPE);
        else if (kind == 7) medkey.revokeAccess(chart, digest, doctor);
        else if (kind == 8) medkey.blockAuthor(chart, stranger, dice % 2 == 0);
        else medkey.logAccess(chart, digest);
    }

    /// @dev Folds what the chain emitted, from topics and data alone.
    function foldLogs() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes memory fields = abi.encodePacked(logs[i].topics[0], vm.getBlockTimestamp());
            for (uint256 t = 1; t < logs[i].topics.length; ++t) {
                fields = abi.encodePacked(fields, logs[i].topics[t]);
            }
            address chart = address(uint160(uint256(logs[i].topics[1])));
            _heads[chart] = folded(_heads[chart], abi.encodePacked(fields, logs[i].data));
        }
    }
}
