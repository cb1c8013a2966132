// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {ActsTest} from "../helpers/ActsTest.sol";
import {IMedkey} from "../helpers/IMedkey.sol";
import {SignedActs} from "../helpers/SignedActs.sol";
import {TypedData} from "../helpers/TypedData.sol";

/// @dev What must be signed, and that nothing else counts.
contract ActSignedTest is ActsTest {
    /// @dev The order of secp256k1.
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    // ---------------------------------------------------------------- deadlines

    function testFuzz_RevertWhen_DeadlinePassed(uint256 deadline, uint40 time) external {
        time = uint40(bound(time, START, type(uint40).max));
        deadline = bound(deadline, 0, time - 1);
        bytes memory signature = signDigest("patient", digestOf(patient, steps(), 0, deadline));
        vm.warp(time);
        vm.expectRevert(abi.encodeWithSelector(IActs.DeadlinePassed.selector, deadline));
        medkey.actSigned(patient, steps(), 0, deadline, signature);
    }

    function testFuzz_WhenDeadlineIsNotPassed(uint256 deadline) external {
        deadline = bound(deadline, START, type(uint256).max);
        bytes memory signature = signDigest("patient", digestOf(patient, steps(), 0, deadline));
        medkey.actSigned(patient, steps(), 0, deadline, signature);
        assertEq(medkey.nonces(patient), 1, "done");
    }

    function test_WhenDeadlineIsNow() external {
        bytes memory signature = signActs("patient", steps());
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(IActs.DeadlinePassed.selector, DEADLINE));
        medkey.actSigned(patient, steps(), 0, DEADLINE, signature);
        vm.warp(DEADLINE);
        medkey.actSigned(patient, steps(), 0, DEADLINE, signature);
    }

    // ---------------------------------------------------------------- nonces

    function testFuzz_RevertWhen_NonceIsNotCurrent(uint256 nonce) external {
        vm.assume(nonce != 0);
        bytes memory signature = signDigest("patient", digestOf(patient, steps(), nonce, DEADLINE));
        expectWrongNonce(nonce, 0, signature);
    }

    function test_RevertWhen_SignatureWasUsed() external {
        bytes memory signature = signActs("patient", steps());
        medkey.actSigned(patient, steps(), 0, DEADLINE, signature);
        expectWrongNonce(0, 1, signature);
        expectNotSigned(1, signature);
    }

    function test_RevertWhen_NonceWasSkipped() external {
        bytes memory signature = signActs("patient", steps());
        vm.prank(patient);
        medkey.skipNonce(0);
        expectWrongNonce(0, 1, signature);
    }

    /// @dev Acts never change places.
    function test_WhenTwoWereSigned() external {
        bytes[] memory second = list(abi.encodeCall(medkey.removeRecord, (patient, MANIFEST)));
        bytes memory secondSignature = signDigest("patient", digestOf(patient, second, 1, DEADLINE));
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, patient, 0));
        medkey.actSigned(patient, second, 1, DEADLINE, secondSignature);
        actSigned("patient", steps());
        medkey.actSigned(patient, second, 1, DEADLINE, secondSignature);
        assertEq(medkey.nonces(patient), 2, "nonce");
    }

    function test_WhenTwoAccountsSign() external {
        registerPatient(otherPatient);
        actSigned("patient", steps());
        assertEq(medkey.nonces(otherPatient), 0, "each has its own nonce");
        actSigned("other patient", list(abi.encodeCall(medkey.addRecord, (otherPatient, MANIFEST, CARD))));
        assertEq(medkey.nonces(otherPatient), 1, "nonce");
        assertEq(medkey.nonces(patient), 1, "nonce");
        assertEq(medkey.nonces(payer), 0, "the payer has no part in it");
    }

    // ---------------------------------------------------------------- no acts

    function test_RevertWhen_StepIsNoAct() external {
        bytes[] memory calls = noActs();
        for (uint256 i = 0; i < calls.length; ++i) {
            expectNotAnAct(calls[i]);
        }
        expectNotAnAct(abi.encodeCall(medkey.skipNonce, (0)));
    }

    function testFuzz_RevertWhen_StepIsUnknown(bytes4 selector, bytes memory data) external {
        vm.assume(!isAct(selector));
        expectNotAnAct(bytes.concat(selector, data));
    }

    function testFuzz_RevertWhen_StepIsShorterThanASelector(bytes3 start, uint8 length) external {
        bytes memory step = new bytes(length % 4);
        for (uint256 i = 0; i < step.length; ++i) {
            step[i] = start[i];
        }
        vm.assume(!isAct(selectorOf(step)));
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, selectorOf(step)));
        medkey.actSigned(patient, list(step), 0, DEADLINE, "");
    }

    /// @dev The registrar acts by its own transactions alone.
    function test_RevertWhen_TheRegistrarSigned() external {
        bytes memory step = abi.encodeCall(medkey.suspend, (doctor, 1));
        bytes memory signature = signActs("registrar", list(step));
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, IMembers.suspend.selector));
        medkey.actSigned(registrar, list(step), 0, DEADLINE, signature);
    }

    // ---------------------------------------------------------------- what is signed

    function testFuzz_RevertWhen_SignedByAnotherKey(uint256 key) external {
        key = boundPrivateKey(key);
        vm.assume(vm.addr(key) != patient);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(patient, steps(), 0, DEADLINE));
        expectNotSigned(0, abi.encodePacked(r, s, v));
    }

    function test_RevertWhen_SignedByDoctorOrRegistrar() external {
        bytes32 digest = digestOf(patient, steps(), 0, DEADLINE);
        expectNotSigned(0, signDigest("doctor", digest));
        expectNotSigned(0, signDigest("registrar", digest));
        expectNotSigned(0, signDigest("recovery", digest));
    }

    function testFuzz_RevertWhen_SignedForAnotherAccount(address account) external {
        vm.assume(account != patient);
        expectNotSigned(0, signDigest("patient", digestOf(account, steps(), 0, DEADLINE)));
    }

    /// @dev Nobody can put another account in the signer's place.
    function testFuzz_RevertWhen_AnotherAccountIsNamed(address account) external {
        assumeStranger(account);
        assumeNotPrecompile(account);
        bytes memory signature = signActs("patient", steps());
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, account));
        medkey.actSigned(account, steps(), 0, DEADLINE, signature);
    }

    function testFuzz_RevertWhen_SignedForAnotherNonce(uint256 nonce) external {
        vm.assume(nonce != 0);
        expectNotSigned(0, signDigest("patient", digestOf(patient, steps(), nonce, DEADLINE)));
    }

    function testFuzz_RevertWhen_SignedForAnotherDeadline(uint256 deadline) external {
        vm.assume(deadline != DEADLINE);
        expectNotSigned(0, signDigest("patient", digestOf(patient, steps(), 0, deadline)));
    }

    function test_RevertWhen_SignedForAnotherContract() external {
        IMedkey other = deployMedkey(registrar);
        bytes32 structHash = SignedActs.hash(patient, steps(), 0, DEADLINE);
        expectNotSigned(0, signDigest("patient", TypedData.digest(address(other), structHash)));
    }

    function testFuzz_RevertWhen_SignedForAnotherChain(uint256 chainId) external {
        vm.assume(chainId != block.chainid);
        bytes32 structHash = SignedActs.hash(patient, steps(), 0, DEADLINE);
        expectNotSigned(0, signDigest("patient", TypedData.digest(chainId, address(medkey), structHash)));
    }

    function testFuzz_RevertWhen_ChainSplitSinceSigned(uint64 chainId) external {
        vm.assume(chainId != 0 && chainId != block.chainid);
        bytes memory signature = signActs("patient", steps());
        vm.chainId(chainId);
        expectNotSigned(0, signature);
    }

    function testFuzz_RevertWhen_OneBitOfAStepIsChanged(uint256 bit) external {
        bytes[] memory changed = steps();
        bit = bound(bit, 4 * 8, changed[0].length * 8 - 1);
        bytes memory signature = signActs("patient", changed);
        changed[0][bit / 8] ^= bytes1(0x01) << (bit % 8);
        expectNotSigned(changed, signature);
    }

    function test_RevertWhen_AStepBecomesAnotherAct() external {
        bytes memory signature = signActs("patient", list(abi.encodeCall(medkey.acceptMove, (patient))));
        expectNotSigned(list(abi.encodeCall(medkey.vetoMove, (patient))), signature);
    }

    function test_RevertWhen_StepsAreSwapped() external {
        bytes memory first = abi.encodeCall(medkey.blockAuthor, (patient, doctor, true));
        bytes memory second = abi.encodeCall(medkey.blockAuthor, (patient, doctor, false));
        expectNotSigned(list(second, first), signActs("patient", list(first, second)));
    }

    function test_RevertWhen_StepsOfTwoKindsAreSwapped() external {
        bytes memory first = abi.encodeCall(medkey.grantAccess, (patient, doctor, SCOPE, EXPIRY, ENVELOPE));
        bytes memory second = abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor));
        expectNotSigned(list(second, first), signActs("patient", list(first, second)));
    }

    function test_RevertWhen_AStepIsAddedLeftOutOrDoubled() external {
        bytes memory step = steps()[0];
        bytes memory other = abi.encodeCall(medkey.blockAuthor, (patient, doctor, true));
        bytes memory signature = signActs("patient", list(step, other));
        expectNotSigned(list(step, other, other), signature);
        expectNotSigned(list(step), signature);
        expectNotSigned(list(other), signature);
        expectNotSigned(list(step, step), signature);
        expectNotSigned(new bytes[](0), signature);
    }

    function testFuzz_RevertWhen_AStepIsLonger(bytes memory tail) external {
        vm.assume(tail.length != 0);
        expectNotSigned(list(bytes.concat(steps()[0], tail)), signActs("patient", steps()));
    }

    // ---------------------------------------------------------------- forms of a signature

    function test_RevertWhen_SignatureIsMirrored() external {
        (bytes32 r, bytes32 s, uint8 v) = signSteps();
        expectNotSigned(0, abi.encodePacked(r, ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27)));
        expectNotSigned(0, abi.encodePacked(r, ORDER - uint256(s), v));
    }

    function testFuzz_RevertWhen_RecoveryIdIsAnother(uint8 other) external {
        (bytes32 r, bytes32 s, uint8 v) = signSteps();
        vm.assume(other != v);
        expectNotSigned(0, abi.encodePacked(r, s, other));
    }

    function test_RevertWhen_SignatureIsCompact() external {
        (, uint256 key) = makeAddrAndKey("patient");
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digestOf(patient, steps(), 0, DEADLINE));
        expectNotSigned(0, abi.encodePacked(r, vs));
    }

    function testFuzz_RevertWhen_SignatureIsLonger(bytes memory tail) external {
        vm.assume(tail.length != 0);
        expectNotSigned(0, bytes.concat(signActs("patient", steps()), tail));
    }

    function testFuzz_RevertWhen_SignatureIsCut(uint256 length) external {
        bytes memory whole = signActs("patient", steps());
        bytes memory cut = new bytes(bound(length, 0, whole.length - 1));
        for (uint256 i = 0; i < cut.length; ++i) {
            cut[i] = whole[i];
        }
        expectNotSigned(0, cut);
    }

    function testFuzz_RevertWhen_NotSigned(bytes memory signature) external {
        expectNotSigned(0, signature);
    }

    /// @dev `ecrecover` answers zero where there is nothing to recover.
    function testFuzz_RevertWhen_AccountIsZero(bytes32 r, bytes32 s, uint8 v) external {
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, address(0)));
        medkey.actSigned(address(0), steps(), 0, DEADLINE, abi.encodePacked(r, s, v));
    }

    // ---------------------------------------------------------------- when a step fails

    function test_RevertWhen_AStepFails_AllIsUndone() external {
        bytes memory first = abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD));
        bytes memory second = abi.encodeCall(medkey.grantAccess, (patient, lab, SCOPE, EXPIRY, ENVELOPE));
        bytes memory signature = signActs("patient", list(first, second));
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotVerified.selector, lab));
        medkey.actSigned(patient, list(first, second), 0, DEADLINE, signature);
        assertEq(headOf(patient), 0, "nothing was done");
        assertEq(medkey.nonces(patient), 0, "the nonce is not used");

        registerActive(lab, IMembers.Role.Lab);
        medkey.actSigned(patient, list(first, second), 0, DEADLINE, signature);
        assertEq(accessOf(lab, SCOPE).expiry, EXPIRY, "once it can be done, it is");
    }

    function testFuzz_RevertWhen_ChartIsNoAddress(uint256 chart) external {
        chart = bound(chart, uint256(type(uint160).max) + 1, type(uint256).max);
        expectRefusedThoughSigned(abi.encodeWithSelector(ICharts.addRecord.selector, chart, MANIFEST, CARD));
    }

    function testFuzz_RevertWhen_RoleIsNone(uint256 role) external {
        role = bound(role, uint256(IMembers.Role.Lab) + 1, type(uint256).max);
        expectRefusedThoughSigned(
            abi.encodeWithSelector(IMembers.registerProfessional.selector, role, CARD, PROFILE, 0)
        );
    }

    function test_RevertWhen_ArgumentsAreCut() external {
        expectRefusedThoughSigned(abi.encodeWithSelector(ICharts.addRecord.selector, patient, MANIFEST));
        expectRefusedThoughSigned(abi.encodeWithSelector(ICharts.addRecord.selector));
    }

    // ---------------------------------------------------------------- when signed

    function testFuzz_WhoeverSends(address sender) external {
        bytes memory signature = signActs("patient", steps());
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, MANIFEST);
        vm.prank(sender);
        medkey.actSigned(patient, steps(), 0, DEADLINE, signature);
    }

    function test_WhenAnotherMemberSends() external {
        bytes memory signature = signActs("patient", steps());
        vm.expectEmit(address(medkey));
        emit ICharts.RecordAdded(patient, patient, MANIFEST);
        vm.prank(doctor);
        medkey.actSigned(patient, steps(), 0, DEADLINE, signature);
    }

    function test_WhenThereAreNoSteps() external {
        actSigned("patient", new bytes[](0));
        assertEq(medkey.nonces(patient), 1, "the nonce is used");
        assertEq(headOf(patient), 0, "nothing else is done");
    }

    /// @dev Any acts in any order have the same outcome as a multicall of the account's own, refusals included.
    function testFuzz_AsAMulticall(uint256 seed, uint256 count) external {
        grant(doctor, SCOPE, EXPIRY);
        string memory name = seed % 2 == 0 ? "patient" : "doctor";
        address account = makeAddr(name);
        bytes[] memory all = everyAct(account);
        bytes[] memory some = new bytes[](bound(count, 0, 12));
        for (uint256 i = 0; i < some.length; ++i) {
            some[i] = all[uint256(keccak256(abi.encode(seed, i))) % all.length];
        }
        bytes memory signature = signActs(name, some);
        uint256 state = vm.snapshotState();
        vm.prank(account);
        (bool expected, bytes memory expectedAnswer) = address(medkey).call(abi.encodeCall(medkey.multicall, (some)));
        bytes32 head = headOf(patient);
        vm.revertToState(state);

        vm.prank(payer);
        (bool done, bytes memory answer) =
            address(medkey).call(abi.encodeCall(medkey.actSigned, (account, some, 0, DEADLINE, signature)));
        assertEq(done, expected, "done");
        assertEq(answer, expectedAnswer, "answer");
        assertEq(headOf(patient), head, "head");
        assertEq(medkey.nonces(account), done ? 1 : 0, "nonce");
    }

    // ---------------------------------------------------------------- helpers

    function steps() private view returns (bytes[] memory) {
        return list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD)));
    }

    function signSteps() private returns (bytes32 r, bytes32 s, uint8 v) {
        (, uint256 key) = makeAddrAndKey("patient");
        (v, r, s) = vm.sign(key, digestOf(patient, steps(), 0, DEADLINE));
    }

    function expectWrongNonce(uint256 nonce, uint256 current, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, patient, current));
        medkey.actSigned(patient, steps(), nonce, DEADLINE, signature);
    }

    function expectNotSigned(uint256 nonce, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, patient));
        medkey.actSigned(patient, steps(), nonce, DEADLINE, signature);
    }

    function expectNotSigned(bytes[] memory others, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, patient));
        medkey.actSigned(patient, others, 0, DEADLINE, signature);
    }

    /// @dev Alone, and behind an act.
    function expectNotAnAct(bytes memory step) private {
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, selectorOf(step)));
        medkey.actSigned(patient, list(step), 0, DEADLINE, "");
        bytes[] memory both = list(steps()[0], step);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotAnAct.selector, selectorOf(step)));
        medkey.actSigned(patient, both, 0, DEADLINE, "");
    }

    /// @dev The signature counts, and the step's arguments do not decode.
    function expectRefusedThoughSigned(bytes memory step) private {
        bytes memory signature = signActs("stranger", list(step));
        vm.expectRevert(bytes(""));
        medkey.actSigned(stranger, list(step), 0, DEADLINE, signature);
    }
}
