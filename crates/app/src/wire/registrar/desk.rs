//! Who waits, who is a member, and which hospitals there are.

use std::{collections::BTreeMap, rc::Rc};

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    chain::Step,
    fault::{Fault, RelayError},
    people::{Hospital, Professional},
    verify_member::Candidate,
};
use medkey_protocol::{
    Address,
    api::{ErrorCode, MemberEntry, MemberQuery, Role},
};

use crate::{
    load::Load,
    wire::{
        acts::{Acts, Label, Shape},
        current::{Watch, stay_current},
        desk::{Client, Seat},
        said::trouble,
        while_here::while_here,
    },
};

/// Members that are read at the same time.
const AT_ONCE: usize = 4;

/// A doctor or laboratory, with the verified profile where there is one.
pub(super) struct Member {
    /// The relay's entry.
    pub entry: MemberEntry,
    /// As the chain has it.
    pub known: Option<Professional>,
}

/// Doctors, laboratories and hospitals.
pub(super) struct Registry {
    /// Doctors and laboratories.
    pub members: Vec<Member>,
    /// Hospitals.
    pub hospitals: Vec<Hospital>,
}

/// What is read from the chain and the relay, as it stands.
type Read<T> = RwSignal<Load<Rc<T>>, LocalStorage>;

/// The registrar's desk, in the context of the registrar's pages.
#[derive(Clone, Copy)]
pub(super) struct RegistrarDesk {
    /// Who waits, the longest first.
    pub candidates: Read<Vec<Candidate>>,
    /// Members and hospitals.
    pub registry: Read<Registry>,
    /// The names of all who waited since the page was opened: whoever is answered is a member a moment later.
    proposed: RwSignal<BTreeMap<Address, String>>,
    seat: StoredValue<Rc<Seat>, LocalStorage>,
    turn: StoredValue<u64>,
}

impl RegistrarDesk {
    /// Reads everything, and who waits at every block: whoever registers was not listened to before.
    #[must_use]
    pub(super) fn start(seat: Rc<Seat>) -> Self {
        let desk = Self {
            candidates: RwSignal::new_local(Load::Loading),
            registry: RwSignal::new_local(Load::Loading),
            proposed: RwSignal::new(BTreeMap::new()),
            seat: StoredValue::new_local(Rc::clone(&seat)),
            turn: StoredValue::new(0),
        };
        let watch = || Watch { every_block: true, ..Watch::default() };
        while_here(async move {
            stay_current(&seat.client, watch, async || desk.read_candidates().await).await;
        });
        desk.read_registry();
        desk
    }

    /// The wallet.
    #[must_use]
    pub(super) fn seat(self) -> Rc<Seat> {
        self.seat.get_value()
    }

    /// Reads everything again. What is shown stays until the new is here.
    pub(super) fn read_again(self) {
        spawn_local(self.read_candidates());
        self.read_registry();
    }

    /// Reads members and hospitals again.
    pub(super) fn read_registry(self) {
        let Some(seat) = self.seat.try_get_value() else { return };
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        spawn_local(async move {
            let read = registry(&seat.client).await;
            if self.turn.try_get_value() == Some(turn) {
                keep(self.registry, read);
            }
        });
    }

    async fn read_candidates(self) {
        let Some(seat) = self.seat.try_get_value() else { return };
        let read = seat.client.candidates().await.map(|mut found| {
            found.sort_by_key(|candidate| candidate.entry.proposal.as_ref().map(|proposal| proposal.time));
            found
        });
        let before = self.candidates.try_with_untracked(|found| found.ready().cloned()).flatten();
        // Most blocks bring nothing.
        if matches!((&before, &read), (Some(before), Ok(read)) if **before == *read) {
            return;
        }
        if let Ok(found) = &read {
            let name = |candidate: &Candidate| Some((candidate.entry.member, candidate.profile.as_ref()?.name.clone()));
            let _left = self.proposed.try_update(|names| names.extend(found.iter().filter_map(name)));
        }
        keep(self.candidates, read);
    }

    /// Asks the wallet for one act, and reads everything again afterwards.
    pub(super) fn act<W>(self, acts: Acts, (title, done): (String, String), act: W)
    where
        W: AsyncFn(&Client, &dyn Fn(Step)) -> Result<u64, Fault> + 'static,
    {
        let seat = self.seat();
        let label = Label { title, done, wallet: seat.wallet.clone(), shape: Shape::Signing };
        let act = Rc::new(act);
        acts.start(label, move |listen| {
            let (seat, act) = (Rc::clone(&seat), Rc::clone(&act));
            async move {
                let done = act(&seat.client, &*listen).await;
                // Also after a refusal: what is shown may be out of date.
                self.read_again();
                done.map(drop)
            }
        });
    }
}

fn keep<T: 'static>(into: Read<T>, read: Result<T, Fault>) {
    let has_read = into.try_with_untracked(|known| known.ready().is_some()).unwrap_or_default();
    match read {
        Ok(read) => drop(into.try_set(Load::Ready(Rc::new(read)))),
        // What was read stays true for its block.
        Err(Fault::Relay(RelayError::Disconnected(_))) if has_read => {}
        Err(fault) => drop(into.try_set(Load::Failed(trouble(&fault)))),
    }
}

async fn registry(client: &Client) -> Result<Registry, Fault> {
    let mut entries = Vec::new();
    for role in [Role::Doctor, Role::Lab] {
        entries.extend(client.directory(&MemberQuery { role: Some(role), ..MemberQuery::default() }).await?);
    }
    let reads = entries.into_iter().map(|entry| async move {
        match client.professional(entry.member).await {
            Ok(known) => Ok(Member { entry, known: Some(known) }),
            // Never verified, or registered through another relay.
            Err(Fault::NoMember(_)) => Ok(Member { entry, known: None }),
            Err(Fault::Relay(error)) if error.code() == Some(ErrorCode::NotFound) => Ok(Member { entry, known: None }),
            Err(fault) => Err(fault),
        }
    });
    let members: Vec<Result<Member, Fault>> = futures::stream::iter(reads).buffered(AT_ONCE).collect().await;
    let members = members.into_iter().collect::<Result<_, _>>()?;
    let hospitals = client.hospitals().await?;
    Ok(Registry { members, hospitals })
}

impl RegistrarDesk {
    /// The hospitals that take doctors, by id.
    #[must_use]
    pub(super) fn open_hospitals(self) -> BTreeMap<u32, String> {
        self.registry.with(|registry| {
            let hospitals = registry.ready().into_iter().flat_map(|registry| &registry.hospitals);
            let open = hospitals.filter(|hospital| hospital.open);
            open.map(|hospital| (hospital.id, hospital.page.name.clone())).collect()
        })
    }

    /// What somebody is called who was never verified.
    #[must_use]
    pub(super) fn proposed_name(self, member: Address) -> Option<String> {
        self.proposed.with(|names| names.get(&member).cloned())
    }
}

/// The desk in reach; only below [`super::RegistrarPages`].
#[must_use]
pub(super) fn use_registrar() -> Option<RegistrarDesk> {
    use_context()
}
