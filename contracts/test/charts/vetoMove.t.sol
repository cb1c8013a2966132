// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract VetoMoveTest is OwnChartTest {
    address internal proposed = makeAddr("proposed account");

    function act(address chart) internal override {
        medkey.vetoMove(chart);
    }

    function prepare() internal override {
        proposeMove(patient, proposed);
    }

    function test_RevertGiven_RecoveryAddress() external {
        prepare();
        expectNotPatient(patient, recovery);
    }

    function testFuzz_RevertGiven_NeverProposed(bool otherChart) external {
        if (otherChart) {
            registerPatient(otherPatient);
            proposeMove(otherPatient, proposed);
        }
        expectNoMove(patient);
    }

    function test_RevertGiven_Vetoed() external {
        prepare();
        expectVetoed(proposed);
        expectNoMove(patient);
    }

    function test_RevertGiven_Accepted() external {
        moveChart(newAccount);
        expectNoMove(newAccount);
    }

    function testFuzz_GivenProposed(address account, uint40 time) external {
        assumeStranger(account);
        proposeMove(patient, account);
        vm.warp(bound(time, START, type(uint40).max));
        expectVetoed(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoMove.selector, patient, account));
        acceptMove(patient, account);
    }

    function test_GivenProposedAgainSince() external {
        prepare();
        proposeMove(patient, newAccount);
        expectVetoed(newAccount);
        vm.warp(START + WAITING_PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoMove.selector, patient, proposed));
        acceptMove(patient, proposed);
    }

    function test_GivenVetoed_RecoveryKeyProposesAgain() external {
        prepare();
        expectVetoed(proposed);
        moveChart(proposed);
        assertEq(ownerOf(patient), proposed, "owner");
    }

    function expectVetoed(address stopped) private {
        bytes32 head = headOf(patient);
        uint32 nonce = moveOf(patient).nonce;
        vm.expectEmit(address(medkey));
        emit ICharts.MoveVetoed(patient, stopped);
        vm.prank(patient);
        medkey.vetoMove(patient);
        assertFolded(head, abi.encode(ICharts.MoveVetoed.selector, vm.getBlockTimestamp(), patient, stopped));
        ICharts.Move memory move = moveOf(patient);
        assertEq(move.account, address(0), "account");
        assertEq(move.effective, 0, "effective");
        assertEq(move.nonce, nonce, "nonce");
        assertEq(ownerOf(patient), patient, "owner");
    }

    function expectNoMove(address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoMove.selector, patient, address(0)));
        medkey.vetoMove(patient);
    }
}
