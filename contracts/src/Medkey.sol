// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Acts} from "./Acts.sol";
import {Members} from "./Members.sol";

/// @title Medkey: who may read which health record
/// @notice Members and charts in one contract that nobody can upgrade. `multicall` does several steps in one
/// transaction, all or none; `actSigned` does what an account signed; `eip712Domain` (ERC-5267) names the domain.
contract Medkey is Acts {
    /// @param registrar The health authority's account, which verifies doctors and laboratories
    constructor(address registrar) Members(registrar) EIP712("Medkey", "1") {}
}
