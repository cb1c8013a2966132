// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract CloseHospitalTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        uint32 id = addHospital();
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.closeHospital(id);
    }

    function testFuzz_RevertGiven_NoHospital(uint32 id) external {
        vm.assume(id != addHospital());
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NoHospital.selector, id));
        medkey.closeHospital(id);
    }

    function test_RevertGiven_Closed() external {
        uint32 id = addClosedHospital();
        vm.prank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IMembers.HospitalIsClosed.selector, id));
        medkey.closeHospital(id);
    }

    function test_GivenOpen() external {
        uint32 id = addHospital();
        vm.expectEmit(address(medkey));
        emit IMembers.HospitalClosed(id);
        vm.prank(registrar);
        medkey.closeHospital(id);

        (IMembers.Hospital memory hospital,) = medkey.viewHospital(id);
        assertFalse(hospital.open, "closed");
        assertEq(hospital.page, short(PAGE), "page");
    }
}
