//! Answers about members, hospitals, charts and inboxes, each with the block it holds at.

use std::collections::HashSet;

use medkey_protocol::{
    Address, B256, Digest,
    api::{
        Change, ChartPage, HospitalEntry, InboxEntry, MemberChange, MemberCount, MemberEntry, MemberQuery, MonthCount,
        Page, Proposal, RegistryCounts, Role, Status, Tip, Word,
    },
    blocks::Kind,
    chart::Entry,
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    Db, DbError, RegistryEvent,
    db::{self, Tx, number, signed},
    write::{role_code, status_code},
};
use crate::{
    access::{Claimed, Held},
    block::Form,
};

/// The newest block that was followed; none before the first.
pub(crate) async fn tip(db: &Db) -> Result<Option<Tip>, DbError> {
    db::tip(&mut db.read().await?).await
}

/// The hash of a followed block that is still remembered.
pub(crate) async fn hash_of(db: &Db, block: u64) -> Result<Option<B256>, DbError> {
    let mut tx = db.read().await?;
    let row =
        sqlx::query("SELECT hash FROM chain WHERE number = $1").bind(signed(block)).fetch_optional(&mut *tx).await?;
    row.map(|row| db::word(&row, "hash")).transpose()
}

/// One member.
pub(crate) async fn member(db: &Db, member: Address) -> Result<(Option<Tip>, Option<MemberEntry>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let row =
        sqlx::query("SELECT * FROM member WHERE member = $1").bind(member.as_slice()).fetch_optional(&mut *tx).await?;
    Ok((at, row.map(|row| member_of(&row)).transpose()?))
}

/// Some members, in the order in which they registered.
pub(crate) async fn members(
    db: &Db,
    query: &MemberQuery,
    limit: u32,
) -> Result<(Option<Tip>, Vec<MemberEntry>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows = sqlx::query(
        "SELECT * FROM member
         WHERE seq > $1
           AND ($2 IS NULL OR role = $2)
           AND ($3 IS NULL OR status = $3)
           AND ($4 IS NULL OR hospital = $4)
           AND ($5 IS NULL OR (proposed_profile IS NOT NULL) = $5)
         ORDER BY seq LIMIT $6",
    )
    .bind(signed(query.after.unwrap_or(0)))
    .bind(query.role.map(role_code))
    .bind(query.status.map(status_code))
    .bind(query.hospital)
    .bind(query.proposed)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    Ok((at, rows.iter().map(member_of).collect::<Result<_, _>>()?))
}

fn member_of(row: &SqliteRow) -> Result<MemberEntry, DbError> {
    let proposal = match db::optional_id(row, "proposed_profile")? {
        None => None,
        Some(profile) => {
            Some(Proposal { profile, hospital: row.try_get("proposed_hospital")?, time: number(row, "proposed_time")? })
        }
    };
    Ok(MemberEntry {
        seq: number(row, "seq")?,
        member: db::address(row, "member")?,
        role: role_of(row)?,
        status: status_of(row)?,
        hospital: row.try_get("hospital")?,
        since: number(row, "since")?,
        card: db::id(row, "card")?,
        profile: db::optional_id(row, "profile")?,
        proposal,
        reason: row.try_get("reason")?,
        blocks: Vec::new(),
    })
}

/// Which of these are profiles of their members that the store has.
pub(crate) async fn stored_profiles(
    db: &Db,
    wanted: &[(Address, Digest)],
) -> Result<HashSet<(Address, Digest)>, DbError> {
    let mut tx = db.read().await?;
    let mut stored = HashSet::new();
    for (member, profile) in wanted {
        let row = sqlx::query("SELECT 1 FROM block WHERE cid = $1 AND form = $2 AND subject = $3 AND stored = 1")
            .bind(db::key(profile.link()))
            .bind(Form::Own(Kind::Profile).code())
            .bind(member.as_slice())
            .fetch_optional(&mut *tx)
            .await?;
        stored.extend(row.map(|_| (*member, *profile)));
    }
    Ok(stored)
}

/// What happened to a member as a member; changes of the card are none of it.
pub(crate) async fn history(
    db: &Db,
    member: Address,
    after: u64,
    limit: u32,
) -> Result<(Option<Tip>, Vec<MemberChange>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows = sqlx::query(
        "SELECT position, time, event FROM registry_event
         WHERE member = $1 AND position > $2 AND event NOT LIKE '{\"CardUpdated\"%'
         ORDER BY position LIMIT $3",
    )
    .bind(member.as_slice())
    .bind(signed(after))
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    let change = |row: &SqliteRow| -> Result<MemberChange, DbError> {
        let event = serde_json::from_str(row.try_get("event")?).map_err(|_| DbError::Row("event"))?;
        let what = match event {
            RegistryEvent::Registered { profile, hospital, .. } => Change::Registered { profile, hospital },
            RegistryEvent::ProfileProposed { profile, hospital, .. } => Change::Proposed { profile, hospital },
            RegistryEvent::Verified { profile, hospital, .. } => Change::Verified { profile, hospital },
            RegistryEvent::Refused { reason, .. } => Change::Refused { reason },
            RegistryEvent::Suspended { reason, .. } => Change::Suspended { reason },
            RegistryEvent::Reinstated { .. } => Change::Reinstated,
            _ => return Err(DbError::Row("event")),
        };
        Ok(MemberChange { seq: number(row, "position")?, time: number(row, "time")?, what })
    };
    Ok((at, rows.iter().map(change).collect::<Result<_, _>>()?))
}

/// Members by role and status, and what happened in the newest months.
pub(crate) async fn counts(db: &Db) -> Result<(Option<Tip>, RegistryCounts), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows =
        sqlx::query("SELECT role, status, COUNT(*) AS number FROM member GROUP BY role, status ORDER BY role, status")
            .fetch_all(&mut *tx)
            .await?;
    let member = |row: &SqliteRow| -> Result<MemberCount, DbError> {
        Ok(MemberCount { role: role_of(row)?, status: status_of(row)?, number: number(row, "number")? })
    };
    let members = rows.iter().map(member).collect::<Result<_, _>>()?;
    let rows = sqlx::query(
        "SELECT strftime('%Y-%m', time, 'unixepoch') AS month,
                SUM(CASE WHEN event LIKE '{\"Registered\"%\"role\":\"patient\"%' THEN 1 ELSE 0 END) AS patients,
                SUM(CASE WHEN event LIKE '{\"Registered\"%\"role\":\"doctor\"%' THEN 1 ELSE 0 END) AS doctors,
                SUM(CASE WHEN event LIKE '{\"Registered\"%\"role\":\"lab\"%' THEN 1 ELSE 0 END) AS labs,
                SUM(CASE WHEN event LIKE '{\"Verified\"%' THEN 1 ELSE 0 END) AS verified,
                SUM(CASE WHEN event LIKE '{\"Refused\"%' THEN 1 ELSE 0 END) AS refused,
                SUM(CASE WHEN event LIKE '{\"Suspended\"%' THEN 1 ELSE 0 END) AS suspended
         FROM registry_event WHERE member IS NOT NULL AND event NOT LIKE '{\"CardUpdated\"%'
         GROUP BY month ORDER BY month DESC LIMIT 24",
    )
    .fetch_all(&mut *tx)
    .await?;
    let month = |row: &SqliteRow| -> Result<MonthCount, DbError> {
        Ok(MonthCount {
            month: row.try_get("month")?,
            patients: number(row, "patients")?,
            doctors: number(row, "doctors")?,
            labs: number(row, "labs")?,
            verified: number(row, "verified")?,
            refused: number(row, "refused")?,
            suspended: number(row, "suspended")?,
        })
    };
    let months = rows.iter().map(month).collect::<Result<_, _>>()?;
    Ok((at, RegistryCounts { members, months }))
}

fn role_of(row: &SqliteRow) -> Result<Role, DbError> {
    match number(row, "role")? {
        1 => Ok(Role::Patient),
        2 => Ok(Role::Doctor),
        3 => Ok(Role::Lab),
        _ => Err(DbError::Row("role")),
    }
}

fn status_of(row: &SqliteRow) -> Result<Status, DbError> {
    match number(row, "status")? {
        1 => Ok(Status::Pending),
        2 => Ok(Status::Active),
        3 => Ok(Status::Refused),
        4 => Ok(Status::Suspended),
        _ => Err(DbError::Row("status")),
    }
}

/// Hospitals by number.
pub(crate) async fn hospitals(db: &Db, after: u64, limit: u32) -> Result<(Option<Tip>, Vec<HospitalEntry>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows = sqlx::query("SELECT * FROM hospital WHERE hospital > $1 ORDER BY hospital LIMIT $2")
        .bind(signed(after))
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
    let entry = |row: &SqliteRow| -> Result<HospitalEntry, DbError> {
        Ok(HospitalEntry { hospital: row.try_get("hospital")?, page: db::id(row, "page")?, open: row.try_get("open")? })
    };
    Ok((at, rows.iter().map(entry).collect::<Result<_, _>>()?))
}

/// Entries of a chart after the first `after`, and its head at the newest block.
pub(crate) async fn entries(db: &Db, chart: Address, after: u64, limit: u32) -> Result<Option<ChartPage>, DbError> {
    let mut tx = db.read().await?;
    let Some(at) = db::tip(&mut tx).await? else { return Ok(None) };
    let last = sqlx::query("SELECT place, head FROM entry WHERE chart = $1 ORDER BY place DESC LIMIT 1")
        .bind(chart.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
    let (count, head) = match last {
        Some(row) => (number(&row, "place")?, db::word(&row, "head")?),
        None => (0, B256::ZERO),
    };
    let rows = sqlx::query("SELECT * FROM entry WHERE chart = $1 AND place > $2 ORDER BY place LIMIT $3")
        .bind(chart.as_slice())
        .bind(signed(after))
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
    let entries = rows.iter().map(entry_of).collect::<Result<Vec<_>, _>>()?;
    let read = after.saturating_add(entries.len() as u64);
    Ok(Some(ChartPage { at, head, entries, next: (read < count).then_some(read) }))
}

/// Entries of others' charts that name `member`.
pub(crate) async fn inbox(
    db: &Db,
    member: Address,
    after: u64,
    limit: u32,
) -> Result<(Option<Tip>, Vec<InboxEntry>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows = sqlx::query("SELECT * FROM entry WHERE party = $1 AND position > $2 ORDER BY position LIMIT $3")
        .bind(member.as_slice())
        .bind(signed(after))
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
    let entry = |row: &SqliteRow| -> Result<InboxEntry, DbError> {
        Ok(InboxEntry { seq: number(row, "position")?, chart: db::address(row, "chart")?, entry: entry_of(row)? })
    };
    Ok((at, rows.iter().map(entry).collect::<Result<_, _>>()?))
}

fn entry_of(row: &SqliteRow) -> Result<Entry, DbError> {
    Ok(Entry {
        block: number(row, "block")?,
        time: number(row, "time")?,
        transaction: db::word(row, "transaction_hash")?,
        log: number(row, "log")?,
        event: serde_json::from_str(row.try_get("event")?).map_err(|_| DbError::Row("event"))?,
    })
}

/// What the relay did with a chart's blocks.
pub(crate) async fn words(
    db: &Db,
    chart: Address,
    after: u64,
    limit: u32,
) -> Result<(Option<Tip>, Vec<Word>), DbError> {
    let mut tx = db.read().await?;
    let at = db::tip(&mut tx).await?;
    let rows = sqlx::query("SELECT * FROM word WHERE chart = $1 AND seq > $2 ORDER BY seq LIMIT $3")
        .bind(chart.as_slice())
        .bind(signed(after))
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
    let word = |row: &SqliteRow| -> Result<Word, DbError> {
        Ok(Word {
            seq: number(row, "seq")?,
            time: number(row, "time")?,
            member: db::address(row, "member")?,
            block: db::link(row, "cid")?,
            scope: db::optional_id(row, "scope")?,
            delivered: row.try_get("delivered")?,
        })
    };
    Ok((at, rows.iter().map(word).collect::<Result<_, _>>()?))
}

/// A page of what was found with one more than `limit` asked for.
pub(crate) fn page<T>(at: Tip, mut items: Vec<T>, limit: u32, seq: impl Fn(&T) -> u64) -> Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(seq);
    Page { at, items, next }
}

/// What `member` has been granted in a chart, and when it last logged an access under each grant.
pub(super) async fn grants(tx: &mut Tx, member: Address, chart: Address) -> Result<Vec<Held>, DbError> {
    let rows = sqlx::query(
        "SELECT g.chart, g.scope, g.expiry,
                (SELECT MAX(a.time) FROM access a
                 WHERE a.grantee = g.grantee AND a.chart = g.chart AND a.scope = g.scope) AS accessed
         FROM grant_change g
         WHERE g.grantee = $1 AND g.chart = $2
           AND g.position = (SELECT MAX(l.position) FROM grant_change l
                             WHERE l.grantee = g.grantee AND l.chart = g.chart AND l.scope = g.scope)
           AND g.expiry > 0",
    )
    .bind(member.as_slice())
    .bind(chart.as_slice())
    .fetch_all(&mut **tx)
    .await?;
    let held = |row: &SqliteRow| -> Result<Held, DbError> {
        Ok(Held {
            chart: db::address(row, "chart")?,
            scope: db::id(row, "scope")?,
            expiry: number(row, "expiry")?,
            accessed: db::optional_number(row, "accessed")?,
        })
    };
    rows.iter().map(held).collect()
}

/// The offers of a chart that `member` has claimed.
pub(super) async fn claims(tx: &mut Tx, member: Address, chart: Address) -> Result<Vec<Claimed>, DbError> {
    let rows = sqlx::query("SELECT chart, key, scope FROM claim WHERE claimer = $1 AND chart = $2")
        .bind(member.as_slice())
        .bind(chart.as_slice())
        .fetch_all(&mut **tx)
        .await?;
    let claimed = |row: &SqliteRow| -> Result<Claimed, DbError> {
        Ok(Claimed { chart: db::address(row, "chart")?, key: db::address(row, "key")?, scope: db::id(row, "scope")? })
    };
    rows.iter().map(claimed).collect()
}

/// The account that acts for a member now: its own, or the one that its chart moved to.
pub(crate) async fn owner(tx: &mut Tx, member: Address) -> Result<Address, DbError> {
    let row = sqlx::query("SELECT account FROM chart_move WHERE chart = $1 ORDER BY position DESC LIMIT 1")
        .bind(member.as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    row.map_or(Ok(member), |row| db::address(&row, "account"))
}
