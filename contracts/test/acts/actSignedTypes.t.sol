// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {ICharts} from "src/interfaces/ICharts.sol";
import {IMembers} from "src/interfaces/IMembers.sol";

import {ActsTest} from "../helpers/ActsTest.sol";
import {SignedActs} from "../helpers/SignedActs.sol";
import {TypedData} from "../helpers/TypedData.sol";

/// @dev What a wallet signs, written out by hand for each act and for acts together; and that it is then done as if the
/// account had sent it itself.
contract ActSignedTypesTest is ActsTest {
    function setUp() public override {
        super.setUp();
        registerPatient(patient);
        registerActive(doctor, IMembers.Role.Doctor);
    }

    // ---------------------------------------------------------------- each act

    function test_AcceptMove() external {
        proposeMove(patient, newAccount);
        vm.warp(START + WAITING_PERIOD);
        expectDone(
            "new account",
            list(abi.encodeCall(medkey.acceptMove, (patient))),
            "Acts(address account,AcceptMove act1,uint256 nonce,uint256 deadline)AcceptMove(address chart)",
            abi.encode(structHash("AcceptMove(address chart)", abi.encode(patient)))
        );
    }

    function test_AddRecord() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD))),
            "Acts(address account,AddRecord act1,uint256 nonce,uint256 deadline)"
            "AddRecord(address chart,bytes32 manifest,bytes32 card)",
            abi.encode(
                structHash(
                    "AddRecord(address chart,bytes32 manifest,bytes32 card)", abi.encode(patient, MANIFEST, CARD)
                )
            )
        );
    }

    function test_AddRecord_ByAnother() external {
        expectDone(
            "doctor",
            list(abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD))),
            "Acts(address account,AddRecord act1,uint256 nonce,uint256 deadline)"
            "AddRecord(address chart,bytes32 manifest,bytes32 card)",
            abi.encode(
                structHash(
                    "AddRecord(address chart,bytes32 manifest,bytes32 card)", abi.encode(patient, MANIFEST, CARD)
                )
            )
        );
    }

    function test_BlockAuthor() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.blockAuthor, (patient, doctor, true))),
            "Acts(address account,BlockAuthor act1,uint256 nonce,uint256 deadline)"
            "BlockAuthor(address chart,address author,bool blocked)",
            abi.encode(
                structHash("BlockAuthor(address chart,address author,bool blocked)", abi.encode(patient, doctor, true))
            )
        );
    }

    function test_ClaimOffer() external {
        makeOffer(offerTerms());
        (bytes32 r, bytes32 vs) = signClaim(patient, SCOPE, doctor);
        expectDone(
            "doctor",
            list(abi.encodeCall(medkey.claimOffer, (patient, offerKey, SCOPE, ENVELOPE, r, vs))),
            "Acts(address account,ClaimOffer act1,uint256 nonce,uint256 deadline)"
            "ClaimOffer(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)",
            abi.encode(
                structHash(
                    "ClaimOffer(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)",
                    abi.encode(patient, offerKey, SCOPE, ENVELOPE, r, vs)
                )
            )
        );
    }

    function test_DenyRequest() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.denyRequest, (patient, doctor, REASON))),
            "Acts(address account,DenyRequest act1,uint256 nonce,uint256 deadline)"
            "DenyRequest(address chart,address requester,bytes32 reason)",
            abi.encode(
                structHash(
                    "DenyRequest(address chart,address requester,bytes32 reason)", abi.encode(patient, doctor, REASON)
                )
            )
        );
    }

    function test_GrantAccess() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.grantAccess, (patient, doctor, SCOPE, EXPIRY, ENVELOPE))),
            "Acts(address account,GrantAccess act1,uint256 nonce,uint256 deadline)"
            "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)",
            abi.encode(
                structHash(
                    "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)",
                    abi.encode(patient, doctor, SCOPE, EXPIRY, ENVELOPE)
                )
            )
        );
    }

    function test_LogAccess() external {
        grant(doctor, SCOPE, EXPIRY);
        expectDone(
            "doctor",
            list(abi.encodeCall(medkey.logAccess, (patient, SCOPE))),
            "Acts(address account,LogAccess act1,uint256 nonce,uint256 deadline)LogAccess(address chart,bytes32 scope)",
            abi.encode(structHash("LogAccess(address chart,bytes32 scope)", abi.encode(patient, SCOPE)))
        );
    }

    function test_MakeOffer() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.makeOffer, (offerTerms()))),
            "Acts(address account,MakeOffer act1,uint256 nonce,uint256 deadline)"
            "MakeOffer(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,"
            "bool emergency,bytes32 envelope)",
            abi.encode(
                structHash(
                    "MakeOffer(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,"
                    "uint32 claims,bool emergency,bytes32 envelope)",
                    abi.encode(patient, offerKey, SCOPE, EXPIRY, OFFER_LENGTH, OFFER_CLAIMS, false, ENVELOPE)
                )
            )
        );
    }

    function test_ProposeProfile() external {
        expectDone(
            "doctor",
            list(abi.encodeCall(medkey.proposeProfile, (NEXT_PROFILE, 7))),
            "Acts(address account,ProposeProfile act1,uint256 nonce,uint256 deadline)"
            "ProposeProfile(bytes32 profile,uint32 hospital)",
            abi.encode(structHash("ProposeProfile(bytes32 profile,uint32 hospital)", abi.encode(NEXT_PROFILE, 7)))
        );
    }

    function test_RegisterPatient() external {
        expectDone(
            "other patient",
            list(abi.encodeCall(medkey.registerPatient, (CARD))),
            "Acts(address account,RegisterPatient act1,uint256 nonce,uint256 deadline)RegisterPatient(bytes32 card)",
            abi.encode(structHash("RegisterPatient(bytes32 card)", abi.encode(CARD)))
        );
    }

    function test_RegisterProfessional() external {
        expectDone(
            "lab",
            list(abi.encodeCall(medkey.registerProfessional, (IMembers.Role.Lab, CARD, PROFILE, 7))),
            "Acts(address account,RegisterProfessional act1,uint256 nonce,uint256 deadline)"
            "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)",
            abi.encode(
                structHash(
                    "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)",
                    abi.encode(3, CARD, PROFILE, 7)
                )
            )
        );
    }

    function test_RemoveRecord() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.removeRecord, (patient, MANIFEST))),
            "Acts(address account,RemoveRecord act1,uint256 nonce,uint256 deadline)"
            "RemoveRecord(address chart,bytes32 manifest)",
            abi.encode(structHash("RemoveRecord(address chart,bytes32 manifest)", abi.encode(patient, MANIFEST)))
        );
    }

    function test_ReplaceRecord() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.replaceRecord, (patient, MANIFEST, NEXT_MANIFEST, CARD))),
            "Acts(address account,ReplaceRecord act1,uint256 nonce,uint256 deadline)"
            "ReplaceRecord(address chart,bytes32 previous,bytes32 manifest,bytes32 card)",
            abi.encode(
                structHash(
                    "ReplaceRecord(address chart,bytes32 previous,bytes32 manifest,bytes32 card)",
                    abi.encode(patient, MANIFEST, NEXT_MANIFEST, CARD)
                )
            )
        );
    }

    function test_RequestAccess() external {
        expectDone(
            "doctor",
            list(abi.encodeCall(medkey.requestAccess, (patient, REASON))),
            "Acts(address account,RequestAccess act1,uint256 nonce,uint256 deadline)"
            "RequestAccess(address chart,bytes32 reason)",
            abi.encode(structHash("RequestAccess(address chart,bytes32 reason)", abi.encode(patient, REASON)))
        );
    }

    function test_RevokeAccess() external {
        grant(doctor, SCOPE, EXPIRY);
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor))),
            "Acts(address account,RevokeAccess act1,uint256 nonce,uint256 deadline)"
            "RevokeAccess(address chart,bytes32 scope,address grantee)",
            abi.encode(
                structHash(
                    "RevokeAccess(address chart,bytes32 scope,address grantee)", abi.encode(patient, SCOPE, doctor)
                )
            )
        );
    }

    function test_UpdateCard() external {
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD))),
            "Acts(address account,UpdateCard act1,uint256 nonce,uint256 deadline)"
            "UpdateCard(bytes32 previous,bytes32 card)",
            abi.encode(structHash("UpdateCard(bytes32 previous,bytes32 card)", abi.encode(CARD, NEXT_CARD)))
        );
    }

    function test_VetoMove() external {
        proposeMove(patient, newAccount);
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.vetoMove, (patient))),
            "Acts(address account,VetoMove act1,uint256 nonce,uint256 deadline)VetoMove(address chart)",
            abi.encode(structHash("VetoMove(address chart)", abi.encode(patient)))
        );
    }

    function test_WithdrawOffer() external {
        makeOffer(offerTerms());
        expectDone(
            "patient",
            list(abi.encodeCall(medkey.withdrawOffer, (patient, offerKey, SCOPE))),
            "Acts(address account,WithdrawOffer act1,uint256 nonce,uint256 deadline)"
            "WithdrawOffer(address chart,address key,bytes32 scope)",
            abi.encode(
                structHash(
                    "WithdrawOffer(address chart,address key,bytes32 scope)", abi.encode(patient, offerKey, SCOPE)
                )
            )
        );
    }

    // ---------------------------------------------------------------- acts together

    function test_NoActs() external {
        expectDone("patient", new bytes[](0), "Acts(address account,uint256 nonce,uint256 deadline)", "");
    }

    /// @dev The renewal of keys. The types stand in the order of the acts, which is that of the alphabet.
    function test_RevokeAccessAndUpdateCard() external {
        grant(doctor, SCOPE, EXPIRY);
        expectDone(
            "patient",
            list(
                abi.encodeCall(medkey.revokeAccess, (patient, SCOPE, doctor)),
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD))
            ),
            "Acts(address account,RevokeAccess act1,UpdateCard act2,uint256 nonce,uint256 deadline)"
            "RevokeAccess(address chart,bytes32 scope,address grantee)" "UpdateCard(bytes32 previous,bytes32 card)",
            abi.encode(
                structHash(
                    "RevokeAccess(address chart,bytes32 scope,address grantee)", abi.encode(patient, SCOPE, doctor)
                ),
                structHash("UpdateCard(bytes32 previous,bytes32 card)", abi.encode(CARD, NEXT_CARD))
            )
        );
    }

    /// @dev The types stand in the order of the alphabet, the acts in their own.
    function test_UpdateCardAndAddRecord() external {
        expectDone(
            "patient",
            list(
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD)),
                abi.encodeCall(medkey.addRecord, (patient, MANIFEST, NEXT_CARD))
            ),
            "Acts(address account,UpdateCard act1,AddRecord act2,uint256 nonce,uint256 deadline)"
            "AddRecord(address chart,bytes32 manifest,bytes32 card)" "UpdateCard(bytes32 previous,bytes32 card)",
            abi.encode(
                structHash("UpdateCard(bytes32 previous,bytes32 card)", abi.encode(CARD, NEXT_CARD)),
                structHash(
                    "AddRecord(address chart,bytes32 manifest,bytes32 card)", abi.encode(patient, MANIFEST, NEXT_CARD)
                )
            )
        );
    }

    /// @dev A type that two acts have is named once.
    function test_AddRecordTwice() external {
        string memory type_ = "AddRecord(address chart,bytes32 manifest,bytes32 card)";
        expectDone(
            "patient",
            list(
                abi.encodeCall(medkey.addRecord, (patient, MANIFEST, CARD)),
                abi.encodeCall(medkey.addRecord, (patient, NEXT_MANIFEST, CARD))
            ),
            "Acts(address account,AddRecord act1,AddRecord act2,uint256 nonce,uint256 deadline)"
            "AddRecord(address chart,bytes32 manifest,bytes32 card)",
            abi.encode(
                structHash(type_, abi.encode(patient, MANIFEST, CARD)),
                structHash(type_, abi.encode(patient, NEXT_MANIFEST, CARD))
            )
        );
    }

    function test_GrantAccess_BlockAuthor_GrantAccess() external {
        registerActive(lab, IMembers.Role.Lab);
        string memory type_ = "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)";
        expectDone(
            "patient",
            list(
                abi.encodeCall(medkey.grantAccess, (patient, doctor, SCOPE, EXPIRY, ENVELOPE)),
                abi.encodeCall(medkey.blockAuthor, (patient, doctor, true)),
                abi.encodeCall(medkey.grantAccess, (patient, lab, SCOPE, EXPIRY, ENVELOPE))
            ),
            "Acts(address account,GrantAccess act1,BlockAuthor act2,GrantAccess act3,uint256 nonce,uint256 deadline)"
            "BlockAuthor(address chart,address author,bool blocked)"
            "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)",
            abi.encode(
                structHash(type_, abi.encode(patient, doctor, SCOPE, EXPIRY, ENVELOPE)),
                structHash("BlockAuthor(address chart,address author,bool blocked)", abi.encode(patient, doctor, true)),
                structHash(type_, abi.encode(patient, lab, SCOPE, EXPIRY, ENVELOPE))
            )
        );
    }

    /// @dev A doctor without ether: registered by signature, in one go with what else can be done while pending.
    function test_RegisterProfessional_ProposeProfile_UpdateCard() external {
        expectDone(
            "lab",
            list(
                abi.encodeCall(medkey.registerProfessional, (IMembers.Role.Lab, CARD, PROFILE, 7)),
                abi.encodeCall(medkey.proposeProfile, (NEXT_PROFILE, 7)),
                abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD))
            ),
            "Acts(address account,RegisterProfessional act1,ProposeProfile act2,UpdateCard act3,uint256 nonce,"
            "uint256 deadline)" "ProposeProfile(bytes32 profile,uint32 hospital)"
            "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)"
            "UpdateCard(bytes32 previous,bytes32 card)",
            abi.encode(
                structHash(
                    "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)",
                    abi.encode(3, CARD, PROFILE, 7)
                ),
                structHash("ProposeProfile(bytes32 profile,uint32 hospital)", abi.encode(NEXT_PROFILE, 7)),
                structHash("UpdateCard(bytes32 previous,bytes32 card)", abi.encode(CARD, NEXT_CARD))
            )
        );
    }

    /// @dev Numbers of two digits.
    function test_AddRecord_ElevenTimes() external {
        bytes[] memory steps = new bytes[](11);
        bytes memory hashes = "";
        for (uint256 i = 0; i < steps.length; ++i) {
            steps[i] = abi.encodeCall(medkey.addRecord, (patient, keccak256(abi.encode(i)), CARD));
            bytes memory values = abi.encode(patient, keccak256(abi.encode(i)), CARD);
            hashes = bytes.concat(hashes, structHash("AddRecord(address chart,bytes32 manifest,bytes32 card)", values));
        }
        expectDone(
            "patient",
            steps,
            "Acts(address account,AddRecord act1,AddRecord act2,AddRecord act3,AddRecord act4,AddRecord act5,"
            "AddRecord act6,AddRecord act7,AddRecord act8,AddRecord act9,AddRecord act10,AddRecord act11,"
            "uint256 nonce,uint256 deadline)" "AddRecord(address chart,bytes32 manifest,bytes32 card)",
            hashes
        );
    }

    /// @dev Nobody can do all of them. That the first one is refused, and not the signature, tells that the digest is right.
    function test_EveryAct_FromTheLastToTheFirst() external {
        bytes[] memory acts = everyAct(stranger);
        bytes[] memory steps = new bytes[](acts.length);
        bytes memory hashes = "";
        for (uint256 i = 0; i < steps.length; ++i) {
            steps[i] = acts[acts.length - 1 - i];
            hashes = bytes.concat(hashes, hashOf(steps[i]));
        }
        string memory type_ = "Acts(address account,WithdrawOffer act1,VetoMove act2,UpdateCard act3,RevokeAccess act4,"
            "RequestAccess act5,ReplaceRecord act6,RemoveRecord act7,RegisterProfessional act8,"
            "RegisterPatient act9,ProposeProfile act10,MakeOffer act11,LogAccess act12,GrantAccess act13,"
            "DenyRequest act14,ClaimOffer act15,BlockAuthor act16,AddRecord act17,AcceptMove act18,uint256 nonce,"
            "uint256 deadline)" "AcceptMove(address chart)" "AddRecord(address chart,bytes32 manifest,bytes32 card)"
            "BlockAuthor(address chart,address author,bool blocked)"
            "ClaimOffer(address chart,address key,bytes32 scope,bytes32 envelope,bytes32 r,bytes32 vs)"
            "DenyRequest(address chart,address requester,bytes32 reason)"
            "GrantAccess(address chart,address grantee,bytes32 scope,uint40 expiry,bytes32 envelope)"
            "LogAccess(address chart,bytes32 scope)"
            "MakeOffer(address chart,address key,bytes32 scope,uint40 expiry,uint32 length,uint32 claims,"
            "bool emergency,bytes32 envelope)" "ProposeProfile(bytes32 profile,uint32 hospital)"
            "RegisterPatient(bytes32 card)"
            "RegisterProfessional(uint8 role,bytes32 card,bytes32 profile,uint32 hospital)"
            "RemoveRecord(address chart,bytes32 manifest)"
            "ReplaceRecord(address chart,bytes32 previous,bytes32 manifest,bytes32 card)"
            "RequestAccess(address chart,bytes32 reason)" "RevokeAccess(address chart,bytes32 scope,address grantee)"
            "UpdateCard(bytes32 previous,bytes32 card)" "VetoMove(address chart)"
            "WithdrawOffer(address chart,address key,bytes32 scope)";
        bytes32 hash = structHash(type_, bytes.concat(abi.encode(stranger), hashes, abi.encode(uint256(0), DEADLINE)));
        assertEq(SignedActs.hash(stranger, steps, 0, DEADLINE), hash, "composed alike");
        bytes memory signature = signDigest("stranger", TypedData.digest(address(medkey), hash));
        vm.expectRevert(abi.encodeWithSelector(ICharts.NotPatient.selector, patient, stranger));
        medkey.actSigned(stranger, steps, 0, DEADLINE, signature);
    }

    // ---------------------------------------------------------------- as a wallet is given it

    /// @dev The request of `eth_signTypedData_v4`, hashed by another implementation of EIP-712.
    function test_AsJson() external {
        string memory types = string.concat(
            '"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},',
            '{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],',
            '"Acts":[{"name":"account","type":"address"},{"name":"act1","type":"UpdateCard"},',
            '{"name":"act2","type":"MakeOffer"},{"name":"nonce","type":"uint256"},',
            '{"name":"deadline","type":"uint256"}],"UpdateCard":[{"name":"previous","type":"bytes32"},',
            '{"name":"card","type":"bytes32"}],"MakeOffer":[{"name":"chart","type":"address"},',
            '{"name":"key","type":"address"},{"name":"scope","type":"bytes32"},{"name":"expiry","type":"uint40"},',
            '{"name":"length","type":"uint32"},{"name":"claims","type":"uint32"},{"name":"emergency","type":"bool"},',
            '{"name":"envelope","type":"bytes32"}]}'
        );
        string memory domain = string.concat(
            '"primaryType":"Acts","domain":{"name":"Medkey","version":"1","chainId":',
            vm.toString(block.chainid),
            ',"verifyingContract":"',
            vm.toString(address(medkey)),
            '"}'
        );
        string memory updateCard =
            string.concat('{"previous":"', vm.toString(CARD), '","card":"', vm.toString(NEXT_CARD), '"}');
        string memory offer = string.concat(
            '{"chart":"',
            vm.toString(patient),
            '","key":"',
            vm.toString(offerKey),
            '","scope":"',
            vm.toString(SCOPE),
            '","expiry":1802592000,"length":1209600,"claims":3,"emergency":true,"envelope":"',
            vm.toString(ENVELOPE),
            '"}'
        );
        string memory message = string.concat(
            '"message":{"account":"',
            vm.toString(patient),
            '","act1":',
            updateCard,
            ',"act2":',
            offer,
            ',"nonce":0,"deadline":1834128000}'
        );
        bytes32 digest = vm.eip712HashTypedData(string.concat("{", types, ",", domain, ",", message, "}"));

        ICharts.OfferTerms memory terms = offerTerms();
        terms.emergency = true;
        bytes[] memory steps =
            list(abi.encodeCall(medkey.updateCard, (CARD, NEXT_CARD)), abi.encodeCall(medkey.makeOffer, (terms)));
        assertEq(digest, digestOf(patient, steps, 0, DEADLINE), "composed alike");
        medkey.actSigned(patient, steps, 0, DEADLINE, signDigest("patient", digest));
        assertEq(memberOf(patient).card, short(NEXT_CARD), "card");
        assertEq(offerOf(SCOPE).claims, OFFER_CLAIMS, "offer");
    }

    // ---------------------------------------------------------------- helpers

    function structHash(string memory type_, bytes memory values) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(bytes(type_)), values));
    }

    /// @dev Of one act, whose type was compared with the one by hand above.
    function hashOf(bytes memory step) private pure returns (bytes32) {
        bytes memory values = new bytes(step.length - 4);
        for (uint256 i = 0; i < values.length; ++i) {
            values[i] = step[i + 4];
        }
        return structHash(SignedActs.typeOf(selectorOf(step)), values);
    }

    /// @dev From the same state by the account's own transaction, in a multicall and by signature: the same logs and the
    /// same outcome.
    function expectDone(string memory name, bytes[] memory steps, string memory type_, bytes memory hashes) private {
        address account = makeAddr(name);
        bytes32 hash = structHash(type_, bytes.concat(abi.encode(account), hashes, abi.encode(uint256(0), DEADLINE)));
        assertEq(SignedActs.hash(account, steps, 0, DEADLINE), hash, "composed alike");
        bytes memory signature = signDigest(name, TypedData.digest(address(medkey), hash));

        uint256 state = vm.snapshotState();
        vm.recordLogs();
        for (uint256 i = 0; i < steps.length; ++i) {
            vm.prank(account);
            (bool done,) = address(medkey).call(steps[i]);
            assertTrue(done, "by transaction");
        }
        bytes32 expected = outcome(account, steps.length);
        vm.revertToState(state);

        vm.prank(account);
        medkey.multicall(steps);
        assertEq(outcome(account, steps.length), expected, "in a multicall");
        vm.revertToState(state);

        vm.prank(payer);
        medkey.actSigned(account, steps, 0, DEADLINE, signature);
        assertEq(outcome(account, steps.length), expected, "by signature");
        assertEq(medkey.nonces(account), 1, "nonce");
    }

    /// @dev The logs since the last time, one for each act, and what one can see of everything an act may change.
    function outcome(address account, uint256 count) private returns (bytes32) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, count, "events");
        bytes memory charts = abi.encode(headOf(patient), ownerOf(patient), moveOf(patient), offerOf(SCOPE));
        bytes memory others = abi.encode(hasClaimed(account, SCOPE), accessOf(doctor, SCOPE), accessOf(lab, SCOPE));
        return keccak256(abi.encode(logs, charts, others, memberOf(patient), memberOf(account)));
    }
}
