// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";

import {ActsTest} from "../helpers/ActsTest.sol";

contract SkipNonceTest is ActsTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
    }

    function testFuzz_RevertWhen_NonceIsNotCurrent(address account, uint256 nonce, uint8 current) external {
        skipTo(account, current);
        vm.assume(nonce != current);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, account, current));
        medkey.skipNonce(nonce);
    }

    function testFuzz_WhenNonceIsCurrent(address account, address other, uint8 current) external {
        vm.assume(account != other);
        skipTo(account, current);
        assertEq(medkey.nonces(account), current, "one by one");
        assertEq(medkey.nonces(other), 0, "nobody else's");
    }

    function test_WhatWasSignedIsWorthless() external {
        bytes[] memory steps = list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD)));
        bytes memory signature = signActs("patient", steps);
        vm.prank(patient);
        medkey.skipNonce(0);
        vm.expectRevert(abi.encodeWithSelector(IActs.WrongNonce.selector, patient, 1));
        medkey.actSigned(patient, steps, 0, DEADLINE, signature);
        vm.expectRevert(abi.encodeWithSelector(IActs.NotSignedBy.selector, patient));
        medkey.actSigned(patient, steps, 1, DEADLINE, signature);
        assertEq(headOf(patient), 0, "nothing was done");

        actSigned("patient", steps);
        assertNotEq(headOf(patient), 0, "the next signature counts");
    }

    function skipTo(address account, uint256 nonce) private {
        vm.startPrank(account);
        for (uint256 i = 0; i < nonce; ++i) {
            medkey.skipNonce(i);
        }
        vm.stopPrank();
    }
}
