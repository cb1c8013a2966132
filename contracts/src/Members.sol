// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {MemberSlot, MemberSlots} from "./MemberSlot.sol";
import {IMembers} from "./interfaces/IMembers.sol";

/// @title The members' part of Medkey
/// @dev State holds what a later rule needs and nothing else; see `IMembers` for what each function promises.
abstract contract Members is IMembers {
    /// @dev A hospital in one storage slot (21 bytes).
    struct HospitalSlot {
        bool open;
        bytes20 page;
    }

    /// @dev A member: its packed slot and the digest of the profile that the registrar verified.
    struct MemberState {
        MemberSlot slot;
        bytes32 profile;
    }

    /// @dev `Charts` only reads it.
    mapping(address member => MemberState state) internal _members;

    /// @dev Who acts for a chart that has moved; zero for all others. `Moves` writes it.
    mapping(address chart => address owner) internal _owners;

    mapping(uint32 hospital => HospitalSlot slot) private _hospitals;

    address private _registrar;

    /// @dev The newest hospital's id; shares the registrar's slot.
    uint32 private _lastHospital;

    address private _proposedRegistrar;

    modifier onlyRegistrar() {
        _requireRegistrar();
        _;
    }

    constructor(address registrar) {
        if (registrar == address(0)) revert ZeroValue();
        _registrar = registrar;
        emit RegistrarChanged(address(0), registrar);
    }

    // ---------------------------------------------------------------- members

    /// @inheritdoc IMembers
    function registerPatient(bytes32 card) external {
        _registerPatient(msg.sender, card);
    }

    /// @inheritdoc IMembers
    function registerProfessional(Role role, bytes32 card, bytes32 profile, uint32 hospital) external {
        _registerProfessional(msg.sender, role, card, profile, hospital);
    }

    /// @inheritdoc IMembers
    function updateCard(bytes32 previous, bytes32 card) external {
        _updateCard(msg.sender, previous, card);
    }

    /// @inheritdoc IMembers
    function proposeProfile(bytes32 profile, uint32 hospital) external {
        _proposeProfile(msg.sender, profile, hospital);
    }

    // ---------------------------------------------------------------- registrar

    /// @inheritdoc IMembers
    function verify(address member, bytes32 profile, uint32 hospital) external onlyRegistrar {
        _requireProfile(profile);
        if (hospital != 0) _openHospital(hospital);
        (MemberState storage state, MemberSlot slot) = _professional(member);
        Status status = slot.status();
        if (status != Status.Pending && status != Status.Active) revert WrongStatus(member, status);
        state.slot = slot.withStatus(Status.Active).withHospital(hospital);
        state.profile = profile;
        emit MemberVerified(member, profile, hospital);
    }

    /// @inheritdoc IMembers
    function refuse(address member, uint8 reason) external onlyRegistrar {
        _move(member, Status.Pending, Status.Refused);
        emit MemberRefused(member, reason);
    }

    /// @inheritdoc IMembers
    function suspend(address member, uint8 reason) external onlyRegistrar {
        _move(member, Status.Active, Status.Suspended);
        emit MemberSuspended(member, reason);
    }

    /// @inheritdoc IMembers
    function reinstate(address member) external onlyRegistrar {
        _move(member, Status.Suspended, Status.Active);
        emit MemberReinstated(member);
    }

    /// @inheritdoc IMembers
    function addHospital(bytes32 page) external onlyRegistrar returns (uint32 hospital) {
        hospital = ++_lastHospital;
        _hospitals[hospital] = HospitalSlot({open: true, page: _stored(page)});
        emit HospitalAdded(hospital, page);
    }

    /// @inheritdoc IMembers
    function updateHospital(uint32 hospital, bytes32 page) external onlyRegistrar {
        _hospital(hospital).page = _stored(page);
        emit HospitalUpdated(hospital, page);
    }

    /// @inheritdoc IMembers
    function closeHospital(uint32 hospital) external onlyRegistrar {
        _openHospital(hospital).open = false;
        emit HospitalClosed(hospital);
    }

    /// @inheritdoc IMembers
    function proposeRegistrar(address successor) external onlyRegistrar {
        _proposedRegistrar = successor;
        emit RegistrarProposed(msg.sender, successor);
    }

    /// @inheritdoc IMembers
    function acceptRegistrar() external {
        if (msg.sender != _proposedRegistrar) revert NotProposed(msg.sender);
        address previous = _registrar;
        _registrar = msg.sender;
        delete _proposedRegistrar;
        emit RegistrarChanged(previous, msg.sender);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMembers
    function viewMember(address member) external view returns (Member memory, Stamp memory) {
        MemberState storage state = _members[member];
        MemberSlot slot = state.slot;
        return (
            Member({
                role: slot.role(),
                status: slot.status(),
                hospital: slot.hospital(),
                since: slot.since(),
                card: slot.hasMovedHere() ? bytes20(0) : slot.card(),
                profile: state.profile,
                chart: _chartOf(member, slot)
            }),
            _stamp()
        );
    }

    /// @inheritdoc IMembers
    function viewHospital(uint32 hospital) external view returns (Hospital memory, Stamp memory) {
        HospitalSlot memory slot = _hospitals[hospital];
        return (Hospital({open: slot.open, page: slot.page}), _stamp());
    }

    /// @inheritdoc IMembers
    function viewRegistrar() external view returns (address current, address proposed, Stamp memory) {
        return (_registrar, _proposedRegistrar, _stamp());
    }

    // ---------------------------------------------------------------- acts of members, by whoever sends them

    function _registerPatient(address account, bytes32 card) internal {
        _register(account, Role.Patient, Status.Active, card);
        emit PatientRegistered(account, card);
    }

    function _registerProfessional(address account, Role role, bytes32 card, bytes32 profile, uint32 hospital)
        internal
    {
        if (role != Role.Doctor && role != Role.Lab) revert WrongRole(account, role);
        _requireProfile(profile);
        _register(account, role, Status.Pending, card);
        emit ProfessionalRegistered(account, role, card, profile, hospital);
    }

    function _updateCard(address account, bytes32 previous, bytes32 card) internal {
        address member = account;
        MemberState storage state = _members[member];
        MemberSlot slot = state.slot;
        if (slot.hasMoved()) {
            member = _chartOf(account, slot);
            if (member == address(0)) revert ChartMovedAway(account);
            state = _members[member];
            slot = state.slot;
        }
        bytes20 current = slot.card();
        if (current == 0) revert NotRegistered(member);
        if (_short(previous) != current) revert CardChanged(member, current);
        // `_stored` written out: renewal of keys is paid for often.
        bytes20 next = _short(card);
        if (next == 0) revert ZeroValue();
        state.slot = slot.withCard(next);
        emit CardUpdated(member, card);
    }

    function _proposeProfile(address account, bytes32 profile, uint32 hospital) internal {
        _requireProfile(profile);
        (MemberState storage state, MemberSlot slot) = _professional(account);
        Status status = slot.status();
        if (status == Status.Suspended) revert WrongStatus(account, status);
        if (status == Status.Refused) state.slot = slot.withStatus(Status.Pending);
        emit ProfileProposed(account, profile, hospital);
    }

    // ---------------------------------------------------------------- rules

    /// @dev The first 20 bytes of a digest: 160 bits leave no second preimage to find.
    function _short(bytes32 digest) internal pure returns (bytes20) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes20(digest);
    }

    /// @dev The chart that an account acts for, 0 for none.
    function _chartOf(address account, MemberSlot slot) internal view returns (address) {
        if (slot.isPatientHere()) return account;
        if (slot.hasMovedHere() && _owners[slot.chart()] == account) return slot.chart();
        return address(0);
    }

    function _register(address account, Role role, Status status, bytes32 card) private {
        MemberState storage state = _members[account];
        if (!state.slot.isFree()) revert AlreadyRegistered(account);
        state.slot = MemberSlots.pack(role, status, block.timestamp, _stored(card));
    }

    /// @dev Moves a doctor or a laboratory from exactly one status to another.
    function _move(address member, Status from, Status to) private {
        (MemberState storage state, MemberSlot slot) = _professional(member);
        Status status = slot.status();
        if (status != from) revert WrongStatus(member, status);
        state.slot = slot.withStatus(to);
    }

    function _professional(address member) private view returns (MemberState storage state, MemberSlot slot) {
        state = _members[member];
        slot = state.slot;
        Role role = slot.role();
        if (role == Role.None) revert NotRegistered(member);
        if (role == Role.Patient) revert WrongRole(member, role);
    }

    /// @dev What the state holds of a digest; never zero, so that zero means absent.
    function _stored(bytes32 digest) private pure returns (bytes20 short) {
        short = _short(digest);
        if (short == 0) revert ZeroValue();
    }

    function _requireProfile(bytes32 profile) private pure {
        if (profile == 0) revert ZeroValue();
    }

    function _hospital(uint32 hospital) private view returns (HospitalSlot storage slot) {
        slot = _hospitals[hospital];
        if (slot.page == 0) revert NoHospital(hospital);
    }

    function _openHospital(uint32 hospital) private view returns (HospitalSlot storage slot) {
        slot = _hospital(hospital);
        if (!slot.open) revert HospitalIsClosed(hospital);
    }

    function _requireRegistrar() private view {
        if (msg.sender != _registrar) revert NotRegistrar(msg.sender);
    }

    function _stamp() private view returns (Stamp memory) {
        return Stamp({chainId: block.chainid, blockNumber: block.number, time: block.timestamp});
    }
}
