//! The directory of members.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use medkey_protocol::{
    Address,
    api::{After, At, MemberChange, MemberEntry, MemberQuery, Page, paths},
    ids::Octets,
};

use super::{Api, Relay, at, limit};
use crate::{error::Error, index::read};

/// Bytes of profiles in one answer, about: what a client reads at once is bounded.
const PROFILES: usize = 1 << 20;

pub(super) fn router() -> Api {
    let one_member = format!("{}/{{member}}", paths::MEMBERS);
    Api::default().get(paths::MEMBERS, list).get(&one_member, one).get(&format!("{one_member}/history"), history)
}

async fn list(
    State(relay): State<Arc<Relay>>,
    query: Result<Query<MemberQuery>, QueryRejection>,
) -> Result<Json<Page<MemberEntry>>, Error> {
    let Query(query) = query?;
    let limit = limit(query.limit);
    let (tip, members) = read::members(&relay.db, &query, limit + 1).await?;
    let mut page = read::page(at(tip)?, members, limit, |member| member.seq);
    if query.profiles == Some(true) {
        add_profiles(&relay, &mut page).await?;
    }
    Ok(Json(page))
}

/// Adds the blocks of the profiles that are named. A page that grows too long ends earlier.
async fn add_profiles(relay: &Relay, page: &mut Page<MemberEntry>) -> Result<(), Error> {
    let named = |entry: &MemberEntry| {
        let proposed = entry.proposal.as_ref().map(|proposal| proposal.profile);
        let named = entry.profile.into_iter().chain(proposed.filter(|proposed| Some(*proposed) != entry.profile));
        named.map(|profile| (entry.member, profile)).collect::<Vec<_>>()
    };
    let wanted: Vec<_> = page.items.iter().flat_map(named).collect();
    let stored = read::stored_profiles(&relay.db, &wanted).await?;
    let all = page.items.len();
    let mut bytes = 0;
    for (place, entry) in page.items.iter_mut().enumerate() {
        for (member, profile) in named(entry) {
            if stored.contains(&(member, profile))
                && let Some(block) = relay.store.get(profile.link()).await?
            {
                bytes += block.len();
                entry.blocks.push(Octets(block.to_vec()));
            }
        }
        if bytes > PROFILES && place + 1 < all {
            page.next = Some(entry.seq);
            page.items.truncate(place + 1);
            break;
        }
    }
    Ok(())
}

async fn one(
    State(relay): State<Arc<Relay>>,
    path: Result<Path<Address>, PathRejection>,
) -> Result<Json<At<MemberEntry>>, Error> {
    let Path(member) = path?;
    let (tip, found) = read::member(&relay.db, member).await?;
    Ok(Json(At { at: at(tip)?, item: found.ok_or(Error::NotFound)? }))
}

async fn history(
    State(relay): State<Arc<Relay>>,
    path: Result<Path<Address>, PathRejection>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<Page<MemberChange>>, Error> {
    let (Path(member), Query(after)) = (path?, query?);
    let limit = limit(after.limit);
    let (tip, changes) = read::history(&relay.db, member, after.after.unwrap_or(0), limit + 1).await?;
    Ok(Json(read::page(at(tip)?, changes, limit, |change| change.seq)))
}
