// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {Steps} from "./Steps.sol";

/// @dev The registrar's work, mostly by the registrar, also by everybody else.
abstract contract RegistrarHandler is Steps {
    function verify(uint256 seed) external {
        Dice memory dice = Dice(seed);
        IMembers.Status status = oneIn(dice, 2) ? IMembers.Status.Pending : IMembers.Status.Active;
        address member = _member(status, dice);
        transact(_somebody(dice), abi.encodeCall(IMembers.verify, (member, anyDigest(dice), anyHospital(dice))));
    }

    function refuse(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address member = _member(IMembers.Status.Pending, dice);
        transact(_somebody(dice), abi.encodeCall(IMembers.refuse, (member, _reason(dice))));
    }

    function suspend(uint256 seed) external {
        Dice memory dice = Dice(seed);
        // Most members stay verified, so that there is something to see.
        address member = _member(oneIn(dice, 2) ? IMembers.Status.Active : IMembers.Status.Refused, dice);
        transact(_somebody(dice), abi.encodeCall(IMembers.suspend, (member, _reason(dice))));
    }

    function reinstate(uint256 seed) external {
        Dice memory dice = Dice(seed);
        transact(_somebody(dice), abi.encodeCall(IMembers.reinstate, (_member(IMembers.Status.Suspended, dice))));
    }

    function keepHospitals(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address sender = _somebody(dice);
        uint256 kind = roll(dice, 3);
        if (kind == 0) transact(sender, abi.encodeCall(IMembers.addHospital, (anyDigest(dice))));
        else if (kind == 1) transact(sender, abi.encodeCall(IMembers.closeHospital, (anyHospital(dice))));
        else transact(sender, abi.encodeCall(IMembers.updateHospital, (anyHospital(dice), anyDigest(dice))));
    }

    function passSeat(uint256 seed) external {
        Dice memory dice = Dice(seed);
        address proposed = model.proposedRegistrar();
        if (proposed == address(0) || oneIn(dice, 4)) {
            address successor = oneIn(dice, 4) ? address(0) : anybody(dice);
            transact(_somebody(dice), abi.encodeCall(IMembers.proposeRegistrar, (successor)));
        } else {
            address sender = oneIn(dice, 4) ? anybody(dice) : proposed;
            transact(sender, abi.encodeCall(IMembers.acceptRegistrar, ()));
        }
    }

    function _somebody(Dice memory dice) private view returns (address) {
        return oneIn(dice, 6) ? anybody(dice) : model.registrar();
    }

    function _member(IMembers.Status status, Dice memory dice) private view returns (address) {
        (bool found, address member) = model.findProfessional(status, roll(dice, 16));
        return found && !oneIn(dice, 8) ? member : anybody(dice);
    }

    function _reason(Dice memory dice) private pure returns (uint8) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint8(roll(dice, 256));
    }
}
