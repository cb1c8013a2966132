// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "./interfaces/IMembers.sol";

/// @dev A member in one storage slot, read and written once per act: where its chart is (8), role (8), status (8),
/// hospital (32), since (40) and the first 20 bytes of the card's digest (160). Zero for a stranger.
/// An account that a chart moved to is no member; its slot holds the chart's id in the card's place.
type MemberSlot is uint256;

using MemberSlots for MemberSlot global;

/// @title The fields of a packed member
library MemberSlots {
    uint256 private constant SINCE_AT = 160;
    uint256 private constant HOSPITAL_AT = 200;
    uint256 private constant STATUS_AT = 232;
    uint256 private constant ROLE_AT = 240;
    uint256 private constant WHERE_AT = 248;

    /// @dev The patient's chart has moved away from this account.
    uint256 private constant MOVED_AWAY = 1;
    /// @dev A chart has moved to this account.
    uint256 private constant MOVED_HERE = 2;

    /// @dev Status `Active` and bit 1 of the role, which doctors (2) and laboratories (3) have and patients (1) have not.
    uint256 private constant VERIFIED = 0x0202;
    uint256 private constant VERIFIED_MASK = 0x02ff;

    // Every cast below cuts exactly one field out of the slot.
    // forge-lint: disable-start(unsafe-typecast)

    function pack(IMembers.Role role_, IMembers.Status status_, uint256 since_, bytes20 card_)
        internal
        pure
        returns (MemberSlot)
    {
        // 40 bits hold block times for 34,000 years.
        return MemberSlot.wrap(
            uint256(role_) << ROLE_AT | uint256(status_) << STATUS_AT | uint256(uint40(since_)) << SINCE_AT
                | uint160(card_)
        );
    }

    /// @dev The slot of an account that a chart moves to.
    function packMovedHere(address chart_) internal pure returns (MemberSlot) {
        return MemberSlot.wrap(MOVED_HERE << WHERE_AT | uint160(chart_));
    }

    function role(MemberSlot slot) internal pure returns (IMembers.Role) {
        return IMembers.Role(uint8(MemberSlot.unwrap(slot) >> ROLE_AT));
    }

    function status(MemberSlot slot) internal pure returns (IMembers.Status) {
        return IMembers.Status(uint8(MemberSlot.unwrap(slot) >> STATUS_AT));
    }

    function hospital(MemberSlot slot) internal pure returns (uint32) {
        return uint32(MemberSlot.unwrap(slot) >> HOSPITAL_AT);
    }

    function since(MemberSlot slot) internal pure returns (uint40) {
        return uint40(MemberSlot.unwrap(slot) >> SINCE_AT);
    }

    function card(MemberSlot slot) internal pure returns (bytes20) {
        return bytes20(uint160(MemberSlot.unwrap(slot)));
    }

    /// @dev Of a slot with `hasMovedHere`: the chart.
    function chart(MemberSlot slot) internal pure returns (address) {
        return address(uint160(MemberSlot.unwrap(slot)));
    }

    function isPatient(MemberSlot slot) internal pure returns (bool) {
        return uint8(MemberSlot.unwrap(slot) >> ROLE_AT) == uint8(IMembers.Role.Patient);
    }

    // forge-lint: disable-end(unsafe-typecast)

    function isFree(MemberSlot slot) internal pure returns (bool) {
        return MemberSlot.unwrap(slot) == 0;
    }

    /// @dev Whether this is a patient who acts for its own chart.
    function isPatientHere(MemberSlot slot) internal pure returns (bool) {
        return MemberSlot.unwrap(slot) >> ROLE_AT == uint256(IMembers.Role.Patient);
    }

    /// @dev Whether a chart has moved, from or to this account.
    function hasMoved(MemberSlot slot) internal pure returns (bool) {
        return MemberSlot.unwrap(slot) >> WHERE_AT != 0;
    }

    function hasMovedHere(MemberSlot slot) internal pure returns (bool) {
        return MemberSlot.unwrap(slot) >> WHERE_AT == MOVED_HERE;
    }

    /// @dev Whether this is a doctor or a laboratory that the registrar verified and has not suspended.
    function isVerified(MemberSlot slot) internal pure returns (bool) {
        return (MemberSlot.unwrap(slot) >> STATUS_AT) & VERIFIED_MASK == VERIFIED;
    }

    function withStatus(MemberSlot slot, IMembers.Status status_) internal pure returns (MemberSlot) {
        return MemberSlot.wrap(
            MemberSlot.unwrap(slot) & ~(uint256(type(uint8).max) << STATUS_AT) | uint256(status_) << STATUS_AT
        );
    }

    function withHospital(MemberSlot slot, uint32 hospital_) internal pure returns (MemberSlot) {
        return MemberSlot.wrap(
            MemberSlot.unwrap(slot) & ~(uint256(type(uint32).max) << HOSPITAL_AT) | uint256(hospital_) << HOSPITAL_AT
        );
    }

    function withCard(MemberSlot slot, bytes20 card_) internal pure returns (MemberSlot) {
        return MemberSlot.wrap(MemberSlot.unwrap(slot) & ~uint256(type(uint160).max) | uint160(card_));
    }

    function withMovedAway(MemberSlot slot) internal pure returns (MemberSlot) {
        return MemberSlot.wrap(MemberSlot.unwrap(slot) | MOVED_AWAY << WHERE_AT);
    }
}
