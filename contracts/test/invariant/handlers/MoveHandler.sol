// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {Model} from "../Model.sol";
import {Steps} from "./Steps.sol";

abstract contract MoveHandler is Steps {
    /// @dev Mostly to a newcomer, with the current card and the signature of its recovery key.
    function proposeMove(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address chart = oneIn(dice, 12) ? anybody(dice) : anyChart(dice);
        address account = oneIn(dice, 8) ? anybody(dice) : newcomer(dice);
        bytes32 digest = oneIn(dice, 12) ? newCard(dice) : cardOf(chart);
        address recovery = recoveryOfCard(digest);
        address signer = recovery == address(0) || oneIn(dice, 12) ? patient(dice) : recovery;
        uint256 nonce = model.moveOf(chart).nonce;
        if (oneIn(dice, 12)) nonce = nonce == 0 ? 1 : nonce - 1;
        (bytes32 r, bytes32 vs) = compactSignatureOf(signer, typed.digestOfMove(chart, account, nonce));
        model.tellMove(signer, chart, account, nonce, r, vs);
        transact(anybody(dice), abi.encodeCall(ICharts.proposeMove, (chart, bytesOfCard(digest), account, r, vs)));
    }

    /// @dev Few are stopped.
    function vetoMove(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bool found, address chart,) = model.findMove(address(0), roll(dice, 64));
        address account = found && oneIn(dice, 4) ? model.owners(chart) : patient(dice);
        act(account, vetoMoveStep(account, dice), dice);
    }

    /// @dev Mostly when the waiting period is over.
    function acceptMove(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bool found,, Model.Move memory move) = model.findMove(address(0), roll(dice, 64));
        address account = found && !oneIn(dice, 8) ? move.account : anybody(dice);
        if (found && oneIn(dice, 2) && move.effective > vm.getBlockTimestamp()) {
            vm.warp(move.effective - roll(dice, 2));
        }
        act(account, acceptMoveStep(account, dice), dice);
    }
}
