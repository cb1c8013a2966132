// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Acts of Medkey: several at once, and acts that somebody else pays for
/// @notice An act is a call that a patient, a doctor or a laboratory makes. Whoever has an act's typed-data signature
/// (EIP-712) may send it: the account then acts as if it had sent it itself.
/// @dev The signed struct is composed of the acts themselves, so that a wallet shows each by its name and fields:
/// `Acts(address account,<Act> act1,<Act> act2,...,uint256 nonce,uint256 deadline)`, where `<Act>` is the called
/// function's name with a capital and its parameters, enums as `uint8`: `LogAccess(address chart,bytes32 scope)`.
/// The nonces of an account count up one by one, so acts never change places.
interface IActs {
    /// @notice The call is not an act of a patient, a doctor or a laboratory.
    error NotAnAct(bytes4 selector);

    /// @notice The acts were signed to be done before this block time.
    error DeadlinePassed(uint256 deadline);

    /// @notice The acts were signed over another nonce than the account's current one.
    error WrongNonce(address account, uint256 current);

    /// @notice The acts are not signed by this account: neither with its key nor as ERC-1271 has it.
    error NotSignedBy(address account);

    /// @notice Does several calls of this contract in one transaction, as the caller: all or none.
    /// @dev A failing step's error is passed on as it is. Steps answer nothing; what they did is in the events.
    /// @param steps Encoded calls
    function multicall(bytes[] calldata steps) external;

    /// @notice Does what an account signed, all or none; anybody may send it.
    /// @param account The account that signed: one with a key (EIP-7702 delegations included) or a contract (ERC-1271)
    /// @param steps Encoded acts, in their order
    /// @param nonce The account's nonce, as signed
    /// @param deadline Last block time at which it may be done, as signed
    /// @param signature The account's signature
    function actSigned(
        address account,
        bytes[] calldata steps,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Makes whatever the caller signed over its current nonce worthless. A step of `multicall` too, so that an
    /// act and the end of what was signed before it are one.
    /// @param nonce The current nonce
    function skipNonce(uint256 nonce) external;

    /// @notice The nonce that an account's next signature is made over.
    function nonces(address account) external view returns (uint256 nonce);
}
