// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISafe} from "@safe-global/safe-smart-account/contracts/interfaces/ISafe.sol";

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";
import {Safes} from "../helpers/Safes.sol";

contract RegistrarSafeTest is MedkeyTest, Safes {
    ISafe internal safe;

    function setUp() public override {
        super.setUp();
        registerPending(doctor, IMembers.Role.Doctor);
        safe = deploySafe();
        vm.prank(registrar);
        medkey.proposeRegistrar(address(safe));
        executeByTwo(abi.encodeCall(medkey.acceptRegistrar, ()));
    }

    function test_AcceptsTheSeat() external view {
        (address current, address proposed,) = medkey.viewRegistrar();
        assertEq(current, address(safe), "current");
        assertEq(proposed, address(0), "proposed");
    }

    function test_VerifiesByTwoSignatures() external {
        bytes memory data = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        bytes memory signatures = signedByTwo("first owner", "second owner", hash);
        vm.expectEmit(address(medkey));
        emit IMembers.MemberVerified(doctor, PROFILE, 0);
        execute(safe, address(medkey), data, signatures);
        assertTrue(statusOf(doctor) == IMembers.Status.Active, "active");
    }

    function test_DoesEveryActOfTheRegistrar() external {
        executeByTwo(abi.encodeCall(medkey.addHospital, (PAGE)));
        executeByTwo(abi.encodeCall(medkey.updateHospital, (1, NEXT_PROFILE)));
        executeByTwo(abi.encodeCall(medkey.verify, (doctor, PROFILE, 1)));
        executeByTwo(abi.encodeCall(medkey.closeHospital, (1)));
        executeByTwo(abi.encodeCall(medkey.suspend, (doctor, 1)));
        assertTrue(statusOf(doctor) == IMembers.Status.Suspended, "suspended");
        executeByTwo(abi.encodeCall(medkey.reinstate, (doctor)));
        assertTrue(statusOf(doctor) == IMembers.Status.Active, "reinstated");
        registerPending(lab, IMembers.Role.Lab);
        executeByTwo(abi.encodeCall(medkey.refuse, (lab, 1)));
        assertTrue(statusOf(lab) == IMembers.Status.Refused, "refused");
        executeByTwo(abi.encodeCall(medkey.proposeRegistrar, (stranger)));
        (address current, address proposed,) = medkey.viewRegistrar();
        assertEq(current, address(safe), "current");
        assertEq(proposed, stranger, "proposed");
    }

    function test_AnyTwoOwners() external {
        bytes memory data = abi.encodeCall(medkey.addHospital, (PAGE));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        execute(safe, address(medkey), data, signedByTwo("second owner", "third owner", hash));
        hash = transactionHash(safe, address(medkey), data);
        execute(safe, address(medkey), data, signedByTwo("third owner", "first owner", hash));
        (IMembers.Hospital memory hospital,) = medkey.viewHospital(2);
        assertTrue(hospital.open, "two hospitals");
    }

    // ---------------------------------------------------------------- when the Safe refuses

    function test_RevertWhen_OneHasSigned() external {
        bytes memory data = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        // Safe's word for: signatures too short.
        expectRefused(data, signedByOne("first owner", hash), "GS020");
    }

    function test_RevertWhen_OneHasSignedTwice() external {
        bytes memory data = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        // Safe's word for: no owner, or not in order.
        expectRefused(data, signedByTwo("first owner", "first owner", hash), "GS026");
    }

    function test_RevertWhen_OneIsNoOwner() external {
        bytes memory data = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        expectRefused(data, signedByTwo("first owner", "registrar", hash), "GS026");
    }

    function test_RevertWhen_SignedForAnotherCall() external {
        bytes memory data = abi.encodeCall(medkey.verify, (doctor, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        bytes memory other = abi.encodeCall(medkey.verify, (doctor, NEXT_PROFILE, 0));
        expectRefused(other, signedByTwo("first owner", "second owner", hash), "GS026");
    }

    function test_RevertWhen_SignedForACallThatIsDone() external {
        bytes memory data = abi.encodeCall(medkey.addHospital, (PAGE));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        bytes memory signatures = signedByTwo("first owner", "second owner", hash);
        execute(safe, address(medkey), data, signatures);
        expectRefused(data, signatures, "GS026");
    }

    function test_RevertGiven_OwnerOrTheRegistrarBefore() external {
        expectNotRegistrar(makeAddr("first owner"));
        expectNotRegistrar(registrar);
    }

    function test_RevertWhen_TheContractRefuses() external {
        bytes memory data = abi.encodeCall(medkey.verify, (lab, PROFILE, 0));
        bytes32 hash = transactionHash(safe, address(medkey), data);
        bytes memory signatures = signedByTwo("first owner", "second owner", hash);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistered.selector, lab));
        execute(safe, address(medkey), data, signatures);
        registerPending(lab, IMembers.Role.Lab);
        execute(safe, address(medkey), data, signatures);
        assertTrue(statusOf(lab) == IMembers.Status.Active, "active");
    }

    // ---------------------------------------------------------------- helpers

    function executeByTwo(bytes memory data) private {
        bytes32 hash = transactionHash(safe, address(medkey), data);
        execute(safe, address(medkey), data, signedByTwo("first owner", "second owner", hash));
    }

    function expectRefused(bytes memory data, bytes memory signatures, string memory reason) private {
        vm.expectRevert(bytes(reason));
        execute(safe, address(medkey), data, signatures);
    }

    function expectNotRegistrar(address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.verify(doctor, PROFILE, 0);
    }
}
