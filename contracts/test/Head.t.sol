// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

/// @dev The head of a chart is the fold of its emitted logs, whatever the events and their order: what a client does.
contract HeadTest is MedkeyTest {
    /// @dev What a client holds.
    mapping(address chart => bytes32 head) private _heads;

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
            address chart = dice % 7 == 0 ? otherPatient : patient;
            uint256 kind = (dice >> 32) % 15;
            if (kind < 9) ownStep(kind, chart, keccak256(abi.encode(dice)));
            else if (kind < 13) othersStep(kind, chart, keccak256(abi.encode(dice)));
            else moveStep(kind, chart, vm.addr(dice >> 1));
        }
    }

    function test_HeadIsZeroBeforeTheFirstEvent() external view {
        assertEq(headOf(patient), 0);
    }

    function test_MembersEventsLeaveTheHead() external {
        vm.prank(patient);
        medkey.updateCard(CARD, NEXT_CARD);
        assertEq(headOf(patient), 0);
    }

    /// @dev One act of any kind by the account that acts for the chart.
    function ownStep(uint256 kind, address chart, bytes32 digest) private {
        address owner = ownerOf(chart);
        if (kind == 0) act(owner, abi.encodeCall(medkey.addRecord, (chart, digest, CARD)));
        else if (kind == 1) act(owner, abi.encodeCall(medkey.replaceRecord, (chart, MANIFEST, digest, CARD)));
        else if (kind == 2) act(owner, abi.encodeCall(medkey.removeRecord, (chart, digest)));
        else if (kind == 3) act(owner, abi.encodeCall(medkey.denyRequest, (chart, doctor, digest)));
        else if (kind == 4) grantStep(chart, digest);
        else if (kind == 5) act(owner, abi.encodeCall(medkey.revokeAccess, (chart, digest, doctor)));
        else if (kind == 6) act(owner, abi.encodeCall(medkey.blockAuthor, (chart, stranger, uint256(digest) % 2 == 0)));
        else if (kind == 7) offerStep(chart, digest);
        else act(owner, abi.encodeCall(medkey.withdrawOffer, (chart, offerKey, digest)));
    }

    /// @dev One act of any kind by another, and what must go before it.
    function othersStep(uint256 kind, address chart, bytes32 digest) private {
        if (kind == 9) {
            act(lab, abi.encodeCall(medkey.addRecord, (chart, digest, CARD)));
        } else if (kind == 10) {
            act(doctor, abi.encodeCall(medkey.requestAccess, (chart, digest)));
        } else if (kind == 11) {
            grantStep(chart, digest);
            act(doctor, abi.encodeCall(medkey.logAccess, (chart, digest)));
        } else {
            offerStep(chart, digest);
            (bytes32 r, bytes32 vs) = signClaim(chart, digest, doctor);
            act(doctor, abi.encodeCall(medkey.claimOffer, (chart, offerKey, digest, ENVELOPE, r, vs)));
        }
    }

    /// @dev A move to a fresh account, stopped or not.
    function moveStep(uint256 kind, address chart, address account) private {
        (bytes32 r, bytes32 vs) = signMove(chart, account, moveOf(chart).nonce);
        act(stranger, abi.encodeCall(medkey.proposeMove, (chart, cardNaming(recovery), account, r, vs)));
        vm.warp(vm.getBlockTimestamp() + WAITING_PERIOD);
        if (kind == 13) act(ownerOf(chart), abi.encodeCall(medkey.vetoMove, (chart)));
        else act(account, abi.encodeCall(medkey.acceptMove, (chart)));
    }

    function grantStep(address chart, bytes32 scope) private {
        uint40 expiry = uint40(vm.getBlockTimestamp()) + 1 days;
        act(ownerOf(chart), abi.encodeCall(medkey.grantAccess, (chart, doctor, scope, expiry, ENVELOPE)));
    }

    function offerStep(address chart, bytes32 scope) private {
        ICharts.OfferTerms memory terms = offerTerms();
        terms.chart = chart;
        terms.scope = scope;
        terms.expiry = uint40(vm.getBlockTimestamp()) + 1 days;
        act(ownerOf(chart), abi.encodeCall(medkey.makeOffer, (terms)));
    }

    function act(address account, bytes memory call_) private {
        vm.recordLogs();
        vm.prank(account);
        (bool done,) = address(medkey).call(call_);
        assertTrue(done, "done");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        _heads[patient] = foldedLogs(_heads[patient], logs, patient);
        _heads[otherPatient] = foldedLogs(_heads[otherPatient], logs, otherPatient);
        assertEq(headOf(patient), _heads[patient], "the patient's chart");
        assertEq(headOf(otherPatient), _heads[otherPatient], "the other chart");
    }
}
