//! Who waits, who is a member, and which hospitals there are.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    chain::Step,
    fault::{Fault, RelayError},
    list_members::Listed,
    people::Hospital,
    verify_member::Candidate,
};
use medkey_protocol::{
    Address, Digest,
    api::{MemberEntry, MemberQuery, Role, Status},
};

use crate::{
    load::{Load, Trouble},
    wire::{
        acts::{Acts, Label, Shape},
        current::{Watch, stay_current},
        desk::{Client, Seat},
        said::{hospital_names, trouble},
        while_here::while_here,
    },
};

/// Members that are compared with the chain at the same time.
const AT_ONCE: usize = 4;

/// Doctors, laboratories and hospitals, as the relay lists them. What is seen is compared with the chain.
pub(super) struct Registry {
    /// Doctors, then laboratories.
    pub members: Vec<Rc<Listed>>,
    /// Hospitals.
    pub hospitals: Rc<Vec<Hospital>>,
    /// Nobody is still to be read.
    pub whole: bool,
}

impl Registry {
    /// The names of the hospitals.
    pub(super) fn names(&self) -> BTreeMap<u32, String> {
        hospital_names(&self.hospitals)
    }

    /// The verified doctors of each hospital.
    pub(super) fn doctors(&self) -> BTreeMap<u32, usize> {
        let mut doctors = BTreeMap::new();
        for entry in self.members.iter().map(|member| &member.entry) {
            if entry.role == Role::Doctor && entry.status == Status::Active {
                *doctors.entry(entry.hospital).or_default() += 1;
            }
        }
        doctors
    }
}

/// An entry that was compared with the chain, as it was then.
type Compared = (Status, u32, Option<Digest>);

fn as_listed(entry: &MemberEntry) -> Compared {
    (entry.status, entry.hospital, entry.profile)
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
    /// A member that is listed otherwise than the chain has it.
    pub lie: RwSignal<Option<Trouble>>,
    /// Those that are.
    lied_about: StoredValue<Vec<Address>>,
    /// What was compared with the chain.
    compared: StoredValue<BTreeMap<Address, Compared>, LocalStorage>,
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
            lie: RwSignal::new(None),
            lied_about: StoredValue::new(Vec::new()),
            compared: StoredValue::new_local(BTreeMap::new()),
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
        let again = self.registry.with_untracked(|registry| registry.ready().is_some_and(|registry| registry.whole));
        spawn_local(async move {
            let is_newest = || self.turn.try_get_value() == Some(turn);
            let show = |some: &Rc<Registry>| {
                if !again && is_newest() {
                    let _left = self.registry.try_set(Load::Ready(Rc::clone(some)));
                }
            };
            let read = registry(&seat.client, again, show).await;
            if is_newest() {
                keep(self.registry, read);
                let lied_about = self.lied_about.try_update_value(std::mem::take).unwrap_or_default();
                if !lied_about.is_empty() {
                    let _left = self.lie.try_set(None);
                    self.compare(lied_about);
                }
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
        // Whoever comes or is answered is listed otherwise from now on.
        if matches!((&before, &read), (Some(_), Ok(_))) {
            self.read_registry();
        }
        keep(self.candidates, read);
    }

    /// Compares these members with the chain, unless that was done: they are seen now.
    pub(super) fn compare(self, members: Vec<Address>) {
        let Some(seat) = self.seat.try_get_value() else { return };
        let is_known = |listed: &Listed| {
            let known = self.compared.with_value(|compared| compared.get(&listed.entry.member).copied());
            known == Some(as_listed(&listed.entry))
        };
        let left: Vec<Rc<Listed>> = self.registry.with_untracked(|registry| {
            let listed = registry.ready().into_iter().flat_map(|registry| &registry.members);
            listed.filter(|one| members.contains(&one.entry.member) && !is_known(one)).cloned().collect()
        });
        spawn_local(async move {
            let comparing = left.iter().map(|listed| {
                let seat = Rc::clone(&seat);
                async move { (listed, seat.client.compare_listed(listed).await) }
            });
            let mut compared = futures::stream::iter(comparing).buffer_unordered(AT_ONCE);
            while let Some((listed, found)) = compared.next().await {
                match found {
                    Ok(_) => drop(self.compared.try_update_value(|known| {
                        known.insert(listed.entry.member, as_listed(&listed.entry));
                    })),
                    Err(fault @ Fault::Lie(_)) => {
                        let _left = self.lied_about.try_update_value(|all| all.push(listed.entry.member));
                        let lie = Trouble::new(fault.to_string(), "Nothing was sent.").lied();
                        let _left = self.lie.try_set(Some(lie));
                    }
                    // A node that cannot be asked now is asked when they are seen again.
                    Err(_) => {}
                }
            }
        });
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

/// Reads everybody, and shows those who are here while others are on their way. `again` asks for no profile that is
/// known.
async fn registry(client: &Client, again: bool, show: impl Fn(&Rc<Registry>)) -> Result<Registry, Fault> {
    let hospitals = Rc::new(client.hospitals().await?);
    let members = RefCell::new(Vec::<Rc<Listed>>::new());
    for role in [Role::Doctor, Role::Lab] {
        let query = MemberQuery { role: Some(role), profiles: again.then_some(false), ..MemberQuery::default() };
        let found = |some: Vec<Listed>| {
            members.borrow_mut().extend(some.into_iter().map(Rc::new));
            let members = members.borrow().clone();
            show(&Rc::new(Registry { members, hospitals: Rc::clone(&hospitals), whole: false }));
        };
        client.list_members(&query, found).await?;
    }
    Ok(Registry { members: members.into_inner(), hospitals, whole: true })
}

impl RegistrarDesk {
    /// The hospitals that take doctors, by id.
    #[must_use]
    pub(super) fn open_hospitals(self) -> BTreeMap<u32, String> {
        self.registry.with(|registry| {
            let hospitals = registry.ready().into_iter().flat_map(|registry| registry.hospitals.iter());
            let open = hospitals.filter(|hospital| hospital.open);
            open.map(|hospital| (hospital.id, hospital.page.name.clone())).collect()
        })
    }
}

/// The desk in reach; only below [`super::RegistrarPages`].
#[must_use]
pub(super) fn use_registrar() -> Option<RegistrarDesk> {
    use_context()
}
