// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Model} from "../Model.sol";
import {Steps} from "./Steps.sol";

abstract contract ChartHandler is Steps {
    function addRecord(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = oneIn(dice, 2) ? patient(dice) : verified(dice);
        act(account, addRecordStep(account, dice), dice);
    }

    function changeRecord(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = patient(dice);
        act(account, oneIn(dice, 2) ? replaceRecordStep(account, dice) : removeRecordStep(account, dice), dice);
    }

    function requestAccess(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = verified(dice);
        act(account, requestAccessStep(account, dice), dice);
    }

    function answer(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = patient(dice);
        act(account, oneIn(dice, 2) ? denyRequestStep(account, dice) : blockAuthorStep(account, dice), dice);
    }

    function grantAccess(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = patient(dice);
        act(account, grantAccessStep(account, dice), dice);
    }

    function revokeAccess(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = patient(dice);
        act(account, revokeAccessStep(account, dice), dice);
    }

    function logAccess(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bool found, Model.Will memory will) = oneIn(dice, 2)
            ? model.findLiveGrant(address(0), roll(dice, 64))
            : model.findGrant(address(0), roll(dice, 64));
        address account = found ? will.grantee : verified(dice);
        act(account, logAccessStep(account, dice), dice);
    }
}
