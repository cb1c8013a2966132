// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Steps} from "./Steps.sol";

abstract contract OfferHandler is Steps {
    function makeOffer(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = patient(dice);
        act(account, makeOfferStep(account, dice), dice);
    }

    function claimOffer(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = verified(dice);
        act(account, claimOfferStep(account, dice), dice);
    }

    function withdrawOffer(uint256 seed) external {
        Dice memory dice = Dice(seed);
        // Most offers are left to be claimed.
        address account = oneIn(dice, 4) ? patient(dice) : anybody(dice);
        act(account, withdrawOfferStep(account, dice), dice);
    }
}
