// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CommonBase} from "forge-std/Base.sol";
import {StdAssertions} from "forge-std/StdAssertions.sol";

import {IMembers} from "src/interfaces/IMembers.sol";

import {IMedkey} from "../../helpers/IMedkey.sol";
import {Model} from "../Model.sol";
import {TypedActs} from "../TypedActs.sol";
import {DenyingDelegate, OwnedWallet} from "../Wallets.sol";

/// @dev The people and things of a campaign: few, so that they meet often.
abstract contract World is CommonBase, StdAssertions {
    /// @dev Everything that a handler chooses follows from its one fuzzed seed.
    struct Dice {
        uint256 state;
    }

    uint40 internal constant START = 1_800_000_000;
    uint256 internal constant PEOPLE = 18;

    IMedkey public immutable medkey;
    Model public immutable model;
    TypedActs internal immutable typed;

    address[] internal people;
    bytes32[] internal scopes;
    address[] internal offerKeys;

    /// @dev Of accounts, of the owners of contract accounts, of offers and of recovery codes.
    mapping(address signer => uint256 key) private _keys;
    mapping(bytes32 digest => bytes card) private _cards;
    mapping(bytes32 digest => address recovery) private _recovery;
    uint256 private _cardCount;

    constructor() {
        vm.warp(START);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            people.push(_keyed("account", i));
        }
        // One patient and one doctor are contracts; one doctor's key has delegated to code.
        people[2] = _walletOf(people[2]);
        people[6] = _walletOf(people[6]);
        vm.etch(people[4], abi.encodePacked(hex"ef0100", address(new DenyingDelegate())));
        for (uint256 i = 0; i < 4; ++i) {
            offerKeys.push(_keyed("offer", i));
        }
        scopes.push(keccak256("one folder"));
        scopes.push(keccak256("another folder"));
        medkey = IMedkey(vm.deployCode("Medkey.sol:Medkey", abi.encode(people[0])));
        model = new Model(people[0]);
        typed = new TypedActs(address(medkey));
    }

    function allPeople() external view returns (address[] memory) {
        return people;
    }

    function allScopes() external view returns (bytes32[] memory) {
        return scopes;
    }

    function allOfferKeys() external view returns (address[] memory) {
        return offerKeys;
    }

    // ---------------------------------------------------------------- dice

    function roll(Dice memory dice, uint256 sides) internal pure returns (uint256) {
        dice.state = uint256(keccak256(abi.encode(dice.state)));
        return dice.state % sides;
    }

    function oneIn(Dice memory dice, uint256 sides) internal pure returns (bool) {
        return roll(dice, sides) == 0;
    }

    // ---------------------------------------------------------------- people

    function anybody(Dice memory dice) internal view returns (address) {
        return people[roll(dice, PEOPLE)];
    }

    /// @dev Somebody who is no member and acts for no chart, if there is anybody left.
    function newcomer(Dice memory dice) internal view returns (address account) {
        uint256 from = roll(dice, PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            account = people[(from + i) % PEOPLE];
            if (!model.personOf(account).taken) return account;
        }
    }

    function professional(Dice memory dice) internal view returns (address) {
        address[] memory all = model.allProfessionals();
        return all[roll(dice, all.length)];
    }

    /// @dev Somebody verified, now and then anybody.
    function verified(Dice memory dice) internal view returns (address) {
        (bool found, address member) = model.findProfessional(IMembers.Status.Active, roll(dice, PEOPLE));
        return found && !oneIn(dice, 12) ? member : anybody(dice);
    }

    /// @dev Whoever acts for a chart now, now and then anybody.
    function patient(Dice memory dice) internal view returns (address) {
        return oneIn(dice, 12) ? anybody(dice) : model.owners(anyChart(dice));
    }

    function anyChart(Dice memory dice) internal view returns (address) {
        address[] memory all = model.allCharts();
        return all[roll(dice, all.length)];
    }

    // ---------------------------------------------------------------- things

    /// @dev Any digest, now and then none.
    function anyDigest(Dice memory dice) internal pure returns (bytes32) {
        return oneIn(dice, 24) ? bytes32(0) : keccak256(abi.encode(roll(dice, type(uint256).max)));
    }

    function anyScope(Dice memory dice) internal view returns (bytes32) {
        return oneIn(dice, 24) ? bytes32(0) : scopes[roll(dice, scopes.length)];
    }

    function anyOfferKey(Dice memory dice) internal view returns (address) {
        return oneIn(dice, 24) ? address(0) : offerKeys[roll(dice, offerKeys.length)];
    }

    function anyHospital(Dice memory dice) internal view returns (uint32) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint32(roll(dice, model.hospitalCount() + 2));
    }

    /// @dev Time from now on, mostly days; now and then not in the future, or for ever.
    function anyExpiry(Dice memory dice) internal view returns (uint40) {
        if (oneIn(dice, 24)) return type(uint40).max;
        // forge-lint: disable-next-line(unsafe-typecast)
        uint40 today = uint40(vm.getBlockTimestamp());
        // forge-lint: disable-next-line(unsafe-typecast)
        return oneIn(dice, 24) ? today - uint40(roll(dice, 2)) : today + uint40(roll(dice, 20 days));
    }

    /// @dev A new card, now and then none.
    function anyCard(Dice memory dice) internal returns (bytes32) {
        return oneIn(dice, 24) ? bytes32(0) : newCard(dice);
    }

    /// @dev 55 bytes that nobody reads here, the recovery address, and more. One card in eight is cut too short.
    function newCard(Dice memory dice) internal returns (bytes32 digest) {
        address recovery = _keyed("recovery", roll(dice, 3));
        bytes memory card = abi.encodePacked(++_cardCount, uint184(0));
        if (oneIn(dice, 8)) {
            card = abi.encodePacked(card, bytes19(bytes20(recovery)));
            recovery = address(0);
        } else {
            card = abi.encodePacked(card, recovery, new bytes(roll(dice, 64)));
        }
        digest = sha256(card);
        _cards[digest] = card;
        _recovery[digest] = recovery;
        model.tellCard(digest, recovery);
    }

    function cardOf(address member) internal view returns (bytes32) {
        return model.personOf(member).card;
    }

    function bytesOfCard(bytes32 digest) internal view returns (bytes memory) {
        return _cards[digest];
    }

    function recoveryOfCard(bytes32 digest) internal view returns (address) {
        return _recovery[digest];
    }

    // ---------------------------------------------------------------- keys

    /// @dev By an account's key, or by the key of a contract account's owner.
    function signatureOf(address signer, bytes32 digest) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[signer], digest);
        return abi.encodePacked(r, s, v);
    }

    function compactSignatureOf(address signer, bytes32 digest) internal view returns (bytes32 r, bytes32 vs) {
        return vm.signCompact(_keys[signer], digest);
    }

    function _keyed(string memory what, uint256 which) private returns (address signer) {
        uint256 key = uint256(keccak256(abi.encode(what, which)));
        signer = vm.addr(key);
        _keys[signer] = key;
    }

    function _walletOf(address signer) private returns (address wallet) {
        wallet = address(new OwnedWallet(signer));
        _keys[wallet] = _keys[signer];
    }
}
