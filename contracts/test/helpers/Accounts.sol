// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev A contract account, or what an account delegates to: accepts what one key signed. The key stands in the code, so
/// that it is there for who delegates as well.
contract KeyAccount is IERC1271 {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes memory signature) external view returns (bytes4) {
        return ECDSA.recover(digest, signature) == KEY ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @dev Accepts everything, and writes it down: which who only asks may not make it do.
contract WritingAccount {
    uint256 public asked;

    function isValidSignature(bytes32, bytes memory) external returns (bytes4) {
        ++asked;
        return IERC1271.isValidSignature.selector;
    }
}
