// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {Steps} from "./Steps.sol";

/// @dev Several acts at once, by transaction and by signature, and everything that somebody may try with signatures.
abstract contract ActHandler is Steps {
    /// @dev Of secp256k1.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// @dev Signed acts that were done, for whoever wants to do them once more.
    bytes private _doneCall;

    function severalActs(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = _actor(dice);
        multicall(account, _steps(account, dice));
    }

    function severalSignedActs(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = _actor(dice);
        (bytes memory call, bool done) = actSigned(account, _steps(account, dice), dice);
        if (done) _doneCall = call;
    }

    function repeatSignedActs(uint256 seed) external {
        Dice memory dice = Dice(seed);
        if (_doneCall.length != 0) expectRefused(anybody(dice), _doneCall);
    }

    /// @dev Signed by somebody else.
    function forgeActs(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = _actor(dice);
        address forger = anybody(dice);
        if (forger == account) forger = people[0] == account ? people[1] : people[0];
        expectRefused(anybody(dice), signedCall(account, forger, _steps(account, dice), dice));
    }

    /// @dev Signed well, but not this, not now, not here or not in this form.
    function twistSignedActs(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = _actor(dice);
        bytes[] memory steps = _steps(account, dice);
        uint256 nonce = model.personOf(account).nonce;
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory signature = signatureOf(account, typed.digestOfActs(account, steps, nonce, deadline));
        uint256 twist = roll(dice, 7);
        if (twist == 0) {
            steps = _withOneMore(steps, someStep(account, dice));
        } else if (twist == 1) {
            --deadline;
            signature = signatureOf(account, typed.digestOfActs(account, steps, nonce, deadline));
        } else if (twist == 2) {
            ++deadline;
        } else if (twist == 3) {
            ++nonce;
            signature = signatureOf(account, typed.digestOfActs(account, steps, nonce, deadline));
        } else if (twist == 4) {
            bytes32 digest = typed.digestElsewhere(address(model), account, steps, nonce, deadline);
            signature = signatureOf(account, digest);
        } else if (twist == 5) {
            signature = _mirrored(signature);
        } else {
            account = account == people[0] ? people[1] : people[0];
        }
        expectRefused(anybody(dice), abi.encodeCall(IActs.actSigned, (account, steps, nonce, deadline, signature)));
    }

    function skipNonce(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = anybody(dice);
        act(account, skipNonceStep(account, dice), dice);
    }

    /// @dev Calls that are no acts: the registrar's, moves, acts within acts.
    function smuggle(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = oneIn(dice, 2) ? model.registrar() : _actor(dice);
        bytes[] memory steps = _steps(account, dice);
        bytes memory inner;
        uint256 kind = roll(dice, 4);
        if (kind == 0) inner = abi.encodeCall(IMembers.verify, (professional(dice), anyDigest(dice), 0));
        else if (kind == 1) inner = abi.encodeCall(IMembers.proposeRegistrar, (account));
        else if (kind == 2) inner = abi.encodeCall(IActs.multicall, (steps));
        else inner = signedCall(account, account, steps, dice);
        steps[roll(dice, steps.length)] = inner;
        expectRefused(account, abi.encodeCall(IActs.multicall, (steps)));
    }

    /// @dev Whatever an account may try after its chart has moved on.
    function actAfterMovingAway(uint256 seed) external {
        Dice memory dice = Dice(seed);
        uint256 from = roll(dice, PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            address account = people[(from + i) % PEOPLE];
            if (model.personOf(account).leftChart == address(0)) continue;
            act(account, someStep(account, dice), dice);
            return;
        }
    }

    function _actor(Dice memory dice) private view returns (address) {
        return oneIn(dice, 2) ? patient(dice) : verified(dice);
    }

    /// @dev Mostly a few, now and then more than ten.
    function _steps(address account, Dice memory dice) private returns (bytes[] memory steps) {
        steps = new bytes[](oneIn(dice, 32) ? 11 : 1 + roll(dice, 3));
        for (uint256 i = 0; i < steps.length; ++i) {
            steps[i] = someStep(account, dice);
        }
    }

    function _withOneMore(bytes[] memory steps, bytes memory step) private pure returns (bytes[] memory more) {
        more = new bytes[](steps.length + 1);
        for (uint256 i = 0; i < steps.length; ++i) {
            more[i] = steps[i];
        }
        more[steps.length] = step;
    }

    /// @dev The other signature that the curve allows for every one.
    function _mirrored(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, uint256 s, bytes1 v) =
            abi.decode(bytes.concat(signature, new bytes(31)), (bytes32, uint256, bytes1));
        return abi.encodePacked(r, ORDER - s, v ^ 0x07);
    }
}
