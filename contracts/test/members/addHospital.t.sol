// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "../helpers/MedkeyTest.sol";

contract AddHospitalTest is MedkeyTest {
    function testFuzz_RevertGiven_NotRegistrar(address account) external {
        assumeStranger(account);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IMembers.NotRegistrar.selector, account));
        medkey.addHospital(PAGE);
    }

    function testFuzz_RevertWhen_PageIsZero(uint96 tail) external {
        vm.prank(registrar);
        vm.expectRevert(IMembers.ZeroValue.selector);
        medkey.addHospital(bytes32(uint256(tail)));
    }

    function testFuzz_WhenPageIsDigest(bytes32 page) external {
        assumeDigest(page);
        for (uint32 id = 1; id <= 3; ++id) {
            vm.expectEmit(address(medkey));
            emit IMembers.HospitalAdded(id, page);
            vm.prank(registrar);
            assertEq(medkey.addHospital(page), id, "ids count up");

            (IMembers.Hospital memory hospital,) = medkey.viewHospital(id);
            assertTrue(hospital.open, "open");
            assertEq(hospital.page, short(page), "page");
        }
    }

    function test_TheRegistrarsSeatStays() external {
        addHospital();
        (address current,,) = medkey.viewRegistrar();
        assertEq(current, registrar);
    }
}
