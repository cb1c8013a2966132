// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ICharts} from "src/interfaces/ICharts.sol";

import {OwnChartTest} from "../helpers/OwnChartTest.sol";

contract BlockAuthorTest is OwnChartTest {
    function act(address chart) internal override {
        medkey.blockAuthor(chart, doctor, true);
    }

    function testFuzz_GivenPatient(address author, bool first, bool second) external {
        registerPatient(otherPatient);
        expectBlocked(author, first);
        expectBlocked(author, second);
        (, ICharts.Access memory other,) = medkey.viewAccess(otherPatient, author, SCOPE);
        assertFalse(other.blocked, "no other chart");
    }

    function expectBlocked(address author, bool blocked) private {
        bytes32 head = headOf(patient);
        vm.expectEmit(address(medkey));
        emit ICharts.AuthorBlocked(patient, author, blocked);
        vm.prank(patient);
        medkey.blockAuthor(patient, author, blocked);
        assertFolded(head, abi.encode(ICharts.AuthorBlocked.selector, uint256(START), patient, author, blocked));
        assertEq(accessOf(author, SCOPE).blocked, blocked, "blocked");
    }
}
