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
    /// @param owner The account that acts for the patient: the id itself until the chart has moved
    struct Chart {
        bytes32 head;
        bool registered;
        bytes20 card;
        address owner;
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

    /// @notice A grant made in advance to whoever holds the secret of `key`, as the contract holds it.
    /// @param expiry Block time until which it can be claimed, exclusive; 0 once withdrawn, and when there is none
    /// @param length How long the grant of a claim lives, in seconds; 0 when there never was such an offer
    /// @param claims How many more members may claim it
    struct Offer {
        uint40 expiry;
        uint32 length;
        uint32 claims;
    }

    /// @notice What a patient offers.
    /// @param chart The patient's chart
    /// @param key Address of a signing key that serves this offer alone
    /// @param scope Random id of a folder or a record
    /// @param expiry Block time until which it can be claimed, exclusive
    /// @param length How long the grant of each claim lives, in seconds
    /// @param claims How many members may claim it
    /// @param emergency Whether it is the patient's emergency card
    /// @param envelope Digest of the envelope block that carries the keys, sealed to the offer's own key
    struct OfferTerms {
        address chart;
        address key;
        bytes32 scope;
        uint40 expiry;
        uint32 length;
        uint32 claims;
        bool emergency;
        bytes32 envelope;
    }

    /// @notice A move of a chart to another account, waiting.
    /// @param account The account that may take the chart over, 0 when no move waits
    /// @param effective Block time from which it may
    /// @param nonce Counts the moves ever proposed; the next proposal is signed over it
    struct Move {
        address account;
        uint40 effective;
        uint32 nonce;
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

    /// @notice The patient offered one scope to whoever holds the secret of `key`: to `claims` members, until `expiry`
    /// (block time, exclusive), for `length` seconds each.
    event OfferMade(
        address indexed chart,
        address indexed key,
        bytes32 scope,
        uint40 expiry,
        uint32 length,
        uint32 claims,
        bool emergency,
        bytes32 envelope
    );

    /// @notice A doctor or laboratory claimed an offer: a grant of its scope until `expiry`.
    /// @param envelope Digest of the envelope block that the claimer sealed to itself
    event OfferClaimed(
        address indexed chart, address indexed claimer, address key, bytes32 scope, uint40 expiry, bytes32 envelope
    );

    /// @notice The patient withdrew an offer. Grants claimed before live on.
    event OfferWithdrawn(address indexed chart, address indexed key, bytes32 scope);

    /// @notice The holder of the recovery key wants the chart to move to `account`, which may take it from `effective` on.
    event MoveProposed(address indexed chart, address indexed account, uint40 effective);

    /// @notice The chart's owner stopped a move.
    event MoveVetoed(address indexed chart, address indexed account);

    /// @notice The chart moved: from here on `account` alone acts for the patient.
    event ChartMoved(address indexed chart, address indexed account);

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

    /// @notice A digest, a scope, an offer's key or an account is zero.
    error ZeroDigest();

    /// @notice An offer has no length or allows no claim.
    error EmptyOffer();

    /// @notice An offer of this scope with this key was made before; a key serves once.
    error OfferExists(address chart, address key, bytes32 scope);

    /// @notice There is no such offer, or it has run out, is used up or was withdrawn.
    error NoLiveOffer(address chart, address key, bytes32 scope);

    /// @notice The member has claimed this offer before.
    error AlreadyClaimed(address key, address claimer);

    /// @notice The signature is not by this key.
    error WrongSignature(address key);

    /// @notice The card's bytes are too short to name a recovery address.
    error NoRecoveryAddress();

    /// @notice The account is a member, or acts or has acted for a chart: a chart moves to a fresh account.
    error AccountTaken(address account);

    /// @notice No move of this chart to this account waits.
    error NoMove(address chart, address account);

    /// @notice The waiting period of seven days is not over.
    error MoveTooEarly(uint40 effective);

    // ---------------------------------------------------------------- records

    /// @notice Files a record in a chart: in the caller's own, or in a patient's by a verified doctor or laboratory that
    /// is not blocked. Nobody files what was sealed to a card that is no longer current, the patient included: with the
    /// card the keys are renewed, and who lost access must not read what is new. After `updateCard` in one multicall the
    /// new card is the current one.
    /// @param manifest Digest of the manifest block
    /// @param card Digest of the patient's card that the record was sealed to; must be the current one
    function addRecord(address chart, bytes32 manifest, bytes32 card) external;

    /// @notice Puts a manifest by the patient in the place of another (renamed, re-filed or sealed again).
    /// @param card Digest of the patient's card that the new manifest was sealed to; must be the current one
    function replaceRecord(address chart, bytes32 previous, bytes32 manifest, bytes32 card) external;

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
    /// @dev The scope stands before the grantee for the sake of the selector, which the dispatcher then finds 500 gas sooner.
    function revokeAccess(address chart, bytes32 scope, address grantee) external;

    /// @notice Blocks an author from adding to the caller's chart, or allows it again.
    function blockAuthor(address chart, address author, bool blocked) external;

    /// @notice Logs that the caller opens a scope; reverts without a live grant.
    function logAccess(address chart, bytes32 scope) external;

    // ---------------------------------------------------------------- offers

    /// @notice Offers one scope in advance to verified doctors or laboratories who hold the offer's secret.
    function makeOffer(OfferTerms calldata terms) external;

    /// @notice Claims an offer, by a verified doctor or laboratory, once each: a grant of the offer's length, or a
    /// longer one that is there already.
    /// @dev The signature, in the form of EIP-2098, is the offer key's over the EIP-712 struct
    /// `OfferClaim(address chart,bytes32 scope,address claimer)`: nobody can snatch it from a waiting transaction.
    /// @param envelope Digest of the envelope block that the caller sealed to itself
    function claimOffer(address chart, address key, bytes32 scope, bytes32 envelope, bytes32 r, bytes32 vs) external;

    /// @notice Withdraws an offer, live or not. Grants claimed before live on until revoked.
    function withdrawOffer(address chart, address key, bytes32 scope) external;

    // ---------------------------------------------------------------- moves

    /// @notice Begins the move of a chart to a fresh account, by anybody who shows the recovery key's signature. A later
    /// proposal takes the place of an earlier one, and waits anew.
    /// @dev The signature is the recovery key's over the EIP-712 struct
    /// `MoveChart(address chart,address account,uint256 nonce)`, with the nonce that `viewMove` names.
    /// @param card The bytes of the patient's current card, which name the recovery address
    /// @param account The account that is to act for the patient
    function proposeMove(address chart, bytes calldata card, address account, bytes32 r, bytes32 vs) external;

    /// @notice Stops a move, by the account that acts for the patient now.
    function vetoMove(address chart) external;

    /// @notice Takes the chart over, by the account proposed, seven days after the proposal. The account before can do
    /// nothing any more; grants, offers and records stay.
    function acceptMove(address chart) external;

    // ---------------------------------------------------------------- views

    /// @notice A chart, and the block this was answered at.
    function viewChart(address chart) external view returns (Chart memory, ChartStamp memory);

    /// @notice A chart and what one party may do in one scope of it, and the block this was answered at.
    function viewAccess(address chart, address party, bytes32 scope)
        external
        view
        returns (Chart memory, Access memory, ChartStamp memory);

    /// @notice An offer and whether one member has claimed it, and the block this was answered at.
    function viewOffer(address chart, address key, bytes32 scope, address claimer)
        external
        view
        returns (Offer memory, bool claimed, ChartStamp memory);

    /// @notice The move of a chart that waits, and the block this was answered at.
    function viewMove(address chart) external view returns (Move memory, ChartStamp memory);
}
