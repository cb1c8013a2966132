// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

/// @dev What Medkey promises, written a second time in the plainest way: who is what, who acts for which chart, what each
/// patient wanted. Every function has the name and parameters of the one it stands for, so that the same calldata does for
/// both, and reverts exactly where Medkey must. There is no cryptography here: the model is told who signed what.
contract Model {
    error Refused();

    /// @param chart The chart that the account acts for, 0 for none
    /// @param taken Whether it is a member, or acts or has acted for a chart
    /// @param leftChart The chart that it acted for before another account took it over, 0 for none
    struct Person {
        IMembers.Role role;
        IMembers.Status status;
        uint32 hospital;
        bytes32 profile;
        bytes32 card;
        uint256 nonce;
        address chart;
        bool taken;
        address leftChart;
    }

    /// @dev What a patient last wanted for one grantee and scope.
    struct Will {
        address chart;
        address grantee;
        bytes32 scope;
        uint40 expiry;
        bool revoked;
    }

    struct Offer {
        address chart;
        address key;
        bytes32 scope;
        uint40 expiry;
        uint32 length;
        uint32 claims;
        uint32 taken;
        bool withdrawn;
    }

    struct Move {
        address account;
        uint40 effective;
        uint32 nonce;
    }

    struct Hospital {
        bool open;
        bytes32 page;
    }

    /// @dev The parameters of `makeOffer`.
    struct Terms {
        address chart;
        address key;
        bytes32 scope;
        uint40 expiry;
        uint32 length;
        uint32 claims;
        bool emergency;
        bytes32 envelope;
    }

    uint256 private constant WAITING_PERIOD = 7 days;

    address public registrar;
    address public proposedRegistrar;
    Hospital[] public hospitals;

    address[] public charts;
    address[] public professionals;
    Will[] public wills;
    Offer[] public offers;

    mapping(address chart => address owner) public owners;
    mapping(address chart => mapping(address author => bool)) public blocks;

    /// @dev Every expiry that a patient's will gave a grant, ever.
    uint256 public willings;

    mapping(address account => Person) private _people;
    mapping(address chart => Move) private _moves;
    /// @dev Places in the lists above, from 1.
    mapping(bytes32 triple => uint256) private _willAt;
    mapping(bytes32 triple => uint256) private _offerAt;
    mapping(bytes32 offer => mapping(address claimer => bool)) private _claimed;

    mapping(bytes32 card => address recovery) private _recovery;
    mapping(bytes32 statement => bool) private _signed;

    address private _actor;

    constructor(address registrar_) {
        registrar = registrar_;
        // Hospitals count from 1.
        hospitals.push();
    }

    // ---------------------------------------------------------------- told by the handlers

    /// @dev All steps or none, as `account`.
    function perform(address account, bytes[] calldata steps) public {
        _actor = account;
        for (uint256 i = 0; i < steps.length; ++i) {
            (bool ok,) = address(this).call(steps[i]);
            _require(ok);
        }
    }

    /// @dev By a good signature over the current nonce, which no signed step skips.
    function performSigned(address account, bytes[] calldata steps) external {
        for (uint256 i = 0; i < steps.length; ++i) {
            _require(bytes4(steps[i]) != this.skipNonce.selector);
        }
        perform(account, steps);
        ++_people[account].nonce;
    }

    /// @dev A card that was made, with its recovery address, or 0 where its bytes are too short to name one.
    function tellCard(bytes32 digest, address recovery) external {
        _recovery[digest] = recovery;
    }

    /// @dev `key` signed that `claimer` holds the offer's secret.
    function tellClaim(address key, address chart, bytes32 scope, address claimer, bytes32 r, bytes32 vs) external {
        _signed[keccak256(abi.encode(key, "claim", chart, scope, claimer, r, vs))] = true;
    }

    /// @dev `key` signed that the chart is to move.
    function tellMove(address key, address chart, address account, uint256 nonce, bytes32 r, bytes32 vs) external {
        _signed[keccak256(abi.encode(key, "move", chart, account, nonce, r, vs))] = true;
    }

    // ---------------------------------------------------------------- members

    function registerPatient(bytes32 card) external {
        _require(!_people[_actor].taken && _isDigest(card));
        Person storage person = _people[_actor];
        person.role = IMembers.Role.Patient;
        person.status = IMembers.Status.Active;
        person.card = card;
        person.chart = _actor;
        person.taken = true;
        owners[_actor] = _actor;
        charts.push(_actor);
    }

    function registerProfessional(IMembers.Role role, bytes32 card, bytes32 profile, uint32) external {
        _require(role == IMembers.Role.Doctor || role == IMembers.Role.Lab);
        _require(!_people[_actor].taken && _isDigest(card) && profile != 0);
        Person storage person = _people[_actor];
        person.role = role;
        person.status = IMembers.Status.Pending;
        person.card = card;
        person.taken = true;
        professionals.push(_actor);
    }

    function updateCard(bytes32 previous, bytes32 card) external {
        address member = isProfessional(_actor) ? _actor : _people[_actor].chart;
        _require(member != address(0));
        _require(_isCurrent(previous, member) && _isDigest(card));
        _people[member].card = card;
    }

    /// @dev The one status that a member changes itself: a refused one asks again.
    function proposeProfile(bytes32 profile, uint32) external {
        _require(isProfessional(_actor) && profile != 0);
        Person storage person = _people[_actor];
        _require(person.status != IMembers.Status.Suspended);
        if (person.status == IMembers.Status.Refused) person.status = IMembers.Status.Pending;
    }

    // ---------------------------------------------------------------- registrar

    function verify(address member, bytes32 profile, uint32 hospital) external {
        _requireRegistrar();
        _require(isProfessional(member) && profile != 0);
        _require(hospital == 0 || (hospital < hospitals.length && hospitals[hospital].open));
        Person storage person = _people[member];
        _require(person.status == IMembers.Status.Pending || person.status == IMembers.Status.Active);
        person.status = IMembers.Status.Active;
        person.profile = profile;
        person.hospital = hospital;
    }

    function refuse(address member, uint8) external {
        _change(member, IMembers.Status.Pending, IMembers.Status.Refused);
    }

    function suspend(address member, uint8) external {
        _change(member, IMembers.Status.Active, IMembers.Status.Suspended);
    }

    function reinstate(address member) external {
        _change(member, IMembers.Status.Suspended, IMembers.Status.Active);
    }

    function addHospital(bytes32 page) external {
        _requireRegistrar();
        _require(_isDigest(page));
        hospitals.push(Hospital({open: true, page: page}));
    }

    function updateHospital(uint32 hospital, bytes32 page) external {
        _requireRegistrar();
        _require(_isHospital(hospital) && _isDigest(page));
        hospitals[hospital].page = page;
    }

    function closeHospital(uint32 hospital) external {
        _requireRegistrar();
        _require(_isHospital(hospital) && hospitals[hospital].open);
        hospitals[hospital].open = false;
    }

    function proposeRegistrar(address successor) external {
        _requireRegistrar();
        proposedRegistrar = successor;
    }

    function acceptRegistrar() external {
        _require(_actor == proposedRegistrar);
        registrar = _actor;
        proposedRegistrar = address(0);
    }

    // ---------------------------------------------------------------- records and requests

    function addRecord(address chart, bytes32 manifest, bytes32 card) external {
        _require(_isOwn(chart) || (isVerified(_actor) && isChart(chart) && !blocks[chart][_actor]));
        _require(manifest != 0 && _isCurrent(card, chart));
    }

    function replaceRecord(address chart, bytes32 previous, bytes32 manifest, bytes32 card) external view {
        _require(_isOwn(chart) && previous != 0 && manifest != 0 && _isCurrent(card, chart));
    }

    function removeRecord(address chart, bytes32 manifest) external view {
        _require(_isOwn(chart) && manifest != 0);
    }

    function requestAccess(address chart, bytes32 reason) external view {
        _require(isVerified(_actor) && isChart(chart) && reason != 0);
    }

    function denyRequest(address chart, address, bytes32 reason) external view {
        _require(_isOwn(chart) && reason != 0);
    }

    function blockAuthor(address chart, address author, bool blocked) external {
        _require(_isOwn(chart));
        blocks[chart][author] = blocked;
    }

    // ---------------------------------------------------------------- grants and offers

    function grantAccess(address chart, address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) external {
        _require(_isOwn(chart) && isVerified(grantee));
        _require(scope != 0 && envelope != 0 && expiry > block.timestamp);
        _will(chart, grantee, scope, expiry);
    }

    function revokeAccess(address chart, bytes32 scope, address grantee) external {
        _require(_isOwn(chart));
        uint256 place = _willAt[_triple(chart, grantee, scope)];
        if (place != 0) wills[place - 1].revoked = true;
    }

    function logAccess(address chart, bytes32 scope) external view {
        _require(mayRead(chart, _actor, scope));
    }

    function makeOffer(Terms calldata terms) external {
        _require(_isOwn(terms.chart) && terms.key != address(0) && terms.scope != 0 && terms.envelope != 0);
        _require(terms.expiry > block.timestamp && terms.length != 0 && terms.claims != 0);
        bytes32 id = _triple(terms.chart, terms.key, terms.scope);
        _require(_offerAt[id] == 0);
        offers.push(
            Offer({
                chart: terms.chart,
                key: terms.key,
                scope: terms.scope,
                expiry: terms.expiry,
                length: terms.length,
                claims: terms.claims,
                taken: 0,
                withdrawn: false
            })
        );
        _offerAt[id] = offers.length;
    }

    function claimOffer(address chart, address key, bytes32 scope, bytes32 envelope, bytes32 r, bytes32 vs) external {
        _require(isVerified(_actor) && envelope != 0);
        _require(_signed[keccak256(abi.encode(key, "claim", chart, scope, _actor, r, vs))]);
        bytes32 id = _triple(chart, key, scope);
        _require(_offerAt[id] != 0);
        Offer storage offer = offers[_offerAt[id] - 1];
        _require(_isLive(offer) && !_claimed[id][_actor]);
        _claimed[id][_actor] = true;
        ++offer.taken;
        uint256 before = expiryOf(chart, _actor, scope);
        uint256 given = block.timestamp + offer.length;
        // forge-lint: disable-next-line(unsafe-typecast)
        _will(chart, _actor, scope, uint40(given > before ? given : before));
    }

    /// @dev A withdrawal before the offer is made stops nothing.
    function withdrawOffer(address chart, address key, bytes32 scope) external {
        _require(_isOwn(chart));
        uint256 place = _offerAt[_triple(chart, key, scope)];
        if (place != 0) offers[place - 1].withdrawn = true;
    }

    // ---------------------------------------------------------------- moves and nonces

    function proposeMove(address chart, bytes calldata card, address account, bytes32 r, bytes32 vs) external {
        _require(isChart(chart) && account != address(0) && !_people[account].taken);
        bytes32 digest = sha256(card);
        _require(_isCurrent(digest, chart) && _recovery[digest] != address(0));
        Move storage move = _moves[chart];
        _require(_signed[keccak256(abi.encode(_recovery[digest], "move", chart, account, uint256(move.nonce), r, vs))]);
        move.account = account;
        // forge-lint: disable-next-line(unsafe-typecast)
        move.effective = uint40(block.timestamp + WAITING_PERIOD);
        ++move.nonce;
    }

    function vetoMove(address chart) external {
        _require(_isOwn(chart) && _moves[chart].account != address(0));
        _moves[chart].account = address(0);
        _moves[chart].effective = 0;
    }

    function acceptMove(address chart) external {
        Move storage move = _moves[chart];
        _require(move.account == _actor && move.effective <= block.timestamp && !_people[_actor].taken);
        Person storage left = _people[owners[chart]];
        left.chart = address(0);
        left.leftChart = chart;
        owners[chart] = _actor;
        _people[_actor].chart = chart;
        _people[_actor].taken = true;
        move.account = address(0);
        move.effective = 0;
    }

    function skipNonce(uint256 nonce) external {
        _require(_people[_actor].nonce == nonce);
        ++_people[_actor].nonce;
    }

    // ---------------------------------------------------------------- views

    function personOf(address account) external view returns (Person memory) {
        return _people[account];
    }

    function moveOf(address chart) external view returns (Move memory) {
        return _moves[chart];
    }

    function isProfessional(address account) public view returns (bool) {
        IMembers.Role role = _people[account].role;
        return role == IMembers.Role.Doctor || role == IMembers.Role.Lab;
    }

    function isVerified(address account) public view returns (bool) {
        return isProfessional(account) && _people[account].status == IMembers.Status.Active;
    }

    function isChart(address chart) public view returns (bool) {
        return owners[chart] != address(0);
    }

    /// @dev Until when the patient wants the grantee to read, 0 for not at all.
    function expiryOf(address chart, address grantee, bytes32 scope) public view returns (uint40) {
        uint256 place = _willAt[_triple(chart, grantee, scope)];
        return place == 0 || wills[place - 1].revoked ? 0 : wills[place - 1].expiry;
    }

    function mayRead(address chart, address grantee, bytes32 scope) public view returns (bool) {
        return isVerified(grantee) && expiryOf(chart, grantee, scope) > block.timestamp;
    }

    function hasClaimed(address chart, address key, bytes32 scope, address claimer) public view returns (bool) {
        return _claimed[_triple(chart, key, scope)][claimer];
    }

    function allCharts() external view returns (address[] memory) {
        return charts;
    }

    function allProfessionals() external view returns (address[] memory) {
        return professionals;
    }

    function allWills() external view returns (Will[] memory) {
        return wills;
    }

    function allOffers() external view returns (Offer[] memory) {
        return offers;
    }

    function hospitalCount() external view returns (uint256) {
        return hospitals.length - 1;
    }

    // ---------------------------------------------------------------- found for the handlers, from a place in a list on

    /// @dev Any grant that ever was, of `grantee` unless that is 0.
    function findGrant(address grantee, uint256 from) external view returns (bool, Will memory will) {
        for (uint256 i = 0; i < wills.length; ++i) {
            will = wills[(from + i) % wills.length];
            if (grantee == address(0) || will.grantee == grantee) return (true, will);
        }
        return (false, will);
    }

    /// @dev A live grant, of `grantee` unless that is 0.
    function findLiveGrant(address grantee, uint256 from) external view returns (bool, Will memory will) {
        for (uint256 i = 0; i < wills.length; ++i) {
            will = wills[(from + i) % wills.length];
            if (grantee != address(0) && will.grantee != grantee) continue;
            if (!will.revoked && will.expiry > block.timestamp && isVerified(will.grantee)) return (true, will);
        }
        return (false, will);
    }

    /// @dev An offer that `claimer` may claim, or any live one for 0.
    function findLiveOffer(address claimer, uint256 from) external view returns (bool, Offer memory offer) {
        for (uint256 i = 0; i < offers.length; ++i) {
            uint256 place = (from + i) % offers.length;
            offer = offers[place];
            if (_isLive(offers[place]) && !hasClaimed(offer.chart, offer.key, offer.scope, claimer)) {
                return (true, offer);
            }
        }
        return (false, offer);
    }

    /// @dev A chart with a move that waits for `account`, or for anybody for 0.
    function findMove(address account, uint256 from) external view returns (bool, address chart, Move memory move) {
        for (uint256 i = 0; i < charts.length; ++i) {
            chart = charts[(from + i) % charts.length];
            move = _moves[chart];
            if (move.account == address(0)) continue;
            if (account == address(0) || move.account == account) return (true, chart, move);
        }
        return (false, chart, move);
    }

    /// @dev A doctor or a laboratory in a status.
    function findProfessional(IMembers.Status status, uint256 from) external view returns (bool, address member) {
        for (uint256 i = 0; i < professionals.length; ++i) {
            member = professionals[(from + i) % professionals.length];
            if (_people[member].status == status) return (true, member);
        }
        return (false, member);
    }

    // ---------------------------------------------------------------- rules

    function _will(address chart, address grantee, bytes32 scope, uint40 expiry) private {
        ++willings;
        bytes32 triple = _triple(chart, grantee, scope);
        if (_willAt[triple] == 0) {
            wills.push();
            _willAt[triple] = wills.length;
        }
        wills[_willAt[triple] - 1] =
            Will({chart: chart, grantee: grantee, scope: scope, expiry: expiry, revoked: false});
    }

    function _change(address member, IMembers.Status from, IMembers.Status to) private {
        _requireRegistrar();
        _require(isProfessional(member) && _people[member].status == from);
        _people[member].status = to;
    }

    function _requireRegistrar() private view {
        _require(_actor == registrar);
    }

    function _isOwn(address chart) private view returns (bool) {
        return isChart(chart) && owners[chart] == _actor;
    }

    function _isLive(Offer storage offer) private view returns (bool) {
        return !offer.withdrawn && offer.expiry > block.timestamp && offer.taken < offer.claims;
    }

    function _isHospital(uint32 hospital) private view returns (bool) {
        return hospital != 0 && hospital < hospitals.length;
    }

    /// @dev Medkey holds 20 bytes of a card's digest.
    function _isCurrent(bytes32 card, address member) private view returns (bool) {
        return card >> 96 == _people[member].card >> 96;
    }

    function _isDigest(bytes32 digest) private pure returns (bool) {
        return digest >> 96 != 0;
    }

    function _triple(address chart, address party, bytes32 scope) private pure returns (bytes32) {
        return keccak256(abi.encode(chart, party, scope));
    }

    function _require(bool allowed) private pure {
        if (!allowed) revert Refused();
    }
}
