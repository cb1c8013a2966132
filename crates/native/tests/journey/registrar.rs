//! The registrar's desk: what was looked at is what is verified; changes, departures and refusals; long lists that a
//! relay cannot lie in for long.

use medkey_client::{
    fault::{Fault, Lie, Refusal},
    list_members::{Compared, Listed},
    people::Professional,
    read_registration::Registration,
    register::Joining,
    verify_member::{Candidate, Why},
};
use medkey_native::world::World;
use medkey_protocol::{
    Address,
    api::{At, Change, MemberEntry, MemberQuery, Page, Role, Status},
    ids::Octets,
};

use crate::people::{App, DOCTOR, LAB, Member, QUIET, SECOND, charite, doctor, join, patient, profile, stranger, wire};

/// A registrar with a hospital, and a doctor who is verified there.
async fn office(world: &World) -> (App, Member) {
    let registrar = stranger(world, World::REGISTRAR);
    registrar.add_hospital(&charite(), QUIET).await.unwrap();
    let (doctor, _) = join(stranger(world, DOCTOR), Joining::Doctor(profile("Dr. Lindqvist"), 1)).await;
    registrar.verify_member(&the_candidate(&registrar).await, QUIET).await.unwrap();
    (registrar, doctor)
}

async fn the_candidate(registrar: &App) -> Candidate {
    let mut waiting = registrar.candidates().await.unwrap();
    assert_eq!(waiting.len(), 1);
    waiting.remove(0)
}

async fn propose(doctor: &Member, name: &str, hospital: u32) {
    doctor.app.propose_profile(&doctor.me, &profile(name), hospital, QUIET).await.unwrap();
}

async fn registration(member: &Member) -> Registration {
    member.app.read_registration(member.address()).await.unwrap()
}

async fn shown(app: &App, member: Address) -> Professional {
    app.professional(member).await.unwrap()
}

#[tokio::test]
async fn a_proposed_profile_waits_beside_the_verified_one_and_a_second_takes_its_place() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    propose(&doctor, "Prof. Lindqvist", 1).await;
    propose(&doctor, "Prof. Dr. Lindqvist", 0).await;
    let Registration { standing, verified, course, proposed, .. } = registration(&doctor).await;
    assert_eq!((standing.status, standing.hospital), (Status::Active, 1));
    assert_eq!(verified, Some(profile("Dr. Lindqvist")));
    assert_eq!(proposed, Some(profile("Prof. Dr. Lindqvist")));
    assert_eq!((course.waiting.unwrap().hospital, course.no), (0, None));
    assert_eq!(shown(&registrar, doctor.address()).await.profile, profile("Dr. Lindqvist"));

    // The registrar sees what differs: former and new, and the hospital that is left.
    let Candidate { entry, profile: new, hospital, verified, .. } = the_candidate(&registrar).await;
    assert_eq!((verified, new), (Some(profile("Dr. Lindqvist")), Some(profile("Prof. Dr. Lindqvist"))));
    assert_eq!((entry.hospital, hospital), (1, 0));

    registrar.verify_member(&the_candidate(&registrar).await, QUIET).await.unwrap();
    let Registration { standing, verified, course, proposed, .. } = registration(&doctor).await;
    assert_eq!((standing.hospital, verified), (0, Some(profile("Prof. Dr. Lindqvist"))));
    assert_eq!((course.waiting, course.no, proposed), (None, None, None));
    assert_eq!(registrar.candidates().await.unwrap(), []);
}

#[tokio::test]
async fn a_profile_that_changed_while_it_was_looked_at_is_not_verified() {
    let world = World::start().await.unwrap();
    let registrar = stranger(&world, World::REGISTRAR);
    let (doctor, _) = join(stranger(&world, DOCTOR), Joining::Doctor(profile("Dr. Lindqvist"), 0)).await;
    let seen = the_candidate(&registrar).await;
    propose(&doctor, "Dr. Mallory", 0).await;
    let before = registrar.ports().hand.transactions();
    assert_eq!(registrar.verify_member(&seen, QUIET).await.unwrap_err(), Fault::ProfileChanged);
    assert_eq!(registrar.ports().hand.transactions(), before, "the wallet was not asked");
    assert_eq!(registration(&doctor).await.standing.status, Status::Pending);

    // Also where only the hospital is another, and where somebody has answered.
    let seen = the_candidate(&registrar).await;
    registrar.add_hospital(&charite(), QUIET).await.unwrap();
    propose(&doctor, "Dr. Mallory", 1).await;
    assert_eq!(registrar.verify_member(&seen, QUIET).await.unwrap_err(), Fault::ProfileChanged);
    let seen = the_candidate(&registrar).await;
    registrar.refuse_member(doctor.address(), Why::Licence, QUIET).await.unwrap();
    assert_eq!(registrar.verify_member(&seen, QUIET).await.unwrap_err(), Fault::ProfileChanged);
}

#[tokio::test]
async fn what_changes_while_the_wallet_asks_waits_for_another_look() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    propose(&doctor, "Prof. Lindqvist", 1).await;
    let seen = the_candidate(&registrar).await;
    let pause = registrar.ports().hand.pause();
    let meanwhile = pause.meanwhile(propose(&doctor, "Dr. Mallory", 1));
    let (verified, ()) = tokio::join!(registrar.verify_member(&seen, QUIET), meanwhile);
    verified.unwrap();
    // Exactly what was looked at is verified; what came after it still waits.
    assert_eq!(shown(&registrar, doctor.address()).await.profile, profile("Prof. Lindqvist"));
    assert_eq!(the_candidate(&registrar).await.profile, Some(profile("Dr. Mallory")));
    assert_eq!(registration(&doctor).await.proposed, Some(profile("Dr. Mallory")));
}

#[tokio::test]
async fn a_refused_doctor_sees_why_and_proposes_again() {
    let world = World::start().await.unwrap();
    let registrar = stranger(&world, World::REGISTRAR);
    let (doctor, _) = join(stranger(&world, DOCTOR), Joining::Doctor(profile("Dr. Lindqvist"), 0)).await;
    registrar.refuse_member(doctor.address(), Why::Incomplete, QUIET).await.unwrap();
    let refused = registration(&doctor).await;
    assert_eq!((refused.standing.status, refused.verified), (Status::Refused, None));
    assert_eq!(refused.course.no.unwrap().why, Some(Why::Incomplete));
    assert_eq!(refused.proposed, Some(profile("Dr. Lindqvist")), "what was entered is kept");

    propose(&doctor, "Dr. Paul Lindqvist", 0).await;
    let again = registration(&doctor).await;
    assert_eq!((again.standing.status, again.course.no), (Status::Pending, None));
    registrar.verify_member(&the_candidate(&registrar).await, QUIET).await.unwrap();
    let verified = registration(&doctor).await;
    assert_eq!((verified.standing.status, verified.verified), (Status::Active, Some(profile("Dr. Paul Lindqvist"))));
}

#[tokio::test]
async fn a_change_that_is_not_taken_over_leaves_what_was_verified() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    propose(&doctor, "Prof. Lindqvist", 1).await;
    // The contract refuses only who was never verified.
    let refused = registrar.refuse_member(doctor.address(), Why::Licence, QUIET).await.unwrap_err();
    assert_eq!(refused, Fault::Refused(Refusal::NotAllowed));

    registrar.keep_verified(&the_candidate(&registrar).await, QUIET).await.unwrap();
    assert_eq!(registrar.candidates().await.unwrap(), []);
    let kept = registration(&doctor).await;
    assert_eq!((kept.standing.status, kept.standing.hospital), (Status::Active, 1));
    assert_eq!(kept.verified, Some(profile("Dr. Lindqvist")));
    let no = kept.course.no.unwrap();
    assert_eq!((no.why, kept.course.waiting), (None, None));
    assert_eq!(kept.proposed, Some(profile("Prof. Lindqvist")));

    // Proposed once more, it waits once more.
    propose(&doctor, "Prof. Lindqvist", 1).await;
    assert_eq!(registration(&doctor).await.course.no, None);
    assert_eq!(the_candidate(&registrar).await.profile, Some(profile("Prof. Lindqvist")));
}

#[tokio::test]
async fn a_doctor_who_left_belongs_to_no_hospital_and_what_waits_goes_on_waiting() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    propose(&doctor, "Prof. Lindqvist", 1).await;
    registrar.leave_hospital(doctor.address(), QUIET).await.unwrap();
    let left = shown(&registrar, doctor.address()).await;
    assert_eq!((left.standing.hospital, left.profile), (0, profile("Dr. Lindqvist")));
    assert_eq!(the_candidate(&registrar).await.profile, Some(profile("Prof. Lindqvist")));
}

#[tokio::test]
async fn what_happened_to_a_member_is_told_with_reasons_and_times() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    let digest = registrar.look_up(doctor.address()).await.unwrap().unwrap().profile.unwrap();
    registrar.suspend_member(doctor.address(), Why::Left, QUIET).await.unwrap();
    let suspended = registration(&doctor).await;
    assert_eq!(suspended.course.suspended.unwrap().0, Why::Left);
    let proposed = doctor.app.propose_profile(&doctor.me, &profile("Dr. L."), 0, QUIET).await.unwrap_err();
    assert_eq!(proposed, Fault::Refused(Refusal::NotAllowed));
    registrar.reinstate_member(doctor.address(), QUIET).await.unwrap();
    assert_eq!(registration(&doctor).await.course.suspended, None);

    let history = registrar.member_history(doctor.address()).await.unwrap();
    let told: Vec<Change> = history.iter().map(|change| change.what.clone()).collect();
    assert_eq!(
        told,
        [
            Change::Registered { profile: Some(digest), hospital: 1 },
            Change::Verified { profile: digest, hospital: 1 },
            Change::Suspended { reason: Why::Left as u8 },
            Change::Reinstated,
        ]
    );
    assert!(history.windows(2).all(|pair| pair[0].time <= pair[1].time && pair[0].seq < pair[1].seq));
}

#[tokio::test]
async fn a_long_list_is_read_with_its_profiles_and_asks_for_none_of_them_alone() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    let (lab, _) = join(stranger(&world, LAB), Joining::Lab(profile("Labor Berlin"), 0)).await;
    patient(&world).await;
    let reader = stranger(&world, SECOND);
    wire(&reader).meddle(|_, path| {
        assert!(!path.contains("/ipfs/"), "{path}");
        crate::meddling::Fate::Arrives
    });
    let all = reader.all_members(&MemberQuery::default()).await.unwrap();
    let name = |listed: &Listed| listed.profile.clone().or(listed.proposed.clone()).map(|profile| profile.name);
    let named: Vec<_> = all.iter().map(|listed| (listed.member(), name(listed))).collect();
    assert_eq!(named[0], (doctor.address(), Some("Dr. Lindqvist".to_owned())));
    assert_eq!(named[1], (lab.address(), Some("Labor Berlin".to_owned())));
    assert_eq!((named.len(), named[2].1.clone()), (3, None), "a patient has no profile");
    for listed in &all {
        assert!(matches!(registrar.compare_listed(listed).await.unwrap(), Compared::Agrees(_)));
    }
}

#[tokio::test]
async fn a_relay_that_lists_somebody_otherwise_is_caught_when_it_matters() {
    let world = World::start().await.unwrap();
    let (registrar, first) = office(&world).await;
    let mallory = doctor(&world, SECOND, "Dr. Mallory").await;
    registrar.suspend_member(mallory.address(), Why::Licence, QUIET).await.unwrap();
    let reader = stranger(&world, LAB);
    let doctors = MemberQuery { role: Some(Role::Doctor), ..MemberQuery::default() };

    // Suspended, and said to be verified.
    let change = |change: fn(&mut MemberEntry)| {
        move |answer: Vec<u8>| {
            let mut page: Page<MemberEntry> = serde_json::from_slice(&answer).unwrap();
            page.items.iter_mut().for_each(change);
            serde_json::to_vec(&page).unwrap()
        }
    };
    wire(&reader).rewrite("/v1/members?", change(|entry| entry.status = Status::Active));
    let listed = reader.all_members(&doctors).await.unwrap();
    let of = |member: Address| listed.iter().find(|one| one.member() == member).unwrap();
    assert!(matches!(reader.compare_listed(of(first.address())).await.unwrap(), Compared::Agrees(_)));
    let lie = Fault::Lie(Lie::Member);
    assert_eq!(reader.compare_listed(of(mallory.address())).await.unwrap_err(), lie);

    // Another profile's digest, and the block that has it: genuine, but somebody else's.
    let other =
        first.wire().sent_block(registrar.look_up(first.address()).await.unwrap().unwrap().profile.unwrap().link());
    let digest = medkey_protocol::Digest::of(&other);
    wire(&reader).rewrite("/v1/members?", move |answer| {
        let mut page: Page<MemberEntry> = serde_json::from_slice(&answer).unwrap();
        for entry in &mut page.items {
            (entry.profile, entry.blocks) = (Some(digest), vec![Octets(other.clone())]);
        }
        serde_json::to_vec(&page).unwrap()
    });
    let listed = reader.all_members(&doctors).await.unwrap();
    let mallorys = listed.iter().find(|one| one.member() == mallory.address()).unwrap();
    assert_eq!(mallorys.profile, None, "somebody else's profile is nobody's");
    assert_eq!(reader.compare_listed(mallorys).await.unwrap_err(), lie);

    // Bytes that are not what the entry names are never taken for it.
    let fresh = stranger(&world, LAB);
    wire(&fresh).rewrite("/v1/members?", change(|entry| entry.blocks = vec![Octets(b"no profile".to_vec())]));
    let listed = fresh.all_members(&doctors).await.unwrap();
    assert_eq!(listed[0].profile, Some(profile("Dr. Lindqvist")), "it is fetched by its name");

    // One entry for another.
    wire(&fresh).rewrite("/v1/members/", move |answer| {
        let mut found: At<MemberEntry> = serde_json::from_slice(&answer).unwrap();
        found.item.member = Address::ZERO;
        serde_json::to_vec(&found).unwrap()
    });
    assert_eq!(fresh.listed_member(first.address()).await.unwrap_err(), lie);
}

#[tokio::test]
async fn a_list_of_a_moment_ago_is_behind_and_no_lie() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    let listed = registrar.listed_member(doctor.address()).await.unwrap();
    registrar.suspend_member(doctor.address(), Why::Left, QUIET).await.unwrap();
    assert_eq!(registrar.compare_listed(&listed).await.unwrap(), Compared::Behind(listed.block));
}

#[tokio::test]
async fn the_registrar_sees_counts_and_how_far_the_relay_is_behind() {
    let world = World::start().await.unwrap();
    let (registrar, doctor) = office(&world).await;
    patient(&world).await;
    registrar.suspend_member(doctor.address(), Why::Left, QUIET).await.unwrap();
    let counts = registrar.registry_counts().await.unwrap();
    let counted: Vec<_> = counts.members.iter().map(|one| (one.role, one.status, one.number)).collect();
    assert_eq!(counted, [(Role::Patient, Status::Active, 1), (Role::Doctor, Status::Suspended, 1)]);
    let month = &counts.months[0];
    assert_eq!((month.patients, month.doctors, month.labs), (1, 1, 0));
    assert_eq!((month.verified, month.refused, month.suspended), (1, 0, 1));

    let apart = registrar.apart().await.unwrap();
    assert_eq!((apart.behind(), apart.is_registrar), (0, true));
    assert!(!doctor.app.apart().await.unwrap().is_registrar);
    let health = registrar.relay_health().await.unwrap();
    assert_eq!(health.at.unwrap().block, apart.chain);
    assert_eq!(health.waits, None);
}
