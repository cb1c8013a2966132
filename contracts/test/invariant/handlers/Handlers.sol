// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {ActHandler} from "./ActHandler.sol";
import {ChartHandler} from "./ChartHandler.sol";
import {MemberHandler} from "./MemberHandler.sol";
import {MoveHandler} from "./MoveHandler.sol";
import {OfferHandler} from "./OfferHandler.sol";
import {RegistrarHandler} from "./RegistrarHandler.sol";

/// @dev Everything that can happen to Medkey, begun with a small world in which something of each kind is possible.
contract Handlers is MemberHandler, RegistrarHandler, ChartHandler, OfferHandler, MoveHandler, ActHandler {
    constructor() {
        Dice memory dice = Dice(0);
        for (uint256 i = 1; i <= 3; ++i) {
            transact(people[i], abi.encodeCall(IMembers.registerPatient, (newCard(dice))));
        }
        bytes32 profile = keccak256("profile");
        for (uint256 i = 4; i <= 7; ++i) {
            IMembers.Role role = i == 5 ? IMembers.Role.Lab : IMembers.Role.Doctor;
            transact(people[i], abi.encodeCall(IMembers.registerProfessional, (role, newCard(dice), profile, 0)));
            if (i != 7) transact(people[0], abi.encodeCall(IMembers.verify, (people[i], profile, 0)));
        }
    }

    function passTime(uint256 seed) external {
        Dice memory dice = Dice(seed);
        uint256[4] memory spans = [uint256(1), 1 hours, 1 days, 7 days];
        vm.warp(vm.getBlockTimestamp() + spans[roll(dice, 4)]);
    }
}
