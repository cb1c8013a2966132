// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {ActsTest} from "../helpers/ActsTest.sol";

contract AcceptMoveTest is ActsTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    // ---------------------------------------------------------------- given no move waits

    function testFuzz_RevertGiven_NeverProposed(address chart, address account) external {
        expectNoMove(chart, account);
    }

    function testFuzz_RevertGiven_AnotherAccountIsProposed(address account) external {
        vm.assume(account != newAccount);
        proposeMove(patient, newAccount);
        vm.warp(START + WAITING_PERIOD);
        expectNoMove(patient, account);
    }

    function test_RevertGiven_ProposedForAnotherChart() external {
        registerPatient(otherPatient);
        proposeMove(otherPatient, newAccount);
        vm.warp(START + WAITING_PERIOD);
        expectNoMove(patient, newAccount);
    }

    function test_RevertGiven_Replaced() external {
        proposeMove(patient, newAccount);
        proposeMove(patient, thirdAccount);
        vm.warp(START + WAITING_PERIOD);
        expectNoMove(patient, newAccount);
    }

    function testFuzz_RevertGiven_Vetoed(uint40 time) external {
        proposeMove(patient, newAccount);
        vm.prank(patient);
        medkey.vetoMove(patient);
        vm.warp(bound(time, START, type(uint40).max));
        expectNoMove(patient, newAccount);
        expectNoMove(patient, address(0));
    }

    function test_RevertGiven_Accepted() external {
        moveChart(newAccount);
        expectNoMove(patient, newAccount);
        moveChart(thirdAccount);
        expectNoMove(patient, newAccount);
        expectNoMove(patient, thirdAccount);
    }

    // ---------------------------------------------------------------- given a move waits

    function testFuzz_RevertGiven_TooEarly(uint40 proposed, uint40 time) external {
        proposed = uint40(bound(proposed, START, type(uint40).max - WAITING_PERIOD));
        vm.warp(proposed);
        proposeMove(patient, newAccount);
        vm.warp(bound(time, proposed, proposed + WAITING_PERIOD - 1));
        vm.expectRevert(abi.encodeWithSelector(ICharts.MoveTooEarly.selector, proposed + WAITING_PERIOD));
        acceptMove(patient, newAccount);
    }

    function test_RevertGiven_OneSecondTooEarly() external {
        proposeMove(patient, newAccount);
        vm.warp(START + 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ICharts.MoveTooEarly.selector, START + 7 days));
        acceptMove(patient, newAccount);
        vm.warp(START + 7 days);
        acceptMove(patient, newAccount);
        assertEq(ownerOf(patient), newAccount, "exactly on time");
    }

    function test_RevertGiven_AccountRegisteredSince_AsPatient() external {
        proposeMove(patient, newAccount);
        registerPatient(newAccount);
        expectTaken();
    }

    function testFuzz_RevertGiven_AccountRegisteredSince_AsProfessional(uint256 role, uint256 status) external {
        proposeMove(patient, newAccount);
        registerIn(newAccount, anyProfessional(role), anyStatus(status));
        expectTaken();
    }

    function test_RevertGiven_AccountTookAnotherChartSince() external {
        registerPatient(otherPatient);
        proposeMove(patient, newAccount);
        moveChart(otherPatient, newAccount);
        expectTaken();
        moveChart(otherPatient, thirdAccount);
        expectTaken();
        assertEq(ownerOf(patient), patient, "owner");
        assertEq(ownerOf(otherPatient), thirdAccount, "the other's owner");
    }

    // ---------------------------------------------------------------- given the waiting period is over

    function testFuzz_GivenWaited(address account, uint40 time) external {
        assumeStranger(account);
        proposeMove(patient, account);
        vm.warp(bound(time, START + WAITING_PERIOD, type(uint40).max));
        expectMoved(account);
    }

    function testFuzz_GivenWaited_AndMovesOn(address[4] memory accounts) external {
        for (uint256 i = 0; i < accounts.length; ++i) {
            assumeStranger(accounts[i]);
            for (uint256 j = 0; j < i; ++j) {
                vm.assume(accounts[i] != accounts[j]);
            }
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            proposeMove(patient, accounts[i]);
            vm.warp(vm.getBlockTimestamp() + WAITING_PERIOD);
            expectMoved(accounts[i]);
            assertEq(moveOf(patient).nonce, i + 1, "nonce");
        }
        for (uint256 i = 0; i + 1 < accounts.length; ++i) {
            assertEq(memberOf(accounts[i]).chart, address(0), "acts for none any more");
            vm.prank(accounts[i]);
            vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, patient, accounts[i]));
            medkey.removeRecord(patient, MANIFEST);
        }
    }

    function test_GivenTwoChartsMove() external {
        registerPatient(otherPatient);
        vm.prank(otherPatient);
        medkey.addRecord(otherPatient, NEXT_MANIFEST, CARD);
        moveChart(patient, newAccount);
        bytes32 head = headOf(patient);
        moveChart(otherPatient, thirdAccount);
        assertEq(headOf(patient), head, "each its own head");
        assertEq(ownerOf(patient), newAccount, "owner");
        assertEq(ownerOf(otherPatient), thirdAccount, "owner");
    }

    // ---------------------------------------------------------------- what lives on

    function test_GrantsBlocksOffersAndTheCardLiveOn() external {
        grant(doctor, SCOPE, EXPIRY);
        blockAuthor(doctor, true);
        makeOffer(offerTerms());
        registerActive(lab, IMembers.Role.Lab);
        claimOffer(lab, SCOPE);
        bytes32 before = keccak256(abi.encode(accessOf(doctor, SCOPE), accessOf(lab, SCOPE), offerOf(SCOPE)));
        moveChart(newAccount);
        bytes32 afterwards = keccak256(abi.encode(accessOf(doctor, SCOPE), accessOf(lab, SCOPE), offerOf(SCOPE)));
        assertEq(before, afterwards, "as before");
        assertTrue(hasClaimed(lab, SCOPE), "claimed");
        assertEq(memberOf(patient).card, short(CARD), "card");

        vm.startPrank(doctor);
        medkey.logAccess(patient, SCOPE);
        vm.expectRevert(abi.encodeWithSelector(ICharts.AuthorIsBlocked.selector, patient, doctor));
        medkey.addRecord(patient, MANIFEST, CARD);
        vm.stopPrank();
        claimOffer(doctor, SCOPE);
        vm.expectRevert(abi.encodeWithSelector(ICharts.AlreadyClaimed.selector, offerKey, lab));
        claimOffer(lab, SCOPE);
        vm.prank(lab);
        medkey.addRecord(patient, MANIFEST, CARD);
    }

    function test_NewAccountRevokesWhatThePatientGranted() external {
        grant(doctor, SCOPE, EXPIRY);
        moveChart(newAccount);
        vm.prank(newAccount);
        medkey.revokeAccess(patient, SCOPE, doctor);
        vm.prank(doctor);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoLiveGrant.selector, patient, doctor, SCOPE));
        medkey.logAccess(patient, SCOPE);
    }

    // ---------------------------------------------------------------- who can act

    function test_AccountBeforeCanDoNothing() external {
        prepareEveryAct();
        moveChart(newAccount);
        expectPatientRefused();
    }

    function test_AccountBeforeCanDoNothing_GivenMovedOn() external {
        prepareEveryAct();
        moveChart(newAccount);
        moveChart(thirdAccount);
        expectPatientRefused();
    }

    function test_AccountBetweenCanDoNothing() external {
        prepareEveryAct();
        moveChart(newAccount);
        moveChart(thirdAccount);
        bytes[] memory refusals = refusalsOf(newAccount);
        refusals[8] = abi.encodeWithSelector(IMembers.NotRegistered.selector, newAccount);
        expectAllRefused("new account", refusals);
    }

    function test_NewAccountCanDoAllThatThePatientCould() external {
        prepareEveryAct();
        moveChart(newAccount);
        expectAllDone("new account");
    }

    function test_ThirdAccountCanDoAllThatThePatientCould() external {
        prepareEveryAct();
        moveChart(newAccount);
        moveChart(thirdAccount);
        expectAllDone("third account");
    }

    // ---------------------------------------------------------------- helpers

    /// @dev Something to log, to claim, to revoke and to withdraw.
    function prepareEveryAct() private {
        grant(doctor, SCOPE, EXPIRY);
        ICharts.OfferTerms memory terms = offerTerms();
        terms.key = stranger;
        makeOffer(terms);
    }

    /// @dev What a patient whose chart moved away, or an account that it moved on from, is told for each of `everyAct`;
    /// `proposeProfile` apart.
    function refusalsOf(address account) private view returns (bytes[] memory refusals) {
        bytes memory notPatient = abi.encodeWithSelector(ICharts.NotPatient.selector, patient, account);
        bytes memory notVerified = abi.encodeWithSelector(ICharts.NotVerified.selector, account);
        bytes memory registered = abi.encodeWithSelector(IMembers.AlreadyRegistered.selector, account);
        refusals = new bytes[](18);
        for (uint256 i = 0; i < refusals.length; ++i) {
            refusals[i] = notPatient;
        }
        refusals[0] = abi.encodeWithSelector(ICharts.NoMove.selector, patient, account);
        refusals[3] = notVerified;
        refusals[6] = notVerified;
        refusals[9] = registered;
        refusals[10] = registered;
        refusals[13] = notVerified;
        refusals[15] = abi.encodeWithSelector(IMembers.ChartMovedAway.selector, account);
    }

    function expectPatientRefused() private {
        bytes[] memory refusals = refusalsOf(patient);
        refusals[8] = abi.encodeWithSelector(IMembers.WrongRole.selector, patient, IMembers.Role.Patient);
        expectAllRefused("patient", refusals);
    }

    /// @dev While a move waits that could be stopped, or accepted by somebody else.
    function expectAllRefused(string memory name, bytes[] memory refusals) private {
        proposeMove(patient, makeAddr("fourth account"));
        vm.warp(vm.getBlockTimestamp() + WAITING_PERIOD);
        address account = makeAddr(name);
        bytes[] memory steps = everyAct(account);
        bytes32 head = headOf(patient);
        for (uint256 i = 0; i < steps.length; ++i) {
            bytes memory signature = signActs(name, list(steps[i]));
            vm.prank(account);
            expectRefused(steps[i], refusals[i]);
            vm.prank(account);
            expectRefused(abi.encodeCall(medkey.multicall, (list(steps[i]))), refusals[i]);
            vm.prank(payer);
            expectRefused(
                abi.encodeCall(medkey.actSigned, (account, list(steps[i]), 0, DEADLINE, signature)), refusals[i]
            );
        }
        assertEq(headOf(patient), head, "head");
    }

    function expectRefused(bytes memory call_, bytes memory refusal) private {
        (bool done, bytes memory answer) = address(medkey).call(call_);
        assertFalse(done, "done");
        assertEq(answer, refusal, "refusal");
    }

    /// @dev Every act on one's own chart, each three times from the same state.
    function expectAllDone(string memory name) private {
        proposeMove(patient, makeAddr("fourth account"));
        uint8[11] memory own = [1, 2, 4, 5, 7, 11, 12, 14, 15, 16, 17];
        address account = makeAddr(name);
        bytes[] memory steps = everyAct(account);
        uint256 state = vm.snapshotState();
        for (uint256 i = 0; i < own.length; ++i) {
            bytes memory step = steps[own[i]];
            vm.prank(account);
            (bool done,) = address(medkey).call(step);
            assertTrue(done, "by transaction");
            bytes32 outcome = chartState();
            vm.revertToState(state);
            vm.prank(account);
            medkey.multicall(list(step));
            assertEq(chartState(), outcome, "in a multicall");
            vm.revertToState(state);
            actSigned(name, list(step));
            assertEq(chartState(), outcome, "by signature");
            vm.revertToState(state);
        }
    }

    /// @dev What one can see of the chart.
    function chartState() private view returns (bytes32) {
        (ICharts.Chart memory chart,) = medkey.viewChart(patient);
        return keccak256(abi.encode(chart, accessOf(doctor, SCOPE), accessOf(lab, SCOPE), offerOf(SCOPE)));
    }

    function expectNoMove(address chart, address account) private {
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoMove.selector, chart, account));
        acceptMove(chart, account);
    }

    function expectTaken() private {
        vm.warp(vm.getBlockTimestamp() + WAITING_PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ICharts.AccountTaken.selector, newAccount));
        acceptMove(patient, newAccount);
    }

    function expectMoved(address account) private {
        bytes32 head = headOf(patient);
        uint32 nonce = moveOf(patient).nonce;
        address before = ownerOf(patient);
        IMembers.Member memory expected = memberOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.ChartMoved(patient, account);
        acceptMove(patient, account);
        assertFolded(head, abi.encode(ICharts.ChartMoved.selector, vm.getBlockTimestamp(), patient, account));

        assertEq(ownerOf(patient), account, "owner");
        assertEq(memberOf(before).chart, address(0), "the account before acts for none");
        expected.chart = address(0);
        assertEq(keccak256(abi.encode(memberOf(patient))), keccak256(abi.encode(expected)), "the patient");
        IMembers.Member memory member = memberOf(account);
        assertEq(member.chart, patient, "acts for the chart");
        member.chart = address(0);
        assertEq(keccak256(abi.encode(member)), keccak256(new bytes(7 * 32)), "is no member");
        ICharts.Move memory move = moveOf(patient);
        assertEq(move.account, address(0), "no move waits");
        assertEq(move.effective, 0, "no move waits");
        assertEq(move.nonce, nonce, "nonce");
        (ICharts.Chart memory chart,) = medkey.viewChart(account);
        assertFalse(chart.registered, "the account is no chart");
        assertEq(chart.head, 0, "the account has no head");
    }
}
