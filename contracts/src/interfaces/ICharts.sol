// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Charts of Medkey: records, requests, grants and accesses of every patient
/// @notice A chart is everything about one patient. Its id is the address that opened it, for ever.
/// @dev Every event of this interface folds into its chart's head:
/// `head' = keccak256(abi.encode(head, keccak256(abi.encode(eventSignature, block.timestamp, fields...))))`,
/// with the event's topic 0 and its fields in their order, indexed ones included. A client folds the events it is given and
/// compares. What an event names need not exist: the fold ignores what names nothing.
interface ICharts {
    /// @notice A chart as the contract holds it, with its patient's member slot.
    /// @param head The chain of all its events, 0 before the first
    /// @param registered Whether the chart's id is a registered patient
    /// @param card First 20 bytes of the digest of the patient's current card
    struct Chart {
        bytes32 head;
        bool registered;
        bytes20 card;
    }

    /// @notice What one party may do in one scope now.
    /// @param expiry Block time until which the grant lives, exclusive; 0 when there is none
    /// @param active Whether the party is a verified doctor or laboratory
    /// @param blocked Whether the patient blocks the party's additions
    struct Access {
        uint40 expiry;
        bool active;
        bool blocked;
    }

    /// @notice The block an answer was given at.
    struct ChartStamp {
        uint256 chainId;
        uint256 blockNumber;
        uint256 time;
    }

    // ---------------------------------------------------------------- events

    /// @notice A record was filed in a chart. The same digest by the same author twice is one record.
    event RecordAdded(address indexed chart, address indexed author, bytes32 manifest);

    /// @notice The patient put a manifest of its own in the place of another.
    event RecordReplaced(address indexed chart, bytes32 previous, bytes32 manifest);

    /// @notice The patient took a record out of the chart.
    event RecordRemoved(address indexed chart, bytes32 manifest);

    /// @notice A doctor or laboratory asked for access; the reason is sealed to the patient.
    event AccessRequested(address indexed chart, address indexed requester, bytes32 reason);

    /// @notice The patient said no to a request.
    event RequestDenied(address indexed chart, address indexed requester, bytes32 reason);

    /// @notice The patient granted or extended access to one scope until `expiry` (block time, exclusive).
    event AccessGranted(address indexed chart, address indexed grantee, bytes32 scope, uint40 expiry, bytes32 envelope);

    /// @notice The patient revoked access to one scope.
    event AccessRevoked(address indexed chart, address indexed grantee, bytes32 scope);

    /// @notice The patient blocked an author from adding, or allowed it again.
    event AuthorBlocked(address indexed chart, address indexed author, bool blocked);

    /// @notice A grantee is about to open a scope.
    event AccessLogged(address indexed chart, address indexed grantee, bytes32 scope);

    // ---------------------------------------------------------------- errors

    /// @notice Only the patient whose chart it is may do this.
    error NotPatient(address chart, address account);

    /// @notice There is no such chart.
    error NoChart(address chart);

    /// @notice Only a verified doctor or laboratory may do this, or be granted anything.
    error NotVerified(address account);

    /// @notice The patient does not take records from this author.
    error AuthorIsBlocked(address chart, address author);

    /// @notice The patient's card is not the one that this was sealed to: seal again.
    /// @param current First 20 bytes of the current digest
    error PatientCardChanged(address chart, bytes20 current);

    /// @notice There is no live grant for this scope.
    error NoLiveGrant(address chart, address grantee, bytes32 scope);

    /// @notice The expiry is not in the future.
    error ExpiryPassed(uint40 expiry);

    /// @notice A digest or scope is zero.
    error ZeroDigest();

    // ---------------------------------------------------------------- records

    /// @notice Files a record in a chart: in the caller's own, or in a patient's by a verified doctor or laboratory that
    /// is not blocked. Nobody files what was sealed to a card that is no longer current, the patient included: with the
    /// card the keys are renewed, and who lost access must not read what is new. After `updateCard` in one multicall the
    /// new card is the current one.
    /// @param manifest Digest of the manifest block
    /// @param card Digest of the patient's card that the record was sealed to; must be the current one
    function addRecord(address chart, bytes32 manifest, bytes32 card) external;

    /// @notice Puts a manifest by the patient in the place of another (renamed, re-filed or sealed again).
    function replaceRecord(address chart, bytes32 previous, bytes32 manifest) external;

    /// @notice Takes a record out of the chart.
    function removeRecord(address chart, bytes32 manifest) external;

    // ---------------------------------------------------------------- requests

    /// @notice Asks the patient for access, by a verified doctor or laboratory.
    /// @param reason Digest of the reason block, sealed to the patient
    function requestAccess(address chart, bytes32 reason) external;

    /// @notice Denies a request. A grant answers one by naming it in its envelope.
    function denyRequest(address chart, address requester, bytes32 reason) external;

    // ---------------------------------------------------------------- grants

    /// @notice Grants a verified doctor or laboratory one scope, or changes a grant's expiry.
    /// @param scope Random id of a folder or a record
    /// @param expiry Block time until which it lives, exclusive
    /// @param envelope Digest of the envelope block that carries the keys
    function grantAccess(address chart, address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) external;

    /// @notice Revokes a grant, live or not: a patient can always revoke.
    function revokeAccess(address chart, address grantee, bytes32 scope) external;

    /// @notice Blocks an author from adding to the caller's chart, or allows it again.
    function blockAuthor(address chart, address author, bool blocked) external;

    /// @notice Logs that the caller opens a scope; reverts without a live grant.
    function logAccess(address chart, bytes32 scope) external;

    // ---------------------------------------------------------------- views

    /// @notice A chart, and the block this was answered at.
    function viewChart(address chart) external view returns (Chart memory, ChartStamp memory);

    /// @notice A chart and what one party may do in one scope of it, and the block this was answered at.
    function viewAccess(address chart, address party, bytes32 scope)
        external
        view
        returns (Chart memory, Access memory, ChartStamp memory);
}
