//! A member notes things for itself: private conveniences that every device of the member sees, in one sealed block that
//! the relay keeps.
//!
//! It counts its writings. A device keeps the newest that it has seen, sealed as it is, and takes no older one from the
//! relay; one that the relay has lost it gives back. Two devices that write at once do not undo each other: the second
//! is told, reads again, and makes its change to what the first wrote.

use medkey_crypto::{
    OpenError, RootSecret, SealError,
    notebook::{Pages, make_notebook, open_notebook},
};
use medkey_protocol::{
    Address, Scope,
    blocks::{self, Block},
};
use serde::{Deserialize, Serialize};

use crate::{
    Medkey,
    fault::{Fault, Lie},
    me::Me,
    ports::{Device, Ports},
};

/// How often a change is made anew because another device was first.
const ATTEMPTS: usize = 5;
/// The pages, by name.
const RENEWED: &str = "renewed";
const TEAMS: &str = "teams";

/// What a member noted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notebook {
    /// In which block the vault was last made anew; 0 if it never was.
    pub renewed: u64,
    /// The hospitals whose doctors were given something in one step.
    pub teams: Vec<Team>,
    /// All pages, those of other versions among them.
    pages: Pages,
}

/// The doctors of a hospital to whom something was given in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// The hospital.
    pub hospital: u32,
    /// What was given.
    pub scopes: Vec<Scope>,
    /// Until when: block time, exclusive.
    pub expiry: u64,
    /// To whom it was given.
    pub given: Vec<Address>,
    /// Who joined the hospital afterwards and is not to be given it.
    pub passed: Vec<Address>,
    /// Who left the hospital afterwards and is to keep it.
    pub kept: Vec<Address>,
}

/// A notebook with its place in the order of writings.
struct Written {
    bytes: Vec<u8>,
    generation: u32,
    counter: u64,
    notebook: Notebook,
}

impl Written {
    /// Whether the relay may not show this one to a device that has seen `other`.
    fn is_behind(&self, other: &Self) -> bool {
        let Self { bytes, generation, counter, .. } = self;
        let same_place = (*generation, *counter) == (other.generation, other.counter);
        *generation < other.generation || *counter < other.counter || (same_place && *bytes != other.bytes)
    }
}

impl Notebook {
    /// Notes what was given to the doctors of a hospital in one step. The same scopes given again are one team with the
    /// newer end.
    pub fn note_team(&mut self, hospital: u32, scopes: &[Scope], expiry: u64, doctors: &[Address]) {
        let same = |team: &&mut Team| {
            let known = |scope| team.scopes.contains(scope);
            team.hospital == hospital && team.scopes.len() == scopes.len() && scopes.iter().all(known)
        };
        let Some(team) = self.teams.iter_mut().find(same) else {
            let (scopes, given) = (scopes.to_vec(), doctors.to_vec());
            self.teams.push(Team { hospital, scopes, expiry, given, passed: Vec::new(), kept: Vec::new() });
            return;
        };
        team.expiry = expiry;
        add(&mut team.given, doctors);
        team.passed.retain(|doctor| !doctors.contains(doctor));
        team.kept.retain(|doctor| !doctors.contains(doctor));
    }

    fn from_pages(pages: Pages) -> Result<Self, OpenError> {
        let renewed = pages.read(RENEWED)?.unwrap_or_default();
        let teams = pages.read(TEAMS)?.unwrap_or_default();
        Ok(Self { renewed, teams, pages })
    }

    fn to_pages(&self) -> Result<Pages, SealError> {
        let mut pages = self.pages.clone();
        pages.write(RENEWED, &self.renewed)?;
        pages.write(TEAMS, &self.teams)?;
        Ok(pages)
    }
}

/// Adds those who are not among them yet.
pub(crate) fn add(all: &mut Vec<Address>, some: &[Address]) {
    all.extend(some.iter().filter(|one| !all.contains(one)).copied().collect::<Vec<_>>());
}

/// The name under which a device keeps the newest notebook that it has seen.
fn notebook_name(member: Address) -> String {
    format!("notebook {member}")
}

impl<P: Ports> Medkey<P> {
    /// What the member noted; empty where it never did. One that is older than this device has seen, cut off or
    /// somebody else's is a lie.
    pub async fn read_notebook(&self, me: &Me) -> Result<Notebook, Fault> {
        let kept = self.kept_notebook(me).await;
        Ok(self.newest_notebook(me, kept).await?.map(|written| written.notebook).unwrap_or_default())
    }

    /// Changes what the member noted. `change` is made again to what another device wrote meanwhile, so doing it twice
    /// does what doing it once does. Nothing is written where it changes nothing.
    pub async fn change_notebook(&self, me: &Me, mut change: impl FnMut(&mut Notebook)) -> Result<Notebook, Fault> {
        for _ in 0..ATTEMPTS {
            let kept = self.kept_notebook(me).await;
            let before = match self.newest_notebook(me, kept).await {
                // This device knows a newer one than the relay shows, and goes on from there.
                Err(Fault::Lie(Lie::Notebook)) => Some(self.kept_notebook(me).await.ok_or(Lie::Notebook)?),
                other => other?,
            };
            let now = me.card().block.body.generation;
            let (counter, is_current, before) = match before {
                Some(Written { counter, generation, notebook, .. }) => (counter, generation == now, notebook),
                None => (0, true, Notebook::default()),
            };
            let mut after = before.clone();
            change(&mut after);
            if after == before && is_current {
                return Ok(after);
            }
            let place = (now, counter.checked_add(1).ok_or(Lie::Notebook)?);
            let block = make_notebook(&me.context(), &me.root, place, &after.to_pages()?, &mut self.ports.rng())?;
            let bytes = block.encode()?.bytes;
            if self.relay_put_notebook(&bytes).await? {
                self.remember_notebook(me, &bytes).await;
                return Ok(after);
            }
        }
        Err(Lie::Notebook.into())
    }

    /// The relay's, or what this device kept where the relay has none.
    async fn newest_notebook(&self, me: &Me, mut kept: Option<Written>) -> Result<Option<Written>, Fault> {
        for _ in 0..ATTEMPTS {
            match (self.relay_notebook().await?, kept.take()) {
                (Some(bytes), kept) => {
                    let served = self.written(me, bytes).ok_or(Lie::Notebook)?;
                    if kept.is_some_and(|kept| served.is_behind(&kept)) {
                        return Err(Lie::Notebook.into());
                    }
                    self.remember_notebook(me, &served.bytes).await;
                    return Ok(Some(served));
                }
                (None, None) => return Ok(None),
                (None, Some(own)) if self.relay_put_notebook(&own.bytes).await? => return Ok(Some(own)),
                // It says that it has none, and that it has a newer one: unless another device wrote in between, a lie.
                (None, own) => kept = own,
            }
        }
        Err(Lie::Notebook.into())
    }

    /// Opens a notebook of the member's own, whichever root it was written under.
    fn written(&self, me: &Me, bytes: Vec<u8>) -> Option<Written> {
        let block: Block<blocks::Notebook> = Block::parse_of(&bytes, &self.at, me.address).ok()?;
        let blocks::Notebook { generation, counter, .. } = block.body;
        let roots: Vec<&RootSecret> = std::iter::once(&me.root).chain(&me.former).collect();
        let back = me.card().block.body.generation.checked_sub(generation)?;
        let root = roots.get(usize::try_from(back).ok()?)?;
        let notebook = Notebook::from_pages(open_notebook(&block, root).ok()?).ok()?;
        Some(Written { bytes, generation, counter, notebook })
    }

    /// The newest that this device has seen.
    async fn kept_notebook(&self, me: &Me) -> Option<Written> {
        let bytes = self.ports.device().load(&notebook_name(me.address)).await.ok()??;
        self.written(me, bytes)
    }

    /// Where the device keeps nothing, an older one is not noticed.
    async fn remember_notebook(&self, me: &Me, bytes: &[u8]) {
        let _kept = self.ports.device().keep(&notebook_name(me.address), bytes).await;
    }
}
