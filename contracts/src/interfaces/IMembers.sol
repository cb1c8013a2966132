// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Members of Medkey: patients, doctors and laboratories, the hospitals they work for and the registrar
/// @notice An account registers itself once, in one role for ever. Patients are active at once; doctors and
/// laboratories are pending until the registrar verifies them.
/// @dev Every digest is the SHA-256 of a DAG-CBOR block, so that its CID is CIDv1 + dag-cbor + sha2-256.
/// State holds only what rules need; everything else is events, which carry full digests.
interface IMembers {
    /// @notice What a member is, for ever.
    enum Role {
        None,
        Patient,
        Doctor,
        Lab
    }

    /// @notice Where a member stands. Patients are `Active`; doctors and laboratories begin as `Pending` and only
    /// the registrar moves them.
    enum Status {
        None,
        Pending,
        Active,
        Refused,
        Suspended
    }

    /// @notice A member as the contract holds it, with the block the answer was given at.
    /// @param role What the member is
    /// @param status Where the member stands
    /// @param hospital The hospital that the registrar verified, 0 for none
    /// @param since Block time of registration, in seconds
    /// @param card First 20 bytes of the digest of the member's current card
    /// @param profile Digest of the profile that the registrar verified, 0 before that
    /// @param chart The chart that the account acts for: its own, one that moved to it, or 0 for none. An account that a
    /// chart moved to is no member itself, and a patient whose chart moved away acts for none
    struct Member {
        Role role;
        Status status;
        uint32 hospital;
        uint40 since;
        bytes20 card;
        bytes32 profile;
        address chart;
    }

    /// @notice A hospital as the contract holds it.
    /// @param open Whether doctors can be verified into it
    /// @param page First 20 bytes of the digest of its public page, 0 when there is no such hospital
    struct Hospital {
        bool open;
        bytes20 page;
    }

    /// @notice The block an answer was given at: a client compares it with what it was built for.
    struct Stamp {
        uint256 chainId;
        uint256 blockNumber;
        uint256 time;
    }

    // ---------------------------------------------------------------- events

    /// @notice A patient registered.
    event PatientRegistered(address indexed member, bytes32 card);

    /// @notice A doctor or a laboratory registered and waits for the registrar.
    event ProfessionalRegistered(address indexed member, Role role, bytes32 card, bytes32 profile, uint32 hospital);

    /// @notice A member changed its card. The one replaced is the card of the event before.
    event CardUpdated(address indexed member, bytes32 card);

    /// @notice A doctor or a laboratory proposed a profile and a hospital; shown only once verified.
    event ProfileProposed(address indexed member, bytes32 profile, uint32 hospital);

    /// @notice The registrar verified a member with exactly this profile and hospital.
    event MemberVerified(address indexed member, bytes32 profile, uint32 hospital);

    /// @notice The registrar refused a pending member.
    event MemberRefused(address indexed member, uint8 reason);

    /// @notice The registrar suspended a verified member.
    event MemberSuspended(address indexed member, uint8 reason);

    /// @notice The registrar reinstated a suspended member.
    event MemberReinstated(address indexed member);

    /// @notice The registrar added a hospital.
    event HospitalAdded(uint32 indexed hospital, bytes32 page);

    /// @notice The registrar changed a hospital's page.
    event HospitalUpdated(uint32 indexed hospital, bytes32 page);

    /// @notice The registrar closed a hospital. Its doctors keep their status.
    event HospitalClosed(uint32 indexed hospital);

    /// @notice The registrar named a successor, who has yet to accept.
    event RegistrarProposed(address indexed current, address indexed proposed);

    /// @notice The seat of the registrar moved.
    event RegistrarChanged(address indexed previous, address indexed current);

    // ---------------------------------------------------------------- errors

    /// @notice The account has registered before, or a chart has moved to it.
    error AlreadyRegistered(address member);

    /// @notice The account is not a member.
    error NotRegistered(address account);

    /// @notice The role is not one that this function registers or serves.
    error WrongRole(address member, Role role);

    /// @notice The member's status does not allow this.
    error WrongStatus(address member, Status status);

    /// @notice The chart that this account acted for has moved to another account.
    error ChartMovedAway(address account);

    /// @notice The card named as current is not the current one.
    /// @param current First 20 bytes of the current digest
    error CardChanged(address member, bytes20 current);

    /// @notice A digest (its first 20 bytes, where the state holds those) or the first registrar is zero.
    error ZeroValue();

    /// @notice Only the registrar may do this.
    error NotRegistrar(address account);

    /// @notice Only the proposed successor may accept the seat.
    error NotProposed(address account);

    /// @notice There is no such hospital.
    error NoHospital(uint32 hospital);

    /// @notice The hospital is closed.
    error HospitalIsClosed(uint32 hospital);

    // ---------------------------------------------------------------- members

    /// @notice Registers the caller as a patient, active at once. The account is the chart's id for ever.
    /// @param card Digest of the card block
    function registerPatient(bytes32 card) external;

    /// @notice Registers the caller as a doctor or a laboratory, pending until verified.
    /// @param role `Doctor` or `Lab`
    /// @param card Digest of the card block
    /// @param profile Digest of the proposed profile block
    /// @param hospital Hospital the member says it works for, 0 for none; checked only when the registrar verifies
    function registerProfessional(Role role, bytes32 card, bytes32 profile, uint32 hospital) external;

    /// @notice Replaces the caller's card; for an account that a chart moved to, the patient's.
    /// @dev Reverts `CardChanged` when `previous` is not current: two devices, or half of a failed step, must not
    /// undo a revocation.
    /// @param previous Digest of the card being replaced
    /// @param card Digest of the new card
    function updateCard(bytes32 previous, bytes32 card) external;

    /// @notice Proposes a new profile and hospital for the caller, a doctor or a laboratory. A refused member is
    /// pending again; a verified one stays verified with its old profile; a suspended one may not.
    /// @param profile Digest of the proposed profile block
    /// @param hospital Hospital the member says it works for, 0 for none; checked only when the registrar verifies
    function proposeProfile(bytes32 profile, uint32 hospital) external;

    // ---------------------------------------------------------------- registrar

    /// @notice Verifies a pending member, or a change of a verified one, with exactly the profile looked at.
    /// @param profile Digest of the profile block that the registrar looked at
    /// @param hospital Open hospital that the member works for, 0 for none
    function verify(address member, bytes32 profile, uint32 hospital) external;

    /// @notice Refuses a pending member.
    /// @param reason Code whose sentence the app shows
    function refuse(address member, uint8 reason) external;

    /// @notice Suspends a verified member: it can read, add, request and log nothing.
    /// @param reason Code whose sentence the app shows
    function suspend(address member, uint8 reason) external;

    /// @notice Ends a suspension.
    function reinstate(address member) external;

    /// @notice Adds a hospital; ids count up from 1.
    /// @return hospital The new id
    function addHospital(bytes32 page) external returns (uint32 hospital);

    /// @notice Changes the public page of a hospital, open or closed.
    function updateHospital(uint32 hospital, bytes32 page) external;

    /// @notice Closes a hospital for new doctors.
    function closeHospital(uint32 hospital) external;

    /// @notice Names a successor to the registrar's seat; zero takes the proposal back.
    function proposeRegistrar(address successor) external;

    /// @notice The proposed successor takes the seat.
    function acceptRegistrar() external;

    // ---------------------------------------------------------------- views

    /// @notice A member, and the block this was answered at. A stranger has role `None`.
    function viewMember(address member) external view returns (Member memory, Stamp memory);

    /// @notice A hospital, and the block this was answered at.
    function viewHospital(uint32 hospital) external view returns (Hospital memory, Stamp memory);

    /// @notice Who holds the registrar's seat and who is proposed, and the block this was answered at.
    function viewRegistrar() external view returns (address current, address proposed, Stamp memory);
}
