// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {Handlers} from "./handlers/Handlers.sol";
import {Performer} from "./handlers/Performer.sol";

/// @dev Walks with fixed seeds, each through a world of its own, which show that the campaigns are not empty: every function
/// of Medkey succeeds and is refused, charts move on and on, and the accounts they left try in vain.
contract WalkTest is Test {
    struct Function {
        string name;
        bytes4 selector;
        uint256 done;
        uint256 refused;
    }

    uint256 private constant WORLDS = 16;
    uint256 private constant STEPS = 256;

    Function[] private _functions;
    uint256 private _movesOn;
    uint256 private _refusedAfterMovingAway;

    function test_EveryFunctionIsDoneAndRefused() external {
        vm.pauseGasMetering();
        _listFunctions();
        for (uint256 i = 0; i < WORLDS; ++i) {
            _walk(i);
        }
        for (uint256 i = 0; i < _functions.length; ++i) {
            Function memory f = _functions[i];
            emit log_named_string(f.name, string.concat(vm.toString(f.done), " / ", vm.toString(f.refused)));
            assertGt(f.done, 0, string.concat(f.name, " never succeeded"));
            assertGt(f.refused, 0, string.concat(f.name, " was never refused"));
        }
        assertGt(_movesOn, 0, "no chart moved twice");
        assertGt(_refusedAfterMovingAway, 0, "nobody tried after moving away");
    }

    function _walk(uint256 world) private {
        Handlers handlers = new Handlers();
        function(uint256) external[] memory doings = _doingsOf(handlers);
        for (uint256 i = 0; i < STEPS; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(world, i)));
            doings[seed % doings.length](seed);
        }
        for (uint256 i = 0; i < _functions.length; ++i) {
            Performer.Count memory count = handlers.countOf(_functions[i].selector);
            _functions[i].done += count.done;
            _functions[i].refused += count.refused;
        }
        _movesOn += handlers.movesOn();
        _refusedAfterMovingAway += handlers.refusedAfterMovingAway();
    }

    function _listFunctions() private {
        _list("registerPatient", IMembers.registerPatient.selector);
        _list("registerProfessional", IMembers.registerProfessional.selector);
        _list("updateCard", IMembers.updateCard.selector);
        _list("proposeProfile", IMembers.proposeProfile.selector);
        _list("verify", IMembers.verify.selector);
        _list("refuse", IMembers.refuse.selector);
        _list("suspend", IMembers.suspend.selector);
        _list("reinstate", IMembers.reinstate.selector);
        _list("addHospital", IMembers.addHospital.selector);
        _list("updateHospital", IMembers.updateHospital.selector);
        _list("closeHospital", IMembers.closeHospital.selector);
        _list("proposeRegistrar", IMembers.proposeRegistrar.selector);
        _list("acceptRegistrar", IMembers.acceptRegistrar.selector);
        _list("addRecord", ICharts.addRecord.selector);
        _list("replaceRecord", ICharts.replaceRecord.selector);
        _list("removeRecord", ICharts.removeRecord.selector);
        _list("requestAccess", ICharts.requestAccess.selector);
        _list("denyRequest", ICharts.denyRequest.selector);
        _list("grantAccess", ICharts.grantAccess.selector);
        _list("revokeAccess", ICharts.revokeAccess.selector);
        _list("blockAuthor", ICharts.blockAuthor.selector);
        _list("logAccess", ICharts.logAccess.selector);
        _list("makeOffer", ICharts.makeOffer.selector);
        _list("claimOffer", ICharts.claimOffer.selector);
        _list("withdrawOffer", ICharts.withdrawOffer.selector);
        _list("proposeMove", ICharts.proposeMove.selector);
        _list("vetoMove", ICharts.vetoMove.selector);
        _list("acceptMove", ICharts.acceptMove.selector);
        _list("multicall", IActs.multicall.selector);
        _list("actSigned", IActs.actSigned.selector);
        _list("skipNonce", IActs.skipNonce.selector);
    }

    function _list(string memory name, bytes4 selector) private {
        _functions.push(Function({name: name, selector: selector, done: 0, refused: 0}));
    }

    function _doingsOf(Handlers h) private pure returns (function(uint256) external[] memory doings) {
        doings = new function(uint256) external[](32);
        uint256 i = 0;
        doings[i++] = h.registerPatient;
        doings[i++] = h.registerProfessional;
        doings[i++] = h.updateCard;
        doings[i++] = h.proposeProfile;
        doings[i++] = h.verify;
        doings[i++] = h.refuse;
        doings[i++] = h.suspend;
        doings[i++] = h.reinstate;
        doings[i++] = h.keepHospitals;
        doings[i++] = h.passSeat;
        doings[i++] = h.addRecord;
        doings[i++] = h.changeRecord;
        doings[i++] = h.requestAccess;
        doings[i++] = h.answer;
        doings[i++] = h.grantAccess;
        doings[i++] = h.revokeAccess;
        doings[i++] = h.logAccess;
        doings[i++] = h.makeOffer;
        doings[i++] = h.claimOffer;
        doings[i++] = h.withdrawOffer;
        doings[i++] = h.proposeMove;
        doings[i++] = h.vetoMove;
        doings[i++] = h.acceptMove;
        doings[i++] = h.severalActs;
        doings[i++] = h.severalSignedActs;
        doings[i++] = h.repeatSignedActs;
        doings[i++] = h.forgeActs;
        doings[i++] = h.twistSignedActs;
        doings[i++] = h.skipNonce;
        doings[i++] = h.smuggle;
        doings[i++] = h.actAfterMovingAway;
        doings[i++] = h.passTime;
    }
}
