// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CommonBase} from "forge-std/Base.sol";

import {Medkey} from "src/Medkey.sol";
import {MemberSlot} from "src/MemberSlot.sol";
import {IActs} from "src/interfaces/IActs.sol";
import {ICharts} from "src/interfaces/ICharts.sol";

/// @dev The cheatcodes of Halmos that the proofs use.
interface Symbols {
    function enableSymbolicStorage(address account) external;
    function createUint(uint256 bits, string calldata name) external returns (uint256);
    function createCalldata(string calldata contractName) external returns (bytes memory);
}

/// @dev Medkey with the state laid open that its views do not show.
contract OpenMedkey is Medkey {
    constructor(address registrar) Medkey(registrar) {}

    /// @dev The whole slot of a grant.
    function expiryOf(address chart, address grantee, bytes32 scope) external view returns (uint256) {
        return _charts[chart].grants[grantee][scope];
    }

    /// @dev Who acts for a chart; 0 where there is none.
    function ownerOf(address chart) external view returns (address) {
        return _members[chart].slot.isPatientHere() ? chart : _owners[chart];
    }

    /// @dev A patient who acts for itself has no other owner, a head in its first place belongs to such a patient, and
    /// only patients have owners.
    function isSound(address chart) external view returns (bool) {
        MemberSlot slot = _members[chart].slot;
        if (slot.isPatientHere()) return _owners[chart] == address(0);
        return _charts[chart].head.value == 0 && (slot.isPatient() || _owners[chart] == address(0));
    }
}

/// @dev Every proof begins in a state of which nothing is known, reachable or not, at a time of which nothing is known. What
/// holds for one call from any state holds for any number of them; `multicall` and `actSigned` do one act after the other
/// with nothing in between, so that the proofs give them one.
abstract contract Proof is CommonBase {
    /// @dev A call by anybody of any function, with any arguments.
    /// @param actor Who acts: the caller, or whose signature it is
    /// @param act The act that is done, or the function that is called
    struct Call {
        bytes data;
        address caller;
        address actor;
        bytes4 act;
    }

    Symbols internal constant symbols = Symbols(address(uint160(uint256(keccak256("svm cheat code")))));

    OpenMedkey internal medkey;

    function setUp() public {
        medkey = new OpenMedkey(address(1));
        symbols.enableSymbolicStorage(address(medkey));
        passTime();
    }

    /// @dev To any time in the next 17,000 years.
    function passTime() internal {
        vm.warp(symbols.createUint(39, "time"));
    }

    function anyCall(address caller) internal returns (Call memory call) {
        // Nobody sends from the zero address.
        vm.assume(caller != address(0));
        call.data = symbols.createCalldata("Medkey");
        call.caller = caller;
        call.actor = caller;
        // forge-lint: disable-next-line(unsafe-typecast)
        call.act = bytes4(call.data);
        bytes[] memory steps;
        if (call.act == IActs.multicall.selector) {
            steps = this.stepsOf(call.data);
        } else if (call.act == IActs.actSigned.selector) {
            (call.actor, steps) = this.signedStepsOf(call.data);
        } else {
            // Halmos cannot run SHA-256.
            vm.assume(call.act != ICharts.proposeMove.selector);
            return call;
        }
        vm.assume(steps.length == 1);
        // forge-lint: disable-next-line(unsafe-typecast)
        call.act = bytes4(steps[0]);
    }

    /// @dev Goes on where it succeeded.
    function perform(Call memory call) internal {
        vm.prank(call.caller);
        (bool done,) = address(medkey).call(call.data);
        vm.assume(done);
    }

    /// @dev What is signed of an EIP-712 struct.
    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Medkey"),
                keccak256("1"),
                block.chainid,
                address(medkey)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function stepsOf(bytes calldata data) external pure returns (bytes[] memory) {
        return abi.decode(data[4:], (bytes[]));
    }

    function signedStepsOf(bytes calldata data) external pure returns (address account, bytes[] memory steps) {
        (account, steps,,,) = abi.decode(data[4:], (address, bytes[], uint256, uint256, bytes));
    }
}
