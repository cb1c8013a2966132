// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ActTypes} from "./ActTypes.sol";
import {Moves} from "./Moves.sol";
import {Offers} from "./Offers.sol";
import {IActs} from "./interfaces/IActs.sol";
import {ICharts} from "./interfaces/ICharts.sol";
import {IMembers} from "./interfaces/IMembers.sol";

/// @title Several acts at once, and acts by signature
abstract contract Acts is IActs, Offers, Moves {
    mapping(address account => uint256 nonce) public nonces;

    /// @inheritdoc IActs
    function multicall(bytes[] calldata steps) external {
        _performAll(msg.sender, steps);
    }

    /// @inheritdoc IActs
    function actSigned(
        address account,
        bytes[] calldata steps,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        _useNonce(account, nonce);
        bytes32 digest = _hashTypedDataV4(_hashActs(account, steps, nonce, deadline));
        if (!_isSignedBy(account, digest, signature)) revert NotSignedBy(account);
        _performAll(account, steps);
    }

    /// @inheritdoc IActs
    function skipNonce(uint256 nonce) external {
        _useNonce(msg.sender, nonce);
    }

    function _useNonce(address account, uint256 nonce) private {
        uint256 current = nonces[account];
        if (nonce != current) revert WrongNonce(account, current);
        nonces[account] = current + 1;
    }

    /// @dev By the account's key, also where the account has code: a key keeps its power over an account that delegates
    /// (EIP-7702), whatever the delegate makes of ERC-1271. A contract has no key.
    function _isSignedBy(address account, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == account) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }

    /// @dev `hashStruct` of the acts; the type is composed of the acts' own types, each named once.
    function _hashActs(address account, bytes[] calldata steps, uint256 nonce, uint256 deadline)
        private
        pure
        returns (bytes32)
    {
        bytes memory encodedType = "Acts(address account";
        bytes memory encodedData = abi.encode(account);
        bool[] memory named = new bool[](uint256(type(ActTypes.Act).max) + 1);
        for (uint256 i = 0; i < steps.length; ++i) {
            ActTypes.Act act = ActTypes.parse(bytes4(steps[i]));
            named[uint256(act)] = true;
            (string memory name, string memory fields) = ActTypes.definition(act);
            encodedType = bytes.concat(encodedType, ",", bytes(name), " act", bytes(Strings.toString(i + 1)));
            bytes32 typeHash = keccak256(bytes.concat(bytes(name), bytes(fields)));
            encodedData = bytes.concat(encodedData, keccak256(bytes.concat(typeHash, steps[i][4:])));
        }
        encodedType = bytes.concat(encodedType, ",uint256 nonce,uint256 deadline)");
        for (uint256 i = 0; i < named.length; ++i) {
            if (!named[i]) continue;
            (string memory name, string memory fields) = ActTypes.definition(ActTypes.Act(i));
            encodedType = bytes.concat(encodedType, bytes(name), bytes(fields));
        }
        return keccak256(bytes.concat(keccak256(encodedType), encodedData, abi.encode(nonce, deadline)));
    }

    function _performAll(address account, bytes[] calldata steps) private {
        for (uint256 i = 0; i < steps.length; ++i) {
            bytes calldata step = steps[i];
            // forge-lint: disable-next-line(unsafe-typecast)
            _perform(account, bytes4(step), step[4:]);
        }
    }

    function _perform(address account, bytes4 selector, bytes calldata data) private {
        if (selector == ICharts.addRecord.selector) {
            (address chart, bytes32 manifest, bytes32 card) = abi.decode(data, (address, bytes32, bytes32));
            _addRecord(account, chart, manifest, card);
        } else if (selector == ICharts.logAccess.selector) {
            (address chart, bytes32 scope) = abi.decode(data, (address, bytes32));
            _logAccess(account, chart, scope);
        } else if (selector == ICharts.grantAccess.selector) {
            (address chart, address grantee, bytes32 scope, uint40 expiry, bytes32 envelope) =
                abi.decode(data, (address, address, bytes32, uint40, bytes32));
            _grantAccess(account, chart, grantee, scope, expiry, envelope);
        } else if (selector == ICharts.revokeAccess.selector) {
            (address chart, bytes32 scope, address grantee) = abi.decode(data, (address, bytes32, address));
            _revokeAccess(account, chart, scope, grantee);
        } else if (selector == IMembers.updateCard.selector) {
            (bytes32 previous, bytes32 card) = abi.decode(data, (bytes32, bytes32));
            _updateCard(account, previous, card);
        } else if (selector == ICharts.requestAccess.selector) {
            (address chart, bytes32 reason) = abi.decode(data, (address, bytes32));
            _requestAccess(account, chart, reason);
        } else if (selector == ICharts.denyRequest.selector) {
            (address chart, address requester, bytes32 reason) = abi.decode(data, (address, address, bytes32));
            _denyRequest(account, chart, requester, reason);
        } else if (selector == ICharts.replaceRecord.selector) {
            (address chart, bytes32 previous, bytes32 manifest, bytes32 card) =
                abi.decode(data, (address, bytes32, bytes32, bytes32));
            _replaceRecord(account, chart, previous, manifest, card);
        } else if (selector == ICharts.removeRecord.selector) {
            (address chart, bytes32 manifest) = abi.decode(data, (address, bytes32));
            _removeRecord(account, chart, manifest);
        } else if (selector == ICharts.makeOffer.selector) {
            _makeOffer(account, abi.decode(data, (OfferTerms)));
        } else if (selector == ICharts.claimOffer.selector) {
            (address chart, address key, bytes32 scope, bytes32 envelope, bytes32 r, bytes32 vs) =
                abi.decode(data, (address, address, bytes32, bytes32, bytes32, bytes32));
            _claimOffer(account, chart, key, scope, envelope, r, vs);
        } else if (selector == ICharts.withdrawOffer.selector) {
            (address chart, address key, bytes32 scope) = abi.decode(data, (address, address, bytes32));
            _withdrawOffer(account, chart, key, scope);
        } else if (selector == ICharts.blockAuthor.selector) {
            (address chart, address author, bool blocked) = abi.decode(data, (address, address, bool));
            _blockAuthor(account, chart, author, blocked);
        } else if (selector == IMembers.registerPatient.selector) {
            _registerPatient(account, abi.decode(data, (bytes32)));
        } else if (selector == IMembers.registerProfessional.selector) {
            (Role role, bytes32 card, bytes32 profile, uint32 hospital) =
                abi.decode(data, (Role, bytes32, bytes32, uint32));
            _registerProfessional(account, role, card, profile, hospital);
        } else if (selector == IMembers.proposeProfile.selector) {
            (bytes32 profile, uint32 hospital) = abi.decode(data, (bytes32, uint32));
            _proposeProfile(account, profile, hospital);
        } else if (selector == ICharts.acceptMove.selector) {
            _acceptMove(account, abi.decode(data, (address)));
        } else if (selector == ICharts.vetoMove.selector) {
            _vetoMove(account, abi.decode(data, (address)));
        } else if (selector == IActs.skipNonce.selector) {
            _useNonce(account, abi.decode(data, (uint256)));
        } else {
            revert NotAnAct(selector);
        }
    }
}
