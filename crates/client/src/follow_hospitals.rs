//! A patient who shared something with all doctors of a hospital in one step is told when those doctors change: who joined
//! and could be given the same, who left and reads on. Nothing is given or taken unasked.
//!
//! Who joined or left is compared with the chain, through the wallet. A relay can leave somebody who joined out of its
//! directory; it cannot make anybody join or leave.

use medkey_protocol::{
    Address, Scope,
    api::{Role, Status},
};

use crate::{
    Medkey,
    chart::Chart,
    fault::Fault,
    keep_notebook::{Notebook, Team, add},
    me::Me,
    people::Professional,
    ports::Ports,
    read_chart::ReadChart,
};

/// Whether doctors joined or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moved {
    /// They joined, and were given nothing of it.
    Joined,
    /// They left, and can still read it.
    Left,
}

/// Doctors of a hospital who joined or left after something was given to its doctors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamChange {
    /// The hospital.
    pub hospital: u32,
    /// Its name.
    pub name: String,
    /// What was given to its doctors: what is open still.
    pub scopes: Vec<Scope>,
    /// Until when: block time, exclusive.
    pub expiry: u64,
    /// Whether they joined or left.
    pub moved: Moved,
    /// Who.
    pub doctors: Vec<Professional>,
}

impl TeamChange {
    /// Their addresses.
    pub fn addresses(&self) -> Vec<Address> {
        self.doctors.iter().map(|doctor| doctor.member).collect()
    }

    /// What those who left can still read.
    pub fn grants(&self, read: &ReadChart) -> Vec<(Address, Scope)> {
        let all = self.doctors.iter().flat_map(|doctor| self.scopes.iter().map(|scope| (doctor.member, *scope)));
        all.filter(|(doctor, scope)| is_live(&read.state, *doctor, *scope, read.time)).collect()
    }

    fn is_of(&self, team: &Team) -> bool {
        team.hospital == self.hospital && self.scopes.iter().all(|scope| team.scopes.contains(scope))
    }
}

fn is_live(state: &Chart, grantee: Address, scope: Scope, now: u64) -> bool {
    state.grant(grantee, scope).is_some_and(|grant| grant.is_live(now))
}

/// What of a team's scopes somebody whom it was given to can still read.
fn open_scopes(team: &Team, read: &ReadChart) -> Vec<Scope> {
    let is_open = |scope: &&Scope| team.given.iter().any(|doctor| is_live(&read.state, *doctor, **scope, read.time));
    team.scopes.iter().filter(is_open).copied().collect()
}

impl<P: Ports> Medkey<P> {
    /// Who joined or left the hospitals with whose doctors something is shared, and was not answered for yet.
    pub async fn team_changes(&self, read: &ReadChart, notebook: &Notebook) -> Result<Vec<TeamChange>, Fault> {
        let mut changes = Vec::new();
        for team in notebook.teams.iter().filter(|team| team.expiry > read.time) {
            let scopes = open_scopes(team, read);
            if scopes.is_empty() {
                continue;
            }
            let Team { hospital, expiry, .. } = *team;
            let reads = |doctor: Address| scopes.iter().any(|scope| is_live(&read.state, doctor, *scope, read.time));
            let answered = |doctor: Address| team.given.contains(&doctor) || team.passed.contains(&doctor);
            let mut joined = self.professionals(Role::Doctor, Some(hospital)).await?;
            joined.retain(|doctor| !answered(doctor.member) && !reads(doctor.member));
            let mut left = Vec::new();
            for doctor in team.given.iter().filter(|doctor| reads(**doctor) && !team.kept.contains(doctor)) {
                let found = self.professional(*doctor).await?;
                // Who is suspended can read nothing, and the key is renewed.
                if found.standing.status == Status::Active && found.standing.hospital != hospital {
                    left.push(found);
                }
            }
            for (moved, doctors) in [(Moved::Joined, joined), (Moved::Left, left)] {
                if !doctors.is_empty() {
                    let name = self.hospital(hospital).await?.page.name;
                    changes.push(TeamChange { hospital, name, scopes: scopes.clone(), expiry, moved, doctors });
                }
            }
        }
        Ok(changes)
    }

    /// Remembers what the patient decided about a change, so that it is not asked again: that those who joined were
    /// given the same (`true`) or not, that those who left lost it (`true`) or keep it.
    pub async fn note_answer(&self, me: &Me, change: &TeamChange, acted: bool) -> Result<Notebook, Fault> {
        let doctors = change.addresses();
        let noted = |notebook: &mut Notebook| {
            for team in notebook.teams.iter_mut().filter(|team| change.is_of(team)) {
                match (change.moved, acted) {
                    (Moved::Joined, true) => add(&mut team.given, &doctors),
                    (Moved::Joined, false) => add(&mut team.passed, &doctors),
                    (Moved::Left, true) => team.given.retain(|doctor| !doctors.contains(doctor)),
                    (Moved::Left, false) => add(&mut team.kept, &doctors),
                }
            }
        };
        self.change_notebook(me, noted).await
    }
}
