// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract UpdateHospitalTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        uint32 id = addHospital();
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.updateHospital(id, PAGE);
    }

    function testFuzz_RevertGiven_NoHospital(uint32 id) external {
        vm.assume(id != addHospital());
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NoHospital.selector, id));
        medkey.updateHospital(id, PAGE);
    }

    function testFuzz_RevertWhen_PageIsZero(uint96 tail) external {
        uint32 id = addHospital();
        vm.prank(registrar);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.updateHospital(id, bytes32(uint256(tail)));
    }

    function testFuzz_GivenHospital(bytes32 page, bool closed) external {
        assumeDigest(page);
        uint32 id = closed ? addClosedHospital() : addHospital();
        vm.expectEmit(address(medkey));
        emit IMembers.HospitalUpdated(id, page);
        vm.prank(registrar);
        medkey.updateHospital(id, page);

        (IMembers.Hospital memory hospital,) = medkey.viewHospital(id);
        assertEq(hospital.open, !closed, "open as before");
        assertEq(hospital.page, short(page), "page");
    }
}
