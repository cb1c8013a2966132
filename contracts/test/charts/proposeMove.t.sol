// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";
import {TypedData} from "../helpers/TypedData.sol";

contract ProposeMoveTest is MedkeyTest {
    /// @dev Where a card's recovery address ends.
    uint256 internal constant SHORTEST = 75;

    function setUp() public override {
        super.setUp();
        registerPatient(patient);
    }

    // ---------------------------------------------------------------- charts and accounts

    function testFuzz_RevertGiven_ChartIsStranger(address chart) external {
        assumeStranger(chart);
        expectNoChart(chart);
    }

    function testFuzz_RevertGiven_ChartIsProfessional(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectNoChart(lab);
    }

    function test_RevertGiven_ChartIsNewAccount() external {
        moveChart(newAccount);
        expectNoChart(newAccount);
        moveChart(thirdAccount);
        expectNoChart(newAccount);
        expectNoChart(thirdAccount);
    }

    function test_RevertWhen_AccountIsZero() external {
        expectRefused(patient, address(0), abi.encodeWithSelector(ICharts.ZeroDigest.selector));
    }

    function test_RevertGiven_AccountIsPatient() external {
        registerPatient(otherPatient);
        expectTaken(otherPatient);
        expectTaken(patient);
    }

    function testFuzz_RevertGiven_AccountIsProfessional(uint256 role, uint256 status) external {
        registerIn(lab, anyProfessional(role), anyStatus(status));
        expectTaken(lab);
    }

    function test_RevertGiven_AccountActsForAChart() external {
        moveChart(newAccount);
        expectTaken(newAccount);
        registerPatient(otherPatient);
        moveChart(otherPatient, thirdAccount);
        expectTaken(thirdAccount);
    }

    function test_RevertGiven_AccountHasActedForAChart() external {
        moveChart(newAccount);
        moveChart(thirdAccount);
        expectTaken(patient);
        expectTaken(newAccount);
    }

    // ---------------------------------------------------------------- cards

    function testFuzz_RevertWhen_OneBitOfTheCardIsChanged(uint256 bit) external {
        bytes memory card = cardNaming(recovery);
        bit = bound(bit, 0, card.length * 8 - 1);
        card[bit / 8] ^= bytes1(0x01) << (bit % 8);
        expectCardChanged(card, CARD);
    }

    function testFuzz_RevertWhen_CardIsCut(uint256 length) external {
        expectCardChanged(beginning(cardNaming(recovery), bound(length, 0, cardNaming(recovery).length - 1)), CARD);
    }

    function testFuzz_RevertWhen_CardIsLonger(bytes memory tail) external {
        vm.assume(tail.length != 0);
        expectCardChanged(bytes.concat(cardNaming(recovery), tail), CARD);
    }

    /// @dev A thief who knows the recovery code of a card that was replaced gets nothing.
    function test_RevertGiven_CardReplaced() external {
        bytes memory next = cardNaming(makeAddr("next recovery"));
        bytes32 digest = sha256(next);
        vm.prank(patient);
        medkey.updateCard(CARD, digest);
        expectCardChanged(cardNaming(recovery), digest);

        (bytes32 r, bytes32 vs) = signCompact("next recovery", TypedData.moveChart(patient, newAccount, 0));
        medkey.proposeMove(patient, next, newAccount, r, vs);
        assertEq(moveOf(patient).account, newAccount, "the new card's key can");
    }

    function testFuzz_RevertWhen_CardIsTooShort(uint256 length) external {
        bytes memory card = beginning(cardNaming(recovery), bound(length, 0, SHORTEST - 1));
        register(card);
        (bytes32 r, bytes32 vs) = signMove(otherPatient, newAccount, 0);
        vm.expectRevert(ICharts.NoRecoveryAddress.selector);
        medkey.proposeMove(otherPatient, card, newAccount, r, vs);
    }

    function testFuzz_WhenCardIsLongEnough(uint256 length) external {
        bytes memory card = beginning(cardNaming(recovery), bound(length, SHORTEST, cardNaming(recovery).length));
        register(card);
        (bytes32 r, bytes32 vs) = signMove(otherPatient, newAccount, 0);
        medkey.proposeMove(otherPatient, card, newAccount, r, vs);
        assertEq(moveOf(otherPatient).account, newAccount, "it moves");
    }

    function test_RevertWhen_CardEndsOneByteEarly() external {
        bytes memory card = beginning(cardNaming(recovery), SHORTEST - 1);
        register(card);
        vm.expectRevert(ICharts.NoRecoveryAddress.selector);
        medkey.proposeMove(otherPatient, card, newAccount, 0, 0);
    }

    /// @dev What stands around the address does not matter to the contract, the address does.
    function testFuzz_WhenCardNamesAnAddress(bytes memory tail, uint256 key) external {
        key = boundPrivateKey(key);
        bytes memory card = bytes.concat(beginning(cardNaming(vm.addr(key)), SHORTEST), tail);
        register(card);
        bytes32 structHash = TypedData.moveChart(otherPatient, newAccount, 0);
        (bytes32 r, bytes32 vs) = vm.signCompact(key, TypedData.digest(address(medkey), structHash));
        medkey.proposeMove(otherPatient, card, newAccount, r, vs);
        assertEq(moveOf(otherPatient).account, newAccount, "it moves");
    }

    /// @dev `ecrecover` answers zero where there is nothing to recover.
    function testFuzz_RevertWhen_CardNamesZero(bytes32 r, bytes32 vs) external {
        bytes memory card = cardNaming(address(0));
        register(card);
        vm.expectRevert(abi.encodeWithSelector(ICharts.WrongSignature.selector, address(0)));
        medkey.proposeMove(otherPatient, card, newAccount, r, vs);
    }

    // ---------------------------------------------------------------- signatures

    function testFuzz_RevertWhen_SignedByAnotherKey(uint256 key) external {
        key = boundPrivateKey(key);
        vm.assume(vm.addr(key) != recovery);
        bytes32 structHash = TypedData.moveChart(patient, newAccount, 0);
        (bytes32 r, bytes32 vs) = vm.signCompact(key, TypedData.digest(address(medkey), structHash));
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignedByThePatient() external {
        (bytes32 r, bytes32 vs) = signCompact("patient", TypedData.moveChart(patient, newAccount, 0));
        expectWrongSignature(r, vs);
    }

    /// @dev Both patients' cards name the same recovery address.
    function test_RevertWhen_SignedForAnotherChart() external {
        registerPatient(otherPatient);
        (bytes32 r, bytes32 vs) = signMove(otherPatient, newAccount, 0);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_SignedForAnotherAccount(address account) external {
        vm.assume(account != newAccount);
        (bytes32 r, bytes32 vs) = signMove(patient, account, 0);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_SignedForAnotherNonce(uint256 nonce) external {
        vm.assume(nonce != 0);
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, nonce);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_SignedForAnotherContract(address verifyingContract) external {
        vm.assume(verifyingContract != address(medkey));
        expectWrongSignature(TypedData.digest(verifyingContract, TypedData.moveChart(patient, newAccount, 0)));
    }

    function testFuzz_RevertWhen_SignedForAnotherChain(uint256 chainId) external {
        vm.assume(chainId != block.chainid);
        bytes32 structHash = TypedData.moveChart(patient, newAccount, 0);
        expectWrongSignature(TypedData.digest(chainId, address(medkey), structHash));
    }

    function testFuzz_RevertWhen_ChainSplitSinceSigned(uint64 chainId) external {
        vm.assume(chainId != 0 && chainId != block.chainid);
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        vm.chainId(chainId);
        expectWrongSignature(r, vs);
    }

    function testFuzz_RevertWhen_NotSigned(bytes32 r, bytes32 vs) external {
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignedBeforeTheVeto() external {
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        medkey.proposeMove(patient, cardNaming(recovery), newAccount, r, vs);
        vm.prank(patient);
        medkey.vetoMove(patient);
        expectWrongSignature(r, vs);
    }

    /// @dev Nobody can make the patient's own move wait anew for ever.
    function test_RevertWhen_SignatureWasUsed() external {
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        medkey.proposeMove(patient, cardNaming(recovery), newAccount, r, vs);
        expectWrongSignature(r, vs);
    }

    function test_RevertWhen_SignedBeforeAnotherMove() external {
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        moveChart(thirdAccount);
        expectWrongSignature(r, vs);
    }

    // ---------------------------------------------------------------- when the recovery key has signed

    function testFuzz_WhenSigned(address account, address sender, uint40 time) external {
        assumeStranger(account);
        vm.assume(sender != address(0));
        vm.warp(bound(time, START, type(uint40).max - WAITING_PERIOD));
        expectProposed(account, sender);
    }

    function testFuzz_WhenSigned_NothingElseChanges(address account) external {
        assumeStranger(account);
        registerActive(doctor, IMembers.Role.Doctor);
        grant(doctor, SCOPE, EXPIRY);
        IMembers.Member memory expected = memberOf(patient);
        proposeMove(patient, account);
        assertEq(keccak256(abi.encode(memberOf(patient))), keccak256(abi.encode(expected)), "the patient");
        assertEq(keccak256(abi.encode(memberOf(account))), keccak256(new bytes(7 * 32)), "the account");
        assertEq(ownerOf(patient), patient, "owner");
        assertEq(accessOf(doctor, SCOPE).expiry, EXPIRY, "grant");
        vm.warp(START + WAITING_PERIOD);
        vm.prank(patient);
        medkey.addRecord(patient, MANIFEST, CARD);
    }

    function testFuzz_GivenProposalBefore(address first, address second, uint40 wait) external {
        assumeStranger(first);
        assumeStranger(second);
        vm.assume(first != second);
        expectProposed(first, stranger);
        wait = uint40(bound(wait, 0, 2 * WAITING_PERIOD));
        vm.warp(START + wait);
        expectProposed(second, stranger);
        vm.warp(START + wait + WAITING_PERIOD - 1);
        vm.expectRevert(abi.encodeWithSelector(ICharts.MoveTooEarly.selector, START + wait + WAITING_PERIOD));
        acceptMove(patient, second);
        vm.warp(START + wait + WAITING_PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ICharts.NoMove.selector, patient, first));
        acceptMove(patient, first);
        acceptMove(patient, second);
        assertEq(ownerOf(patient), second, "owner");
    }

    function test_GivenTheSameAccountIsProposedAgain() external {
        expectProposed(newAccount, stranger);
        vm.warp(START + WAITING_PERIOD);
        expectProposed(newAccount, stranger);
        vm.expectRevert(abi.encodeWithSelector(ICharts.MoveTooEarly.selector, START + 2 * WAITING_PERIOD));
        acceptMove(patient, newAccount);
    }

    function test_GivenChartMoved() external {
        moveChart(newAccount);
        expectProposed(thirdAccount, stranger);
        assertEq(ownerOf(patient), newAccount, "owner");
    }

    function test_GivenMovesOfTwoCharts_ToOneAccount() external {
        registerPatient(otherPatient);
        proposeMove(patient, newAccount);
        proposeMove(otherPatient, newAccount);
        assertEq(moveOf(patient).account, newAccount, "both wait");
        assertEq(moveOf(otherPatient).account, newAccount, "both wait");
        assertEq(moveOf(otherPatient).nonce, 1, "each counts its own");
    }

    // ---------------------------------------------------------------- helpers

    function expectNoChart(address chart) private {
        expectRefused(chart, makeAddr("fresh"), abi.encodeWithSelector(ICharts.NoChart.selector, chart));
    }

    function expectTaken(address account) private {
        expectRefused(patient, account, abi.encodeWithSelector(ICharts.AccountTaken.selector, account));
    }

    /// @dev With everything else in order.
    function expectRefused(address chart, address account, bytes memory reason) private {
        (bytes32 r, bytes32 vs) = signMove(chart, account, moveOf(chart).nonce);
        vm.expectRevert(reason);
        medkey.proposeMove(chart, cardNaming(recovery), account, r, vs);
    }

    function expectCardChanged(bytes memory card, bytes32 current) private {
        (bytes32 r, bytes32 vs) = signMove(patient, newAccount, 0);
        vm.expectRevert(abi.encodeWithSelector(ICharts.PatientCardChanged.selector, patient, short(current)));
        medkey.proposeMove(patient, card, newAccount, r, vs);
    }

    function expectWrongSignature(bytes32 digest) private {
        (, uint256 key) = makeAddrAndKey("recovery");
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        expectWrongSignature(r, vs);
    }

    function expectWrongSignature(bytes32 r, bytes32 vs) private {
        vm.expectRevert(abi.encodeWithSelector(ICharts.WrongSignature.selector, recovery));
        medkey.proposeMove(patient, cardNaming(recovery), newAccount, r, vs);
    }

    function expectProposed(address account, address sender) private {
        bytes32 head = headOf(patient);
        uint32 nonce = moveOf(patient).nonce;
        uint40 effective = uint40(vm.getBlockTimestamp()) + WAITING_PERIOD;
        (bytes32 r, bytes32 vs) = signMove(patient, account, nonce);
        vm.expectEmit(address(medkey));
        emit ICharts.MoveProposed(patient, account, effective);
        vm.prank(sender);
        medkey.proposeMove(patient, cardNaming(recovery), account, r, vs);
        assertFolded(
            head, abi.encode(ICharts.MoveProposed.selector, vm.getBlockTimestamp(), patient, account, effective)
        );
        assertEq(moveOf(patient).account, account, "account");
        assertEq(moveOf(patient).effective, effective, "effective");
        assertEq(moveOf(patient).nonce, nonce + 1, "nonce");
    }

    /// @dev Another patient, with this card.
    function register(bytes memory card) private {
        bytes32 digest = sha256(card);
        vm.prank(otherPatient);
        medkey.registerPatient(digest);
    }

    function beginning(bytes memory all, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = all[i];
        }
    }
}
