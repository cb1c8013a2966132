// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Charts} from "./Charts.sol";
import {Members} from "./Members.sol";

/// @title Medkey: who may read which health record
/// @notice Members and charts in one contract that nobody can upgrade. `multicall` does several steps in one
/// transaction, all or none; `eip712Domain` (ERC-5267) names the domain of typed data.
contract Medkey is Charts, EIP712 {
    /// @param registrar The health authority's account, which verifies doctors and laboratories
    constructor(address registrar) Members(registrar) EIP712("Medkey", "1") {}

    /// @notice Does several calls of this contract in one transaction, as the caller: all or none.
    /// @dev A failing step's error is passed on as it is. Steps answer nothing; what they did is in the events.
    /// @param steps Encoded calls
    function multicall(bytes[] calldata steps) external {
        for (uint256 i = 0; i < steps.length; ++i) {
            (bool done,) = address(this).delegatecall(steps[i]);
            if (!done) LowLevelCall.bubbleRevert();
        }
    }
}
