// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Charts} from "./Charts.sol";
import {MemberSlot, MemberSlots} from "./MemberSlot.sol";
import {ICharts} from "./interfaces/ICharts.sol";

/// @title Moves: a patient's way to a new wallet
/// @dev The card names an address whose key follows from the recovery code on paper. Its signature begins a move, the
/// account that acts for the patient can stop it while it waits, and a fresh account then takes the chart over. Nothing
/// but the right to act changes hands: grants, blocks, offers and the card stay under the chart's id.
abstract contract Moves is Charts, EIP712 {
    /// @dev Long enough for a patient who is travelling to see that somebody else found the recovery code.
    uint40 private constant WAITING_PERIOD = 7 days;

    /// @dev Where every card block names the recovery address: behind five header fields of fixed length.
    uint256 private constant RECOVERY_AT = 55;

    bytes32 private constant MOVE_TYPE = keccak256("MoveChart(address chart,address account,uint256 nonce)");

    mapping(address chart => Move move) private _moves;

    /// @inheritdoc ICharts
    function proposeMove(address chart, bytes calldata card, address account, bytes32 r, bytes32 vs) external {
        (Head storage tip, bytes32 head) = _anyChart(chart);
        _requireFresh(account);
        Move storage move = _moves[chart];
        uint32 nonce = move.nonce;
        _requireRecoveryKey(chart, card, account, nonce, r, vs);
        // forge-lint: disable-next-line(unsafe-typecast)
        uint40 effective = uint40(block.timestamp) + WAITING_PERIOD;
        _moves[chart] = Move({account: account, effective: effective, nonce: nonce + 1});
        emit MoveProposed(chart, account, effective);
        _fold(tip, head, keccak256(abi.encode(MoveProposed.selector, block.timestamp, chart, account, effective)));
    }

    /// @inheritdoc ICharts
    function vetoMove(address chart) external {
        _vetoMove(msg.sender, chart);
    }

    /// @inheritdoc ICharts
    function acceptMove(address chart) external {
        _acceptMove(msg.sender, chart);
    }

    /// @inheritdoc ICharts
    function viewMove(address chart) external view returns (Move memory, ChartStamp memory) {
        return (_moves[chart], _chartStamp());
    }

    function _vetoMove(address account, address chart) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        address stopped = _moves[chart].account;
        if (stopped == address(0)) revert NoMove(chart, stopped);
        _endMove(chart);
        emit MoveVetoed(chart, stopped);
        _fold(tip, head, keccak256(abi.encode(MoveVetoed.selector, block.timestamp, chart, stopped)));
    }

    function _acceptMove(address account, address chart) internal {
        Move memory move = _moves[chart];
        if (move.account != account || account == address(0)) revert NoMove(chart, account);
        if (move.effective > block.timestamp) revert MoveTooEarly(move.effective);
        _requireFresh(account);
        _endMove(chart);
        ChartState storage state = _charts[chart];
        (Head storage tip, bytes32 head) = _anyChart(chart);
        tip.value = 0;
        _owners[chart] = account;
        _members[account].slot = MemberSlots.packMovedHere(chart);
        _members[chart].slot = _members[chart].slot.withMovedAway();
        emit ChartMoved(chart, account);
        _fold(state.movedHead, head, keccak256(abi.encode(ChartMoved.selector, block.timestamp, chart, account)));
    }

    /// @dev The nonce stays.
    function _endMove(address chart) private {
        _moves[chart].account = address(0);
        _moves[chart].effective = 0;
    }

    /// @dev A member keeps its role for ever, and an account acts for one chart at most, once.
    function _requireFresh(address account) private view {
        if (account == address(0)) revert ZeroDigest();
        if (!_members[account].slot.isFree()) revert AccountTaken(account);
    }

    /// @dev The card's bytes prove the recovery address, the signature its key.
    function _requireRecoveryKey(
        address chart,
        bytes calldata card,
        address account,
        uint32 nonce,
        bytes32 r,
        bytes32 vs
    ) private view {
        bytes20 current = _members[chart].slot.card();
        if (_short(sha256(card)) != current) revert PatientCardChanged(chart, current);
        if (card.length < RECOVERY_AT + 20) revert NoRecoveryAddress();
        address recovery = address(bytes20(card[RECOVERY_AT:RECOVERY_AT + 20]));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(MOVE_TYPE, chart, account, nonce)));
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, r, vs);
        if (failure != ECDSA.RecoverError.NoError || signer != recovery) revert WrongSignature(recovery);
    }
}
