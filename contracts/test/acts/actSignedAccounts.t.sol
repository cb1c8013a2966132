// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ISafe} from "@safe-global/safe-smart-account/contracts/interfaces/ISafe.sol";

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {KeyAccount, WritingAccount} from "../helpers/Accounts.sol";
import {ActsTest} from "../helpers/ActsTest.sol";
import {Safes} from "../helpers/Safes.sol";

/// @dev Whose signature counts: a key's, a contract's (ERC-1271), both for an account that delegates (EIP-7702).
contract ActSignedAccountsTest is ActsTest, Safes {
    bytes4 internal constant ACCEPTED = IERC1271.isValidSignature.selector;

    /// @dev A contract account whose key is another's.
    address internal wallet;

    function setUp() public override {
        super.setUp();
        wallet = address(new KeyAccount(makeAddr("wallet key")));
        vm.label(wallet, "wallet");
    }

    // ---------------------------------------------------------------- contracts

    function test_Contract_Accepts() external {
        expectActed(wallet, signed("wallet key", wallet));
    }

    function test_Contract_ActsAsAMember() external {
        registerActive(doctor, IMembers.Role.Doctor);
        expectActed(wallet, signed("wallet key", wallet));
        bytes[] memory steps = list(
            abi.encodeCall(medkey.addRecord, (wallet, MANIFEST, CARD)),
            abi.encodeCall(medkey.grantAccess, (wallet, doctor, SCOPE, EXPIRY, ENVELOPE))
        );
        bytes memory signature = signDigest("wallet key", digestOf(wallet, steps, 1, DEADLINE));
        vm.prank(payer);
        medkey.actSigned(wallet, steps, 1, DEADLINE, signature);
        (, ICharts.Access memory access,) = medkey.viewAccess(wallet, doctor, SCOPE);
        assertEq(access.expiry, EXPIRY, "grant");
    }

    function testFuzz_Contract_Refuses(uint256 key) external {
        key = boundPrivateKey(key);
        vm.assume(vm.addr(key) != makeAddr("wallet key"));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(wallet, registration(), 0, DEADLINE));
        expectNotSigned(wallet, abi.encodePacked(r, s, v));
    }

    /// @dev It asks the contract about this very digest.
    function testFuzz_Contract_RefusesAnotherDigest(bytes32 digest) external {
        vm.assume(digest != digestOf(wallet, registration(), 0, DEADLINE));
        expectNotSigned(wallet, signDigest("wallet key", digest));
    }

    function test_Contract_GetsDigestAndSignatureAsTheyAre() external {
        bytes memory signature = "of any form and length, which is for the account to understand";
        bytes32 digest = digestOf(wallet, registration(), 0, DEADLINE);
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        vm.mockCall(wallet, question, abi.encode(ACCEPTED));
        vm.expectCall(wallet, question);
        expectActed(wallet, signature);
    }

    function testFuzz_Contract_GetsDigestAndSignatureAsTheyAre(bytes memory signature) external {
        bytes32 digest = digestOf(wallet, registration(), 0, DEADLINE);
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        vm.mockCall(wallet, question, abi.encode(ACCEPTED));
        expectActed(wallet, signature);
    }

    function testFuzz_Contract_Reverts(bytes memory reason) external {
        vm.mockCallRevert(wallet, abi.encodePacked(ACCEPTED), reason);
        expectNotSigned(wallet, "");
    }

    function test_Contract_RevertsWithWhatWouldAccept() external {
        vm.mockCallRevert(wallet, abi.encodePacked(ACCEPTED), abi.encode(ACCEPTED));
        expectNotSigned(wallet, "");
    }

    function testFuzz_Contract_AnswersAnything(bytes memory answer) external {
        vm.assume(answer.length < 32 || abi.decode(answer, (bytes32)) != bytes32(ACCEPTED));
        expectRefusedAnswer(answer);
    }

    function test_Contract_AnswersGarbage() external {
        expectRefusedAnswer("");
        expectRefusedAnswer(abi.encodePacked(ACCEPTED));
        expectRefusedAnswer(abi.encodePacked(ACCEPTED, new bytes(27)));
        expectRefusedAnswer(abi.encodePacked(ACCEPTED, new bytes(27), hex"01"));
        expectRefusedAnswer(abi.encodePacked(new bytes(28), ACCEPTED));
        expectRefusedAnswer(abi.encode(true));
        expectRefusedAnswer(abi.encode(bytes4(0xffffffff)));
        expectRefusedAnswer(abi.encode(bytes4(0), ACCEPTED));
    }

    function test_Contract_AnswersMoreThanAWord() external {
        vm.mockCall(wallet, abi.encodePacked(ACCEPTED), abi.encode(ACCEPTED, "and more"));
        expectActed(wallet, "");
    }

    function test_Contract_KnowsNoErc1271() external {
        expectNotSigned(address(medkey), signed("patient", address(medkey)));
        expectNotSigned(address(this), signed("patient", address(this)));
    }

    /// @dev The question cannot change anything: no contract gets a hand in between the nonce and the acts.
    function test_Contract_WritesWhenAsked() external {
        expectNotSigned(address(new WritingAccount()), "");
    }

    function test_Contract_NoLongerAccepts() external {
        bytes memory signature = signed("wallet key", wallet);
        vm.etch(wallet, address(new KeyAccount(makeAddr("next wallet key"))).code);
        expectNotSigned(wallet, signature);
        expectActed(wallet, signed("next wallet key", wallet));
    }

    /// @dev A precompiled contract answers calls, `identity` with the question itself; none of them signs.
    function testFuzz_Precompile(uint160 number, bytes memory signature) external {
        expectNotSigned(address(uint160(bound(number, 1, 0x11))), signature);
        expectNotSigned(address(0x100), signature);
    }

    // ---------------------------------------------------------------- accounts that delegate

    function test_Delegating_ItsKeySigns_GivenTheDelegateRefuses() external {
        delegate(wallet);
        expectNotSigned(patient, signed("stranger", patient));
        expectActed(patient, signed("patient", patient));
    }

    function test_Delegating_ItsKeySigns_GivenTheDelegateReverts() external {
        delegate(address(new WritingAccount()));
        expectActed(patient, signed("patient", patient));
    }

    function test_Delegating_ItsKeySigns_GivenTheDelegateKnowsNoErc1271() external {
        delegate(address(medkey));
        expectNotSigned(patient, signed("wallet key", patient));
        expectActed(patient, signed("patient", patient));
    }

    function test_Delegating_ItsKeySigns_GivenTheDelegateHasNoCode() external {
        delegate(stranger);
        expectNotSigned(patient, signed("stranger", patient));
        expectActed(patient, signed("patient", patient));
    }

    function test_Delegating_ItsKeySigns_GivenTheDelegateIsAPrecompile() external {
        delegate(address(4));
        expectNotSigned(patient, signed("stranger", patient));
        expectActed(patient, signed("patient", patient));
    }

    function test_Delegating_TheDelegateAccepts() external {
        delegate(wallet);
        expectActed(patient, signed("wallet key", patient));
    }

    function test_Delegating_TheDelegateAccepts_UntilItIsAnother() external {
        bytes memory signature = signed("wallet key", patient);
        delegate(wallet);
        delegate(address(new KeyAccount(stranger)));
        expectNotSigned(patient, signature);
        expectActed(patient, signed("stranger", patient));
    }

    function test_Delegating_NoLonger() external {
        delegate(wallet);
        (, uint256 key) = makeAddrAndKey("patient");
        vm.signAndAttachDelegation(address(0), key);
        sendAnything();
        assertEq(patient.code.length, 0, "no code");
        expectNotSigned(patient, signed("wallet key", patient));
        expectActed(patient, signed("patient", patient));
    }

    /// @dev A signature for the delegate's contract is none for the account that delegates to it.
    function test_Delegating_WhatTheDelegateSignedForItself() external {
        delegate(wallet);
        expectNotSigned(patient, signed("wallet key", wallet));
    }

    /// @dev As it stands in the state, whatever the cheatcode makes of it.
    function test_Delegating_ByItsDesignator() external {
        vm.etch(patient, abi.encodePacked(hex"ef0100", wallet));
        expectActed(patient, signed("wallet key", patient));
    }

    // ---------------------------------------------------------------- a Safe

    function test_Safe_TwoOwnersSign() external {
        ISafe safe = deploySafe();
        bytes32 hash = messageHash(safe, digestOf(address(safe), registration(), 0, DEADLINE));
        expectActed(address(safe), signedByTwo("second owner", "third owner", hash));
    }

    function test_Safe_FewerSign() external {
        ISafe safe = deploySafe();
        bytes32 digest = digestOf(address(safe), registration(), 0, DEADLINE);
        bytes32 hash = messageHash(safe, digest);
        expectNotSigned(address(safe), signedByOne("second owner", hash));
        expectNotSigned(address(safe), signedByTwo("second owner", "second owner", hash));
        expectNotSigned(address(safe), signedByTwo("second owner", "stranger", hash));
        expectNotSigned(address(safe), signedByTwo("second owner", "third owner", digest));
    }

    // ---------------------------------------------------------------- helpers

    /// @dev What everybody may do who is nobody yet.
    function registration() private view returns (bytes[] memory) {
        return list(abi.encodeCall(medkey.registerPatient, (CARD)));
    }

    /// @dev With the key of `name`, for `account`.
    function signed(string memory name, address account) private returns (bytes memory) {
        return signDigest(name, digestOf(account, registration(), 0, DEADLINE));
    }

    function expectActed(address account, bytes memory signature) private {
        vm.expectEmit(address(medkey));
        emit IMembers.PatientRegistered(account, CARD);
        vm.prank(payer);
        medkey.actSigned(account, registration(), 0, DEADLINE, signature);
        assertEq(medkey.nonces(account), 1, "nonce");
    }

    function expectNotSigned(address account, bytes memory signature) private {
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, account));
        medkey.actSigned(account, registration(), 0, DEADLINE, signature);
    }

    function expectRefusedAnswer(bytes memory answer) private {
        vm.mockCall(wallet, abi.encodePacked(ACCEPTED), answer);
        expectNotSigned(wallet, "");
    }

    /// @dev From now on the patient's account has the delegate's code.
    function delegate(address to) private {
        (, uint256 key) = makeAddrAndKey("patient");
        vm.signAndAttachDelegation(to, key);
        sendAnything();
        assertEq(patient.code, abi.encodePacked(hex"ef0100", to), "designator");
    }

    /// @dev The transaction that carries the authorisation.
    function sendAnything() private {
        vm.prank(payer);
        (bool done,) = payer.call("");
        assertTrue(done, "sent");
    }
}
