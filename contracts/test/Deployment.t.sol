// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IMembers} from "src/interfaces/IMembers.sol";

import {MedkeyTest} from "./helpers/MedkeyTest.sol";

/// @dev What is fixed with the deployment: the domain of typed data, the storage it takes, its size.
contract DeploymentTest is MedkeyTest {
    function test_Erc5267() external view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = IERC5267(address(medkey)).eip712Domain();
        assertEq(fields, hex"0f", "fields");
        assertEq(name, "Medkey", "name");
        assertEq(version, "1", "version");
        assertEq(chainId, block.chainid, "chain");
        assertEq(verifyingContract, address(medkey), "contract");
        assertEq(salt, 0, "salt");
        assertEq(extensions.length, 0, "extensions");
    }

    function test_CodeFitsTheLimit() external view {
        assertLe(address(medkey).code.length, 24_576, "EIP-170");
    }

    function test_RevertWhen_PaidEther() external {
        vm.deal(stranger, 1 ether);
        vm.prank(stranger);
        (bool done,) = address(medkey).call{value: 1}("");
        assertFalse(done, "takes no ether");
    }

    function test_MemberIsOneSlot() external {
        vm.record();
        registerPatient(patient);
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        assertEq(writes.length, 1, "one slot");

        assertEq(uint256(vm.load(address(medkey), writes[0])), packed(IMembers.Role.Patient, 0), "packed");
    }

    function test_VerifiedMemberIsOneSlotAndItsProfile() external {
        uint32 hospital = addHospital();
        registerPending(doctor, IMembers.Role.Doctor);
        vm.record();
        vm.prank(registrar);
        medkey.verify(doctor, PROFILE, hospital);
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        assertEq(writes.length, 2, "two slots");

        assertEq(uint256(vm.load(address(medkey), writes[0])), packed(IMembers.Role.Doctor, hospital), "packed");
        assertEq(vm.load(address(medkey), writes[1]), PROFILE, "profile");
    }

    function test_GrantIsOneSlotAndTheHead() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        vm.record();
        grant(doctor, SCOPE, EXPIRY);
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        assertEq(writes.length, 2, "two slots");
        assertEq(uint256(vm.load(address(medkey), writes[0])), EXPIRY, "expiry");
        assertEq(vm.load(address(medkey), writes[1]), headOf(patient), "head");
    }

    function test_OfferIsOneSlotAndTheHead() external {
        registerPatient(patient);
        vm.record();
        makeOffer(offerTerms());
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        assertEq(writes.length, 2, "two slots");
        uint256 terms = uint256(OFFER_CLAIMS) << 72 | uint256(OFFER_LENGTH) << 40 | EXPIRY;
        assertEq(uint256(vm.load(address(medkey), writes[0])), terms, "terms");
        assertEq(vm.load(address(medkey), writes[1]), headOf(patient), "head");
    }

    /// @dev The offer's claims, the claimer, the grant and the head.
    function test_ClaimIsFourSlots() external {
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
        makeOffer(offerTerms());
        vm.record();
        claimOffer(doctor, SCOPE);
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        assertEq(writes.length, 4, "four slots");
    }

    /// @dev The account that may take the chart over, from when, and the nonce.
    function test_ProposalIsOneSlotAndTheHead() external {
        registerPatient(patient);
        vm.record();
        proposeMove(patient, newAccount);
        (, bytes32[] memory writes) = vm.accesses(address(medkey));
        uint256 move = uint256(1) << 200 | uint256(START + WAITING_PERIOD) << 160 | uint160(newAccount);
        for (uint256 i = 0; i + 1 < writes.length; ++i) {
            assertEq(uint256(vm.load(address(medkey), writes[i])), move, "move");
        }
        assertEq(vm.load(address(medkey), writes[writes.length - 1]), headOf(patient), "head");
    }

    /// @dev An active member with `CARD`, registered at `START`, as one word.
    function packed(IMembers.Role role, uint256 hospital) private view returns (uint256) {
        return uint256(role) << 240 | uint256(IMembers.Status.Active) << 232 | hospital << 200 | uint256(START) << 160
            | uint160(short(CARD));
    }
}
