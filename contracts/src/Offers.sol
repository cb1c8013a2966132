// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Charts} from "./Charts.sol";
import {ICharts} from "./interfaces/ICharts.sol";

/// @title Offers: grants made in advance
/// @dev A claim is the patient's own will, given beforehand: it makes the grant that the offer names, once per member,
/// so that a grant which was revoked or ran out does not come back by scanning the same code again.
abstract contract Offers is Charts, EIP712 {
    /// @dev One slot per offer (104 bits), and one per claim. The length outlives withdrawal: a key serves once.
    struct OfferState {
        Offer terms;
        mapping(address claimer => bool) claimed;
    }

    bytes32 private constant CLAIM_TYPE = keccak256("OfferClaim(address chart,bytes32 scope,address claimer)");

    mapping(address chart => mapping(address key => mapping(bytes32 scope => OfferState))) private _offers;

    /// @inheritdoc ICharts
    function makeOffer(OfferTerms calldata terms) external {
        _makeOffer(msg.sender, terms);
    }

    /// @inheritdoc ICharts
    function claimOffer(address chart, address key, bytes32 scope, bytes32 envelope, bytes32 r, bytes32 vs) external {
        _claimOffer(msg.sender, chart, key, scope, envelope, r, vs);
    }

    /// @inheritdoc ICharts
    function withdrawOffer(address chart, address key, bytes32 scope) external {
        _withdrawOffer(msg.sender, chart, key, scope);
    }

    /// @inheritdoc ICharts
    function viewOffer(address chart, address key, bytes32 scope, address claimer)
        external
        view
        returns (Offer memory, bool claimed, ChartStamp memory)
    {
        OfferState storage state = _offers[chart][key][scope];
        return (state.terms, state.claimed[claimer], _chartStamp());
    }

    function _makeOffer(address account, OfferTerms memory terms) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, terms.chart);
        if (terms.key == address(0) || terms.scope == 0 || terms.envelope == 0) revert ZeroDigest();
        if (terms.expiry <= block.timestamp) revert ExpiryPassed(terms.expiry);
        if (terms.length == 0 || terms.claims == 0) revert EmptyOffer();
        OfferState storage state = _offers[terms.chart][terms.key][terms.scope];
        if (state.terms.length != 0) revert OfferExists(terms.chart, terms.key, terms.scope);
        state.terms = Offer({expiry: terms.expiry, length: terms.length, claims: terms.claims});
        emit OfferMade(
            terms.chart,
            terms.key,
            terms.scope,
            terms.expiry,
            terms.length,
            terms.claims,
            terms.emergency,
            terms.envelope
        );
        _fold(tip, head, keccak256(abi.encode(OfferMade.selector, block.timestamp, terms)));
    }

    function _claimOffer(
        address account,
        address chart,
        address key,
        bytes32 scope,
        bytes32 envelope,
        bytes32 r,
        bytes32 vs
    ) internal {
        _requireDigest(envelope);
        _requireVerified(account);
        _requireClaim(account, chart, key, scope, r, vs);
        uint40 expiry = _takeClaim(account, chart, key, scope);
        (Head storage tip, bytes32 head) = _anyChart(chart);
        emit OfferClaimed(chart, account, key, scope, expiry, envelope);
        _fold(
            tip,
            head,
            keccak256(abi.encode(OfferClaimed.selector, block.timestamp, chart, account, key, scope, expiry, envelope))
        );
    }

    function _withdrawOffer(address account, address chart, address key, bytes32 scope) internal {
        (Head storage tip, bytes32 head) = _ownChart(account, chart);
        Offer storage terms = _offers[chart][key][scope].terms;
        terms.expiry = 0;
        terms.claims = 0;
        emit OfferWithdrawn(chart, key, scope);
        _fold(tip, head, keccak256(abi.encode(OfferWithdrawn.selector, block.timestamp, chart, key, scope)));
    }

    /// @dev Whoever signed for this very claimer holds the offer's secret.
    function _requireClaim(address account, address chart, address key, bytes32 scope, bytes32 r, bytes32 vs)
        private
        view
    {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CLAIM_TYPE, chart, scope, account)));
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, r, vs);
        if (failure != ECDSA.RecoverError.NoError || signer != key) revert WrongSignature(key);
    }

    /// @dev Uses up one claim and makes its grant, which never shortens one that lives.
    function _takeClaim(address account, address chart, address key, bytes32 scope) private returns (uint40 expiry) {
        OfferState storage state = _offers[chart][key][scope];
        Offer memory terms = state.terms;
        if (terms.expiry <= block.timestamp || terms.claims == 0) revert NoLiveOffer(chart, key, scope);
        if (state.claimed[account]) revert AlreadyClaimed(key, account);
        state.claimed[account] = true;
        state.terms.claims = terms.claims - 1;
        mapping(bytes32 scope => uint256 expiry) storage grants = _charts[chart].grants[account];
        // forge-lint: disable-next-line(unsafe-typecast)
        expiry = uint40(Math.max(grants[scope], block.timestamp + terms.length));
        grants[scope] = expiry;
    }
}
