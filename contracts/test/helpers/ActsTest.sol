// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./MedkeyTest.sol";
import {SignedActs} from "./SignedActs.sol";
import {TypedData} from "./TypedData.sol";

/// @dev Acts by transaction, several at once and by signature.
abstract contract ActsTest is MedkeyTest {
    /// @dev Somebody who pays for others and is nobody to the contract.
    address internal payer = makeAddr("payer");

    uint256 internal constant DEADLINE = EXPIRY + 365 days;

    // ---------------------------------------------------------------- steps

    function list(bytes memory step) internal pure returns (bytes[] memory steps) {
        steps = new bytes[](1);
        steps[0] = step;
    }

    function list(bytes memory first, bytes memory second) internal pure returns (bytes[] memory steps) {
        steps = new bytes[](2);
        steps[0] = first;
        steps[1] = second;
    }

    function list(bytes memory first, bytes memory second, bytes memory third)
        internal
        pure
        returns (bytes[] memory steps)
    {
        steps = new bytes[](3);
        steps[0] = first;
        steps[1] = second;
        steps[2] = third;
    }

    /// @dev All 18 acts, in the order of the alphabet, as far as possible such that they can be done by `account`.
    function everyAct(address account) internal returns (bytes[] memory steps) {
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, account);
        steps = new bytes[](18);
        steps[0] = abi.encodeCall(medkey.acceptMove, (patient));
        steps[1] = abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD));
        steps[2] = abi.encodeCall(medkey.blockAuthor, (patient, lab, true));
        steps[3] = abi.encodeCall(medkey.claimOffer, (patient, offerKey, SCOPE, ENVELOPE, r, vs));
        steps[4] = abi.encodeCall(medkey.denyRequest, (patient, doctor, REASON));
        steps[5] = abi.encodeCall(medkey.grantAccess, (patient, doctor, SCOPE, EXPIRY, ENVELOPE));
        steps[6] = abi.encodeCall(medkey.logAccess, (patient, SCOPE));
        steps[7] = abi.encodeCall(medkey.makeOffer, (offerTerms()));
        steps[8] = abi.encodeCall(medkey.proposeProfile, (NEXT_PROFILE, 0));
        steps[9] = abi.encodeCall(medkey.registerPatient, (CARD));
        steps[10] = abi.encodeCall(medkey.registerProfessional, (IMembers.Role.Doctor, CARD, PROFILE, 0));
        steps[11] = abi.encodeCall(medkey.removeRecord, (patient, MANIFEST));
        steps[12] = abi.encodeCall(medkey.replaceRecord, (patient, MANIFEST, NEXT_MANIFEST, CARD));
        steps[13] = abi.encodeCall(medkey.requestAccess, (patient, REASON));
        steps[14] = abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor));
        steps[15] = abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD));
        steps[16] = abi.encodeCall(medkey.vetoMove, (patient));
        steps[17] = abi.encodeCall(medkey.withdrawOffer, (patient, offerKey, SCOPE));
    }

    /// @dev Every other function but `skipNonce`, which is a step of a multicall and nothing to sign.
    function noActs() internal view returns (bytes[] memory calls) {
        calls = new bytes[](22);
        calls[0] = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        calls[1] = abi.encodeCall(medkey.refuse, (doctor, 1));
        calls[2] = abi.encodeCall(medkey.suspend, (doctor, 1));
        calls[3] = abi.encodeCall(medkey.reinstate, (doctor));
        calls[4] = abi.encodeCall(medkey.addHospital, (PAGE));
        calls[5] = abi.encodeCall(medkey.updateHospital, (1, PAGE));
        calls[6] = abi.encodeCall(medkey.closeHospital, (1));
        calls[7] = abi.encodeCall(medkey.proposeRegistrar, (stranger));
        calls[8] = abi.encodeCall(medkey.acceptRegistrar, ());
        calls[9] = abi.encodeCall(medkey.multicall, (list(abi.encodeCall(medkey.removeRecord, (patient, MANIFEST)))));
        calls[10] = abi.encodeCall(medkey.actSigned, (patient, new bytes[](0), 0, DEADLINE, ""));
        calls[11] = abi.encodeCall(medkey.proposeMove, (patient, cardNaming(recovery), newAccount, 0, 0));
        calls[12] = abi.encodeCall(medkey.nonces, (patient));
        calls[13] = abi.encodeCall(medkey.viewMember, (patient));
        calls[14] = abi.encodeCall(medkey.viewHospital, (1));
        calls[15] = abi.encodeCall(medkey.viewRegistrar, ());
        calls[16] = abi.encodeCall(medkey.viewChart, (patient));
        calls[17] = abi.encodeCall(medkey.viewAccess, (patient, doctor, SCOPE));
        calls[18] = abi.encodeCall(medkey.viewOffer, (patient, offerKey, SCOPE, doctor));
        calls[19] = abi.encodeCall(medkey.viewMove, (patient));
        calls[20] = abi.encodeCall(IERC5267.eip712Domain, ());
        calls[21] = abi.encodeWithSignature("unknown()");
    }

    function isAct(bytes4 selector) internal returns (bool) {
        bytes[] memory acts = everyAct(patient);
        for (uint256 i = 0; i < acts.length; ++i) {
            if (selectorOf(acts[i]) == selector) return true;
        }
        return false;
    }

    function selectorOf(bytes memory call_) internal pure returns (bytes4) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes4(call_);
    }

    // ---------------------------------------------------------------- signatures

    /// @dev The digest that a wallet shows and signs.
    function digestOf(address account, bytes[] memory steps, uint256 nonce, uint256 deadline)
        internal
        view
        returns (bytes32)
    {
        return TypedData.digest(address(medkey), SignedActs.hash(account, steps, nonce, deadline));
    }

    /// @dev With the key of `makeAddr`, as 65 bytes.
    function signDigest(string memory name, bytes32 digest) internal returns (bytes memory) {
        (, uint256 key) = makeAddrAndKey(name);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Over the account's current nonce and `DEADLINE`.
    function signActs(string memory name, bytes[] memory steps) internal returns (bytes memory) {
        address account = makeAddr(name);
        return signDigest(name, digestOf(account, steps, medkey.nonces(account), DEADLINE));
    }

    /// @dev Signed by the account, sent and paid for by somebody else.
    function actSigned(string memory name, bytes[] memory steps) internal {
        address account = makeAddr(name);
        uint256 nonce = medkey.nonces(account);
        bytes memory signature = signActs(name, steps);
        vm.prank(payer);
        medkey.actSigned(account, steps, nonce, DEADLINE, signature);
    }
}
