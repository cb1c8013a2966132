// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IActs} from "src/interfaces/IActs.sol";

import {Journal} from "./Journal.sol";

/// @dev Performs what the handlers compose, with Medkey and with the model, and holds the two against each other: Medkey
/// does what the model allows and refuses what it does not, by an error of its interfaces.
abstract contract Performer is Journal {
    struct Count {
        uint256 done;
        uint256 refused;
    }

    /// @dev What accounts tried in vain after their chart had moved on.
    uint256 public refusedAfterMovingAway;

    mapping(bytes4 selector => Count) private _counts;

    function countOf(bytes4 selector) external view returns (Count memory) {
        return _counts[selector];
    }

    /// @dev One act, in one of the ways there are.
    function act(address account, bytes memory step, Dice memory dice) internal {
        uint256 way = roll(dice, 4);
        if (way == 0) multicall(account, _one(step));
        else if (way == 1) actSigned(account, _one(step), dice);
        else transact(account, step);
    }

    /// @dev One call as a transaction of the account.
    function transact(address account, bytes memory call) internal {
        _perform(account, account, call, _allows(account, _one(call)));
    }

    /// @dev Several acts in one transaction of the account.
    function multicall(address account, bytes[] memory steps) internal {
        bool allowed = _allows(account, steps);
        _perform(account, account, abi.encodeCall(IActs.multicall, (steps)), allowed);
        if (allowed) _countSteps(steps);
    }

    /// @dev Several acts by the account's signature, sent by anybody.
    function actSigned(address account, bytes[] memory steps, Dice memory dice)
        internal
        returns (bytes memory call, bool allowed)
    {
        call = signedCall(account, account, steps, dice);
        try model.performSigned(account, steps) {
            allowed = true;
            _countSteps(steps);
        } catch {}
        _perform(anybody(dice), account, call, allowed);
    }

    /// @dev A call that nobody may make.
    function expectRefused(address sender, bytes memory call) internal {
        _perform(sender, sender, call, false);
    }

    /// @dev `actSigned` over the current nonce, good when the signer is the account.
    function signedCall(address account, address signer, bytes[] memory steps, Dice memory dice)
        internal
        view
        returns (bytes memory)
    {
        uint256 nonce = model.personOf(account).nonce;
        uint256 deadline = vm.getBlockTimestamp() + roll(dice, 2) * roll(dice, 1 days);
        bytes memory signature = signatureOf(signer, typed.digestOfActs(account, steps, nonce, deadline));
        return abi.encodeCall(IActs.actSigned, (account, steps, nonce, deadline, signature));
    }

    function _perform(address sender, address account, bytes memory call, bool allowed) private {
        vm.recordLogs();
        vm.prank(sender);
        (bool done, bytes memory answer) = address(medkey).call(call);
        // forge-lint: disable-next-line(unsafe-typecast)
        Count storage count = _counts[bytes4(call)];
        if (done) {
            assertTrue(allowed, "done, but not allowed");
            readLogs(sender, account);
            ++count.done;
        } else {
            assertFalse(allowed, "allowed, but refused");
            assertTrue(_isError(answer), "refused without an error of the interfaces");
            ++count.refused;
            if (left[account]) ++refusedAfterMovingAway;
        }
    }

    /// @dev All steps or none.
    function _allows(address account, bytes[] memory steps) private returns (bool) {
        try model.perform(account, steps) {
            return true;
        } catch {
            return false;
        }
    }

    function _countSteps(bytes[] memory steps) private {
        for (uint256 i = 0; i < steps.length; ++i) {
            // forge-lint: disable-next-line(unsafe-typecast)
            ++_counts[bytes4(steps[i])].done;
        }
    }

    /// @dev Not a panic, not a bare revert, not a sentence.
    function _isError(bytes memory answer) private pure returns (bool) {
        if (answer.length < 4) return false;
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes4 selector = bytes4(answer);
        return selector != bytes4(keccak256("Panic(uint256)")) && selector != bytes4(keccak256("Error(string)"));
    }

    function _one(bytes memory step) private pure returns (bytes[] memory steps) {
        steps = new bytes[](1);
        steps[0] = step;
    }
}
