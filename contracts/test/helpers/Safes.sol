// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISafe} from "@safe-global/safe-smart-account/contracts/interfaces/ISafe.sol";
import {Enum} from "@safe-global/safe-smart-account/contracts/libraries/Enum.sol";
import {SafeProxyFactory} from "@safe-global/safe-smart-account/contracts/proxies/SafeProxyFactory.sol";
import {Test} from "forge-std/Test.sol";

/// @dev A Safe of three owners that asks for two, from the code that Safe itself compiled and published.
abstract contract Safes is Test {
    string private constant ARTEFACTS = "node_modules/@safe-global/safe-smart-account/build/artifacts/contracts/";

    function deploySafe() internal returns (ISafe) {
        address singleton = vm.deployCode(string.concat(ARTEFACTS, "Safe.sol/Safe.json"));
        address factory = vm.deployCode(string.concat(ARTEFACTS, "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"));
        address handler = vm.deployCode(
            string.concat(ARTEFACTS, "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json")
        );
        address[] memory owners = new address[](3);
        owners[0] = makeAddr("first owner");
        owners[1] = makeAddr("second owner");
        owners[2] = makeAddr("third owner");
        bytes memory setup =
            abi.encodeCall(ISafe.setup, (owners, 2, address(0), "", handler, address(0), 0, payable(address(0))));
        return ISafe(payable(address(SafeProxyFactory(factory).createProxyWithNonce(singleton, setup, 0))));
    }

    /// @dev Sent by anybody.
    function execute(ISafe safe, address to, bytes memory data, bytes memory signatures) internal {
        safe.execTransaction(to, 0, data, Enum.Operation.Call, 0, 0, 0, address(0), payable(address(0)), signatures);
    }

    function transactionHash(ISafe safe, address to, bytes memory data) internal view returns (bytes32) {
        return safe.getTransactionHash(
            to, 0, data, Enum.Operation.Call, 0, 0, 0, address(0), payable(address(0)), safe.nonce()
        );
    }

    /// @dev What the owners sign where another contract asks the Safe about `digest` (ERC-1271).
    function messageHash(ISafe safe, bytes32 digest) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(uint256 chainId,address verifyingContract)"), block.chainid, address(safe)
            )
        );
        bytes32 message = keccak256(abi.encode(keccak256("SafeMessage(bytes message)"), keccak256(abi.encode(digest))));
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    /// @dev A Safe takes signatures in the order of the owners' addresses.
    function signedByTwo(string memory name, string memory other, bytes32 digest) internal returns (bytes memory) {
        bytes memory left = signedByOne(name, digest);
        bytes memory right = signedByOne(other, digest);
        return makeAddr(name) < makeAddr(other) ? bytes.concat(left, right) : bytes.concat(right, left);
    }

    function signedByOne(string memory name, bytes32 digest) internal returns (bytes memory) {
        (, uint256 key) = makeAddrAndKey(name);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
