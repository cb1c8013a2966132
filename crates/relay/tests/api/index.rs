//! Members, hospitals, charts, inboxes and live changes, as the chain has them.

use medkey_protocol::{
    Digest, FolderId,
    api::{
        At, Change, ChartPage, HealthReport, HospitalEntry, InboxEntry, MemberChange, MemberEntry, Page, Proposal,
        RegistryCounts, Role, Status, paths,
    },
    chart::{ChartEvent, fold_all},
    contract::{ICharts, IMembers},
};
use reqwest::Method;

use crate::helpers::*;

fn folder() -> FolderId {
    [0x11; 32].into()
}

#[tokio::test]
async fn a_chart_folds_to_the_head_that_the_contract_holds() {
    let world = World::start().await;
    let chart = world.patient.address;
    let file = File::of("report", 100, 1_000);
    let manifest = world.file(&world.lab, &world.patient, folder(), [1; 32].into(), &file).await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    world.revoke(&world.patient, &world.doctor, folder().into()).await;
    let call = ICharts::blockAuthorCall { chart, author: world.lab.address, blocked: true };
    world.chain.send(chart, &call).await;
    world.chain.send(chart, &ICharts::removeRecordCall { chart, manifest: manifest.digest.into() }).await;
    let at = world.api().reach(&world.chain).await;

    let session = world.sign_in(&world.patient).await;
    let path = format!("{}/{chart}/entries", paths::CHARTS);
    let page: ChartPage = world.api().json(&path, Some(&session)).await.unwrap();
    assert_eq!(page.at, at);
    assert_eq!(page.entries.len(), 6);
    assert_eq!(page.head, fold_all(chart, &page.entries));
    assert_eq!(page.head, world.chain.head(chart).await);
    assert_eq!(page.next, None);

    // In parts: the position is how many entries one has.
    let first: ChartPage = world.api().json(&format!("{path}?limit=4"), Some(&session)).await.unwrap();
    assert_eq!((first.entries.len(), first.next), (4, Some(4)));
    let rest: ChartPage = world.api().json(&format!("{path}?after=4"), Some(&session)).await.unwrap();
    assert_eq!([first.entries, rest.entries].concat(), page.entries);
    let none: ChartPage = world.api().json(&format!("{path}?after=6"), Some(&session)).await.unwrap();
    assert_eq!((none.entries.len(), none.head), (0, page.head));

    let doctor = world.sign_in(&world.doctor).await;
    let inbox: Page<InboxEntry> = world.api().json(paths::INBOX, Some(&doctor)).await.unwrap();
    let events: Vec<_> = inbox.items.iter().map(|entry| (entry.chart, &entry.entry.event)).collect();
    assert!(matches!(
        events[..],
        [
            (a, ChartEvent::AccessGranted { .. }),
            (b, ChartEvent::AccessLogged { .. }),
            (c, ChartEvent::AccessRevoked { .. })
        ] if [a, b, c] == [chart; 3]
    ));
    let later: Page<InboxEntry> =
        world.api().json(&format!("{}?after={}", paths::INBOX, inbox.items[1].seq), Some(&doctor)).await.unwrap();
    assert_eq!(later.items, inbox.items[2..]);
}

#[tokio::test]
async fn the_directory_follows_the_registrar() {
    let world = World::start().await;
    let list = async |query: &str| -> Vec<MemberEntry> {
        world.api().json::<Page<MemberEntry>>(&format!("{}?{query}", paths::MEMBERS), None).await.unwrap().items
    };
    let all = list("").await;
    assert_eq!(all.len(), 5);
    assert_eq!(all[0].member, world.patient.address);
    assert_eq!((all[0].role, all[0].status, all[0].card), (Role::Patient, Status::Active, world.patient.card));
    let doctors = list("role=doctor&status=active").await;
    assert_eq!(doctors.len(), 2);
    assert!(doctors.iter().all(|doctor| doctor.profile.is_some() && doctor.proposal.is_none()));
    assert_eq!(list(&format!("after={}&limit=2", all[1].seq)).await, all[2..4]);

    // Two new profiles, one after the other: verifying the one that was looked at leaves the other waiting.
    let doctor = world.doctor.address;
    let old = doctors[0].profile.unwrap();
    let between = profile(world.at(), doctor, "Dr. Dr. Who").digest;
    let new = profile(world.at(), doctor, "Professor Who").digest;
    let page = medkey_protocol::Digest::of(b"page");
    world.chain.send(world.registrar(), &IMembers::addHospitalCall { page: page.into() }).await;
    world.chain.send(doctor, &IMembers::proposeProfileCall { profile: between.into(), hospital: 1 }).await;
    world.chain.send(doctor, &IMembers::proposeProfileCall { profile: new.into(), hospital: 1 }).await;
    let call = IMembers::verifyCall { member: doctor, profile: between.into(), hospital: 0 };
    world.chain.send(world.registrar(), &call).await;
    world.reach().await;
    let one = async || -> MemberEntry {
        let path = format!("{}/{doctor}", paths::MEMBERS);
        world.api().json::<At<MemberEntry>>(&path, None).await.unwrap().item
    };
    let waiting = one().await;
    assert!(matches!(waiting.proposal, Some(Proposal { profile, hospital: 1, .. }) if profile == new));
    assert_eq!((waiting.status, waiting.profile), (Status::Active, Some(between)));
    assert_eq!(list("proposed=true").await, [waiting]);

    // Verified once more just as it was: what waits is not taken over.
    world.chain.send(world.registrar(), &call).await;
    world.reach().await;
    assert_eq!(one().await.proposal, None);
    assert_eq!(list("proposed=true").await, []);
    let history: Page<MemberChange> =
        world.api().json(&format!("{}/{doctor}/history", paths::MEMBERS), None).await.unwrap();
    let told: Vec<_> = history.items.iter().map(|change| &change.what).collect();
    let verified = Change::Verified { profile: between, hospital: 0 };
    assert!(matches!(
        told[..],
        [
            Change::Registered { profile: Some(first), .. },
            Change::Verified { .. },
            Change::Proposed { .. },
            Change::Proposed { profile: second, hospital: 1 },
            third,
            fourth
        ] if *first == old && *second == new && [third, fourth] == [&verified; 2]
    ));
    let after = history.items[3].seq;
    let rest: Page<MemberChange> =
        world.api().json(&format!("{}/{doctor}/history?after={after}", paths::MEMBERS), None).await.unwrap();
    assert_eq!(rest.items, history.items[4..]);

    let call = IMembers::verifyCall { member: doctor, profile: new.into(), hospital: 1 };
    world.chain.send(world.registrar(), &call).await;
    world.chain.send(world.registrar(), &IMembers::suspendCall { member: doctor, reason: 3 }).await;
    world.chain.send(world.registrar(), &IMembers::closeHospitalCall { hospital: 1 }).await;
    world.reach().await;
    let suspended = one().await;
    assert_eq!((suspended.status, suspended.reason), (Status::Suspended, Some(3)));
    assert_eq!((suspended.profile, suspended.hospital, &suspended.proposal), (Some(new), 1, &None));
    assert_eq!(list("hospital=1").await, [suspended]);
    let hospitals: Page<HospitalEntry> = world.api().json(paths::HOSPITALS, None).await.unwrap();
    assert_eq!(hospitals.items, [HospitalEntry { hospital: 1, page, open: false }]);
}

#[tokio::test]
async fn a_list_comes_with_the_profiles_that_it_names_and_with_nothing_else() {
    let world = World::start().await;
    let doctor = world.doctor.address;
    // One that calls somebody else's profile its own.
    let others = world.api().json::<At<MemberEntry>>(&format!("{}/{}", paths::MEMBERS, world.lab.address), None).await;
    let others = others.unwrap().item.profile.unwrap();
    world.chain.send(doctor, &IMembers::proposeProfileCall { profile: others.into(), hospital: 0 }).await;
    world.reach().await;
    let path = |query: &str| format!("{}?{query}", paths::MEMBERS);
    let bare: Page<MemberEntry> = world.api().json(&path(""), None).await.unwrap();
    assert!(bare.items.iter().all(|entry| entry.blocks.is_empty()));
    let with: Page<MemberEntry> = world.api().json(&path("profiles=true"), None).await.unwrap();
    assert_eq!(with.items.len(), bare.items.len());
    for entry in &with.items {
        let digests: Vec<Digest> = entry.blocks.iter().map(|block| Digest::of(&block.0)).collect();
        assert_eq!(digests, entry.profile.into_iter().collect::<Vec<_>>());
    }
    let proposed = with.items.iter().find(|entry| entry.member == doctor).unwrap();
    assert_eq!(proposed.proposal.as_ref().unwrap().profile, others, "it is named, and not handed out as the doctor's");
}

#[tokio::test]
async fn members_are_counted_by_role_status_and_month() {
    let world = World::start().await;
    let call = IMembers::suspendCall { member: world.doctor.address, reason: 1 };
    world.chain.send(world.registrar(), &call).await;
    // Two months later.
    world.chain.pass(62 * DAY).await;
    world.chain.send(world.registrar(), &IMembers::reinstateCall { member: world.doctor.address }).await;
    world.chain.send(world.registrar(), &call).await;
    world.reach().await;
    let counts: At<RegistryCounts> = world.api().json(paths::REGISTRY, None).await.unwrap();
    let number = |role, status| {
        let found = counts.item.members.iter().find(|one| (one.role, one.status) == (role, status));
        found.map_or(0, |one| one.number)
    };
    assert_eq!(number(Role::Patient, Status::Active), 2);
    assert_eq!((number(Role::Doctor, Status::Active), number(Role::Doctor, Status::Suspended)), (1, 1));
    assert_eq!(number(Role::Lab, Status::Active), 1);
    let months = &counts.item.months;
    assert_eq!(months.len(), 2);
    assert!(months[0].month > months[1].month, "the newest first");
    assert_eq!((months[0].suspended, months[0].verified), (1, 0));
    let (first, then) = (&months[1], &months[0]);
    assert_eq!((first.patients, first.doctors, first.labs, first.verified, first.suspended), (2, 2, 1, 3, 1));
    assert_eq!((then.patients, then.doctors, then.labs, then.refused), (0, 0, 0, 0));
}

#[tokio::test]
async fn changes_are_told_to_those_they_concern() {
    let world = World::start().await;
    let (patient, doctor) = (world.patient.address, world.doctor.address);
    let mut listening = world.api().events(&format!("chart={patient}&member={doctor}")).await;
    let mut elsewhere = world.api().events(&format!("chart={}", world.other.address)).await;
    listening.next().await;
    elsewhere.next().await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    let newest = world.chain.newest().await;
    let live = listening.next().await;
    assert_eq!((live.at, live.charts, live.members), (newest, vec![patient], vec![doctor]));
    let live = elsewhere.next().await;
    assert_eq!((live.at, live.charts, live.members), (newest, vec![], vec![]));
}

#[tokio::test]
async fn the_relay_says_how_it_is_and_stops_in_good_order() {
    let world = World::start().await;
    let api = world.api().clone();
    let text =
        async |path: &str| String::from_utf8(api.send(api.request(Method::GET, path, None)).await.unwrap().1).unwrap();
    assert_eq!(text("/healthz").await, "ok\n");
    assert_eq!(text("/readyz").await, "ready\n");
    let metrics = text("/metrics").await;
    assert!(metrics.contains("medkey_ready 1"), "{metrics}");
    assert!(metrics.contains(&format!("medkey_block {}\n", world.chain.newest().await.block)), "{metrics}");
    let report: HealthReport = api.json(paths::HEALTH, None).await.unwrap();
    assert_eq!((report.at.unwrap().block, report.waits), (world.chain.newest().await.block, None));
    assert!(text("/openapi.json").await.contains("\"openapi\": \"3.1.0\""));
    assert_eq!(info(&api).await.unwrap().deployment, world.chain.deployment);

    let mut events = api.events("").await;
    events.next().await;
    let World { relay, .. } = world;
    relay.stop().await;
    assert!(events.ends().await, "open streams end with the relay");
}
