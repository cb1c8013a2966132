// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @dev EIP-712 as a wallet does it: every type written out by hand, nothing taken from the contract.
library TypedData {
    function digest(address verifyingContract, bytes32 structHash) internal view returns (bytes32) {
        return digest(block.chainid, verifyingContract, structHash);
    }

    function digest(uint256 chainId, address verifyingContract, bytes32 structHash) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Medkey"),
                keccak256("1"),
                chainId,
                verifyingContract
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function offerClaim(address chart, bytes32 scope, address claimer) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(keccak256("OfferClaim(address chart,bytes32 scope,address claimer)"), chart, scope, claimer)
        );
    }

    function moveChart(address chart, address account, uint256 nonce) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(keccak256("MoveChart(address chart,address account,uint256 nonce)"), chart, account, nonce)
        );
    }
}
