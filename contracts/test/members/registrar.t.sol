// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract RegistrarTest is MedkeyTest {
    address internal successor = makeAddr("successor");

    // ---------------------------------------------------------------- constructor

    function test_Constructor_RevertWhen_RegistrarIsZero() external {
        vm.expectRevert(IMembers.ZeroValue.selector);
        deployMedkey(address(0));
    }

    function testFuzz_Constructor(address account) external {
        vm.assume(account != address(0));
        vm.expectEmit();
        emit IMembers.RegistrarChanged(address(0), account);
        medkey = deployMedkey(account);
        assertSeat(account, address(0));
    }

    // ---------------------------------------------------------------- proposeRegistrar

    function testFuzz_Propose_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.proposeRegistrar(account);
    }

    function testFuzz_Propose(address account) external {
        propose(account);
        assertSeat(registrar, account);
    }

    function test_Propose_WhenZero() external {
        propose(successor);
        propose(address(0));
        assertSeat(registrar, address(0));
        vm.prank(successor);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotProposed.selector, successor));
        medkey.acceptRegistrar();
    }

    // ---------------------------------------------------------------- acceptRegistrar

    function testFuzz_Accept_RevertGiven_NotProposed(address account) external {
        assumeStranger(account);
        vm.assume(account != successor);
        propose(successor);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotProposed.selector, account));
        medkey.acceptRegistrar();
    }

    function test_Accept_RevertGiven_NobodyIsProposed() external {
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotProposed.selector, registrar));
        medkey.acceptRegistrar();
    }

    function test_Accept() external {
        addHospital();
        propose(successor);
        vm.expectEmit(address(medkey));
        emit IMembers.RegistrarChanged(registrar, successor);
        vm.prank(successor);
        medkey.acceptRegistrar();
        assertSeat(successor, address(0));

        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, registrar));
        medkey.addHospital(PAGE);
        vm.prank(successor);
        assertEq(medkey.addHospital(PAGE), 2, "hospitals stay counted");
    }

    // ---------------------------------------------------------------- helpers

    function propose(address account) private {
        vm.expectEmit(address(medkey));
        emit IMembers.RegistrarProposed(registrar, account);
        vm.prank(registrar);
        medkey.proposeRegistrar(account);
    }

    function assertSeat(address current, address proposed) private view {
        (address holds, address next,) = medkey.viewRegistrar();
        assertEq(holds, current, "current");
        assertEq(next, proposed, "proposed");
    }
}
