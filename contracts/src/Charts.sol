// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {MemberSlot} from "./MemberSlot.sol";
import {Members} from "./Members.sol";
import {ICharts} from "./interfaces/ICharts.sol";

/// @title The charts' part of Medkey: records, requests, grants and accesses
/// @dev Every function ends in one event and its fold into the chart's head. When a chart moves, its head moves to a place
/// of its own: so a head other than zero in the first place proves that the chart's id is a patient who acts for itself, and
/// moves cost the others nothing. `account` is whoever acts, by transaction or by signature.
abstract contract Charts is ICharts, Members {
    /// @dev The chain of a chart's events.
    struct Head {
        bytes32 value;
    }

    /// @dev A chart: its head, which is zero before the first event and once the chart has moved; its head from then on; one
    /// slot per grant and one per block.
    struct ChartState {
        Head head;
        Head movedHead;
        mapping(address grantee => mapping(bytes32 scope => uint256 expiry)) grants;
        mapping(address author => bool blocked) blocks;
    }

    /// @dev `Offers` writes grants too, `Moves` heads.
    mapping(address chart => ChartState state) internal _charts;

    // ---------------------------------------------------------------- records

    /// @inheritdoc ICharts
    function addRecord(address chart, bytes32 manifest, bytes32 card) external {
        _addRecord(msg.sender, chart, manifest, card);
    }

    /// @inheritdoc ICharts
    function replaceRecord(address chart, bytes32 previous, bytes32 manifest, bytes32 card) external {
        _replaceRecord(msg.sender, chart, previous, manifest, card);
    }

    /// @inheritdoc ICharts
    function removeRecord(address chart, bytes32 manifest) external {
        _removeRecord(msg.sender, chart, manifest);
    }

    // ---------------------------------------------------------------- requests

    /// @inheritdoc ICharts
    function requestAccess(address chart, bytes32 reason) external {
        _requestAccess(msg.sender, chart, reason);
    }

    /// @inheritdoc ICharts
    function denyRequest(address chart, address requester, bytes32 reason) external {
        _denyRequest(msg.sender, chart, requester, reason);
    }

    // ---------------------------------------------------------------- grants

    /// @inheritdoc ICharts
    function grantAccess(address chart, address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) external {
        _grantAccess(msg.sender, chart, grantee, scope, expiry, envelope);
    }

    /// @inheritdoc ICharts
    function revokeAccess(address chart, bytes32 scope, address grantee) external {
        _revokeAccess(msg.sender, chart, scope, grantee);
    }

    /// @inheritdoc ICharts
    function blockAuthor(address chart, address author, bool blocked) external {
        _blockAuthor(msg.sender, chart, author, blocked);
    }

    /// @inheritdoc ICharts
    function logAccess(address chart, bytes32 scope) external {
        _logAccess(msg.sender, chart, scope);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICharts
    function viewChart(address chart) external view returns (Chart memory, ChartStamp memory) {
        return (_chart(chart), _chartStamp());
    }

    /// @inheritdoc ICharts
    function viewAccess(address chart, address party, bytes32 scope)
        external
        view
        returns (Chart memory, Access memory, ChartStamp memory)
    {
        ChartState storage state = _charts[chart];
        return (
            _chart(chart),
            Access({
                // forge-lint: disable-next-line(unsafe-typecast)
                expiry: uint40(state.grants[party][scope]),
                active: _members[party].slot.isVerified(),
                blocked: state.blocks[party]
            }),
            _chartStamp()
        );
    }

    // ---------------------------------------------------------------- acts, by whoever sends them

    function _addRecord(address account, address chart, bytes32 manifest, bytes32 card) internal {
        // The patient is named by the chart's id, whichever account acts for it.
        address author = account == chart || _members[account].slot.hasMovedHere() ? chart : account;
        (Head storage tip, bytes32 head) =
            author == chart ? _ownChart(account, chart) : _contributedChart(account, chart);
        _requireDigest(manifest);
        _requireCurrentCard(chart, card);
        emit RecordAdded(chart, author, manifest);
        _fold(tip, head, keccak256(abi.encode(RecordAdded.selector, block.timestamp, chart, author, manifest)));
    }

    function _replaceRecord(address account, address chart, bytes32 previous, bytes32 manifest, bytes32 card) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        _requireDigest(previous);
        _requireDigest(manifest);
        _requireCurrentCard(chart, card);
        emit RecordReplaced(chart, previous, manifest);
        _fold(tip, head, keccak256(abi.encode(RecordReplaced.selector, block.timestamp, chart, previous, manifest)));
    }

    function _removeRecord(address account, address chart, bytes32 manifest) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        _requireDigest(manifest);
        emit RecordRemoved(chart, manifest);
        _fold(tip, head, keccak256(abi.encode(RecordRemoved.selector, block.timestamp, chart, manifest)));
    }

    function _requestAccess(address account, address chart, bytes32 reason) internal {
        _requireDigest(reason);
        _requireVerified(account);
        (Head storage tip, bytes32 head) = _anyChart(chart);
        emit AccessRequested(chart, account, reason);
        _fold(tip, head, keccak256(abi.encode(AccessRequested.selector, block.timestamp, chart, account, reason)));
    }

    function _denyRequest(address account, address chart, address requester, bytes32 reason) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        _requireDigest(reason);
        emit RequestDenied(chart, requester, reason);
        _fold(tip, head, keccak256(abi.encode(RequestDenied.selector, block.timestamp, chart, requester, reason)));
    }

    function _grantAccess(
        address account,
        address chart,
        address grantee,
        bytes32 scope,
        uint40 expiry,
        bytes32 envelope
    ) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        if (scope == 0 || envelope == 0) revert ZeroDigest();
        if (expiry <= block.timestamp) revert ExpiryPassed(expiry);
        _requireVerified(grantee);
        _charts[chart].grants[grantee][scope] = expiry;
        emit AccessGranted(chart, grantee, scope, expiry, envelope);
        _fold(
            tip,
            head,
            keccak256(abi.encode(AccessGranted.selector, block.timestamp, chart, grantee, scope, expiry, envelope))
        );
    }

    function _revokeAccess(address account, address chart, bytes32 scope, address grantee) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        delete _charts[chart].grants[grantee][scope];
        emit AccessRevoked(chart, grantee, scope);
        _fold(tip, head, keccak256(abi.encode(AccessRevoked.selector, block.timestamp, chart, grantee, scope)));
    }

    function _blockAuthor(address account, address chart, address author, bool blocked) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        _charts[chart].blocks[author] = blocked;
        emit AuthorBlocked(chart, author, blocked);
        _fold(tip, head, keccak256(abi.encode(AuthorBlocked.selector, block.timestamp, chart, author, blocked)));
    }

    function _logAccess(address account, address chart, bytes32 scope) internal {
        _requireVerified(account);
        if (_charts[chart].grants[account][scope] <= block.timestamp) revert NoLiveGrant(chart, account, scope);
        (Head storage tip, bytes32 head) = _anyChart(chart);
        emit AccessLogged(chart, account, scope);
        _fold(tip, head, keccak256(abi.encode(AccessLogged.selector, block.timestamp, chart, account, scope)));
    }

    // ---------------------------------------------------------------- rules

    /// @dev Who acts for a chart: the account that its id names, until the chart moves.
    function _ownChart(address account, address chart) internal view returns (Head storage tip, bytes32 head) {
        if (account == chart) {
            tip = _charts[chart].head;
            head = tip.value;
            if (head == 0 && !_members[chart].slot.isPatientHere()) revert NotPatient(chart, account);
        } else {
            if (_owners[chart] != account) revert NotPatient(chart, account);
            tip = _charts[chart].movedHead;
            head = tip.value;
        }
    }

    /// @dev For acts of others, which check the account themselves.
    function _anyChart(address chart) internal view returns (Head storage tip, bytes32 head) {
        tip = _charts[chart].head;
        head = tip.value;
        if (head == 0) {
            MemberSlot slot = _members[chart].slot;
            if (!slot.isPatient()) revert NoChart(chart);
            if (slot.hasMoved()) {
                tip = _charts[chart].movedHead;
                head = tip.value;
            }
        }
    }

    /// @dev For additions by others: verified, and not blocked by the patient.
    function _contributedChart(address account, address chart) private view returns (Head storage tip, bytes32 head) {
        _requireVerified(account);
        (tip, head) = _anyChart(chart);
        if (_charts[chart].blocks[account]) revert AuthorIsBlocked(chart, account);
    }

    function _requireVerified(address account) internal view {
        if (!_members[account].slot.isVerified()) revert NotVerified(account);
    }

    function _requireCurrentCard(address chart, bytes32 card) private view {
        bytes20 current = _members[chart].slot.card();
        if (_short(card) != current) revert PatientCardChanged(chart, current);
    }

    function _requireDigest(bytes32 digest) internal pure {
        if (digest == 0) revert ZeroDigest();
    }

    function _fold(Head storage tip, bytes32 head, bytes32 eventDigest) internal {
        tip.value = Hashes.efficientKeccak256(head, eventDigest);
    }

    function _chart(address chart) private view returns (Chart memory) {
        MemberSlot slot = _members[chart].slot;
        if (!slot.isPatient()) return Chart({head: 0, registered: false, card: 0, owner: address(0)});
        bool moved = slot.hasMoved();
        ChartState storage state = _charts[chart];
        return Chart({
            head: moved ? state.movedHead.value : state.head.value,
            registered: true,
            card: slot.card(),
            owner: moved ? _owners[chart] : chart
        });
    }

    function _chartStamp() internal view returns (ChartStamp memory) {
        return ChartStamp({chainId: block.chainid, blockNumber: block.number, time: block.timestamp});
    }
}
