// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {ICharts} from "./interfaces/ICharts.sol";
import {Members} from "./Members.sol";

/// @title The charts' part of Medkey
/// @dev Every function ends in one event and its fold into the chart's head. A head other than zero proves that the
/// chart's id is a patient, since the first event checked it and a role is for ever: later events save that read.
abstract contract Charts is ICharts, Members {
    /// @dev A chart: its head, one slot per grant and one per block.
    struct ChartState {
        bytes32 head;
        mapping(address grantee => mapping(bytes32 scope => uint40 expiry)) grants;
        mapping(address author => bool blocked) blocks;
    }

    mapping(address chart => ChartState state) private _charts;

    // ---------------------------------------------------------------- records

    /// @inheritdoc ICharts
    function addRecord(address chart, bytes32 manifest, bytes32 card) external {
        (ChartState storage state, bytes32 head) = msg.sender == chart ? _ownChart(chart) : _contributedChart(chart);
        _requireDigest(manifest);
        bytes20 current = _members[chart].slot.card();
        if (_short(card) != current) revert PatientCardChanged(chart, current);
        emit RecordAdded(chart, msg.sender, manifest);
        _fold(state, head, keccak256(abi.encode(RecordAdded.selector, block.timestamp, chart, msg.sender, manifest)));
    }

    /// @inheritdoc ICharts
    function replaceRecord(address chart, bytes32 previous, bytes32 manifest) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        _requireDigest(previous);
        _requireDigest(manifest);
        emit RecordReplaced(chart, previous, manifest);
        _fold(state, head, keccak256(abi.encode(RecordReplaced.selector, block.timestamp, chart, previous, manifest)));
    }

    /// @inheritdoc ICharts
    function removeRecord(address chart, bytes32 manifest) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        _requireDigest(manifest);
        emit RecordRemoved(chart, manifest);
        _fold(state, head, keccak256(abi.encode(RecordRemoved.selector, block.timestamp, chart, manifest)));
    }

    // ---------------------------------------------------------------- requests

    /// @inheritdoc ICharts
    function requestAccess(address chart, bytes32 reason) external {
        _requireDigest(reason);
        _requireVerified(msg.sender);
        (ChartState storage state, bytes32 head) = _anyChart(chart);
        emit AccessRequested(chart, msg.sender, reason);
        _fold(state, head, keccak256(abi.encode(AccessRequested.selector, block.timestamp, chart, msg.sender, reason)));
    }

    /// @inheritdoc ICharts
    function denyRequest(address chart, address requester, bytes32 reason) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        _requireDigest(reason);
        emit RequestDenied(chart, requester, reason);
        _fold(state, head, keccak256(abi.encode(RequestDenied.selector, block.timestamp, chart, requester, reason)));
    }

    // ---------------------------------------------------------------- grants

    /// @inheritdoc ICharts
    function grantAccess(address chart, address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        if (scope == 0 || envelope == 0) revert ZeroDigest();
        if (expiry <= block.timestamp) revert ExpiryPassed(expiry);
        _requireVerified(grantee);
        state.grants[grantee][scope] = expiry;
        emit AccessGranted(chart, grantee, scope, expiry, envelope);
        _fold(
            state,
            head,
            keccak256(abi.encode(AccessGranted.selector, block.timestamp, chart, grantee, scope, expiry, envelope))
        );
    }

    /// @inheritdoc ICharts
    function revokeAccess(address chart, address grantee, bytes32 scope) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        delete state.grants[grantee][scope];
        emit AccessRevoked(chart, grantee, scope);
        _fold(state, head, keccak256(abi.encode(AccessRevoked.selector, block.timestamp, chart, grantee, scope)));
    }

    /// @inheritdoc ICharts
    function blockAuthor(address chart, address author, bool blocked) external {
        (ChartState storage state, bytes32 head) = _ownChart(chart);
        state.blocks[author] = blocked;
        emit AuthorBlocked(chart, author, blocked);
        _fold(state, head, keccak256(abi.encode(AuthorBlocked.selector, block.timestamp, chart, author, blocked)));
    }

    /// @inheritdoc ICharts
    function logAccess(address chart, bytes32 scope) external {
        _requireVerified(msg.sender);
        ChartState storage state = _charts[chart];
        if (state.grants[msg.sender][scope] <= block.timestamp) revert NoLiveGrant(chart, msg.sender, scope);
        emit AccessLogged(chart, msg.sender, scope);
        _fold(
            state, state.head, keccak256(abi.encode(AccessLogged.selector, block.timestamp, chart, msg.sender, scope))
        );
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
                expiry: state.grants[party][scope],
                active: _members[party].slot.isVerified(),
                blocked: state.blocks[party]
            }),
            _chartStamp()
        );
    }

    // ---------------------------------------------------------------- rules

    /// @dev Who speaks for a chart: the account that its id names. `addRecord` tells patients from others by it too.
    function _ownChart(address chart) private view returns (ChartState storage state, bytes32 head) {
        if (msg.sender != chart) revert NotPatient(chart, msg.sender);
        state = _charts[chart];
        head = state.head;
        if (head == 0 && !_members[chart].slot.isPatient()) revert NotPatient(chart, msg.sender);
    }

    /// @dev For acts of others, which check the caller themselves.
    function _anyChart(address chart) private view returns (ChartState storage state, bytes32 head) {
        state = _charts[chart];
        head = state.head;
        if (head == 0 && !_members[chart].slot.isPatient()) revert NoChart(chart);
    }

    /// @dev For additions by others: verified, and not blocked by the patient.
    function _contributedChart(address chart) private view returns (ChartState storage state, bytes32 head) {
        _requireVerified(msg.sender);
        (state, head) = _anyChart(chart);
        if (state.blocks[msg.sender]) revert AuthorIsBlocked(chart, msg.sender);
    }

    function _requireVerified(address account) private view {
        if (!_members[account].slot.isVerified()) revert NotVerified(account);
    }

    function _requireDigest(bytes32 digest) private pure {
        if (digest == 0) revert ZeroDigest();
    }

    function _fold(ChartState storage state, bytes32 head, bytes32 eventDigest) private {
        state.head = Hashes.efficientKeccak256(head, eventDigest);
    }

    function _chart(address chart) private view returns (Chart memory) {
        bool registered = _members[chart].slot.isPatient();
        return Chart({
            head: _charts[chart].head,
            registered: registered,
            card: registered ? _members[chart].slot.card() : bytes20(0)
        });
    }

    function _chartStamp() private view returns (ChartStamp memory) {
        return ChartStamp({chainId: block.chainid, blockNumber: block.number, time: block.timestamp});
    }
}
