// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Steps} from "./Steps.sol";

abstract contract MemberHandler is Steps {
    function registerPatient(uint256 seed) external {
        Dice memory dice = Dice(seed);
        act(_candidate(dice), registerPatientStep(dice), dice);
    }

    function registerProfessional(uint256 seed) external {
        Dice memory dice = Dice(seed);
        act(_candidate(dice), registerProfessionalStep(dice), dice);
    }

    function updateCard(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address account = oneIn(dice, 2) ? patient(dice) : professional(dice);
        act(account, updateCardStep(account, dice), dice);
    }

    function proposeProfile(uint256 seed) external {
        Dice memory dice = Dice(seed);
        act(oneIn(dice, 8) ? anybody(dice) : professional(dice), proposeProfileStep(dice), dice);
    }

    /// @dev Newcomers are few, and charts need some to move to.
    function _candidate(Dice memory dice) private view returns (address) {
        return oneIn(dice, 8) ? newcomer(dice) : people[1 + roll(dice, 7)];
    }
}
