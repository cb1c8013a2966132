// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {World} from "./World.sol";

/// @dev What the chain told everybody: folded from the topics and the data of the logs alone, as a client does.
abstract contract Journal is World {
    mapping(address chart => bytes32 head) public heads;
    mapping(address chart => mapping(address grantee => mapping(bytes32 scope => uint40 expiry))) public grants;
    mapping(address chart => mapping(address key => mapping(bytes32 scope => uint256))) public claims;
    mapping(address chart => mapping(address key => mapping(bytes32 scope => mapping(address claimer => uint256))))
        public claimsBy;

    /// @dev How often an account became a member.
    mapping(address account => uint256) public registrations;
    mapping(address account => IMembers.Role) public registeredAs;

    /// @dev Accounts that acted for a chart which has moved on.
    mapping(address account => bool) public left;
    mapping(address chart => address owner) private _movedTo;

    /// @dev Grants made and lengthened.
    uint256 public grantings;

    address public seatHolder;

    uint256 public accessesWithoutGrant;
    uint256 public statusChangesByOthers;
    uint256 public eventsOfOtherContracts;
    uint256 public actsAfterMovingAway;

    /// @dev Moves of charts that had moved before.
    uint256 public movesOn;

    mapping(bytes32 topic => bool) private _isOfCharts;

    /// @dev What an account does without being a member or acting for a chart: the registrar's work, and the beginning of a
    /// move, which anybody may send who has the recovery key's signature.
    mapping(bytes32 topic => bool) private _isOfAnybody;

    constructor() {
        seatHolder = people[0];
        _isOfCharts[ICharts.RecordAdded.selector] = true;
        _isOfCharts[ICharts.RecordReplaced.selector] = true;
        _isOfCharts[ICharts.RecordRemoved.selector] = true;
        _isOfCharts[ICharts.AccessRequested.selector] = true;
        _isOfCharts[ICharts.RequestDenied.selector] = true;
        _isOfCharts[ICharts.AccessGranted.selector] = true;
        _isOfCharts[ICharts.AccessRevoked.selector] = true;
        _isOfCharts[ICharts.AuthorBlocked.selector] = true;
        _isOfCharts[ICharts.AccessLogged.selector] = true;
        _isOfCharts[ICharts.OfferMade.selector] = true;
        _isOfCharts[ICharts.OfferClaimed.selector] = true;
        _isOfCharts[ICharts.OfferWithdrawn.selector] = true;
        _isOfCharts[ICharts.MoveProposed.selector] = true;
        _isOfCharts[ICharts.MoveVetoed.selector] = true;
        _isOfCharts[ICharts.ChartMoved.selector] = true;
        _isOfAnybody[ICharts.MoveProposed.selector] = true;
        _isOfAnybody[IMembers.MemberVerified.selector] = true;
        _isOfAnybody[IMembers.MemberRefused.selector] = true;
        _isOfAnybody[IMembers.MemberSuspended.selector] = true;
        _isOfAnybody[IMembers.MemberReinstated.selector] = true;
        _isOfAnybody[IMembers.HospitalAdded.selector] = true;
        _isOfAnybody[IMembers.HospitalUpdated.selector] = true;
        _isOfAnybody[IMembers.HospitalClosed.selector] = true;
        _isOfAnybody[IMembers.RegistrarProposed.selector] = true;
        _isOfAnybody[IMembers.RegistrarChanged.selector] = true;
    }

    /// @dev Reads what one call left behind.
    /// @param sender Who sent the call
    /// @param account Who acted: the sender, or whose signature it was
    function readLogs(address sender, address account) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (left[account] && !_isOfAnybody[logs[i].topics[0]]) ++actsAfterMovingAway;
            if (logs[i].emitter != address(medkey)) ++eventsOfOtherContracts;
            else if (_isOfCharts[logs[i].topics[0]]) _readChartLog(logs[i]);
            else _readMemberLog(logs[i], sender);
        }
    }

    function _readChartLog(Vm.Log memory log) private {
        address chart = _address(log.topics[1]);
        _fold(chart, log);
        bytes32 name = log.topics[0];
        if (name == ICharts.AccessGranted.selector) {
            (bytes32 scope, uint40 expiry,) = abi.decode(log.data, (bytes32, uint40, bytes32));
            grants[chart][_address(log.topics[2])][scope] = expiry;
            ++grantings;
        } else if (name == ICharts.AccessRevoked.selector) {
            delete grants[chart][_address(log.topics[2])][abi.decode(log.data, (bytes32))];
        } else if (name == ICharts.OfferClaimed.selector) {
            address claimer = _address(log.topics[2]);
            (address key, bytes32 scope, uint40 expiry,) = abi.decode(log.data, (address, bytes32, uint40, bytes32));
            grants[chart][claimer][scope] = expiry;
            ++grantings;
            ++claims[chart][key][scope];
            ++claimsBy[chart][key][scope][claimer];
        } else if (name == ICharts.AccessLogged.selector) {
            bytes32 scope = abi.decode(log.data, (bytes32));
            if (!model.mayRead(chart, _address(log.topics[2]), scope)) ++accessesWithoutGrant;
        } else if (name == ICharts.ChartMoved.selector) {
            address before = _movedTo[chart];
            if (before != address(0)) ++movesOn;
            left[before == address(0) ? chart : before] = true;
            _movedTo[chart] = _address(log.topics[2]);
        }
    }

    function _readMemberLog(Vm.Log memory log, address sender) private {
        bytes32 name = log.topics[0];
        address subject = _address(log.topics[1]);
        if (name == IMembers.PatientRegistered.selector) {
            ++registrations[subject];
            registeredAs[subject] = IMembers.Role.Patient;
        } else if (name == IMembers.ProfessionalRegistered.selector) {
            ++registrations[subject];
            (registeredAs[subject],,,) = abi.decode(log.data, (IMembers.Role, bytes32, bytes32, uint32));
        } else if (name == IMembers.RegistrarChanged.selector) {
            seatHolder = _address(log.topics[2]);
        } else if (
            name == IMembers.MemberVerified.selector || name == IMembers.MemberRefused.selector
                || name == IMembers.MemberSuspended.selector || name == IMembers.MemberReinstated.selector
        ) {
            if (sender != seatHolder) ++statusChangesByOthers;
        }
    }

    /// @dev The rule of `ICharts`.
    function _fold(address chart, Vm.Log memory log) private {
        bytes memory fields = abi.encodePacked(log.topics[0], vm.getBlockTimestamp());
        for (uint256 i = 1; i < log.topics.length; ++i) {
            fields = abi.encodePacked(fields, log.topics[i]);
        }
        heads[chart] = keccak256(abi.encode(heads[chart], keccak256(abi.encodePacked(fields, log.data))));
    }

    function _address(bytes32 topic) private pure returns (address) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return address(uint160(uint256(topic)));
    }
}
