//! Puts followed blocks into rows, and takes them out again when the chain did.

use std::collections::BTreeSet;

use medkey_protocol::{
    Address, B256, Digest, Link, Scope,
    api::{Role, Status, Tip},
    blocks::Kind,
    chart::{ChartEvent, Entry, fold},
};
use sqlx::Row;

use super::{
    Db, DbError, Followed, Happened, LOGS_PER_BLOCK, RegistryEvent,
    db::{self, Tx, key, number, signed},
};
use crate::block::Form;

/// Whom a change concerns, for those who listen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Concerned {
    pub(crate) charts: BTreeSet<Address>,
    pub(crate) members: BTreeSet<Address>,
}

/// The rows of these blocks and the new cursor, all or nothing. The blocks follow one another and the cursor.
pub(crate) async fn append(db: &Db, blocks: &[Followed], finality: u64) -> Result<Concerned, DbError> {
    let mut concerned = Concerned::default();
    let mut tx = db.write().await?;
    for block in blocks {
        sqlx::query("INSERT INTO chain (number, hash, time) VALUES ($1, $2, $3)")
            .bind(signed(block.tip.block))
            .bind(block.tip.hash.as_slice())
            .bind(signed(block.tip.time))
            .execute(&mut *tx)
            .await?;
        for happened in &block.happened {
            match happened {
                Happened::Chart { chart, entry } => {
                    concerned.charts.insert(*chart);
                    concerned.members.extend(party(*chart, &entry.event));
                    add_entry(&mut tx, *chart, entry).await?;
                }
                Happened::Registry { log, event } => {
                    concerned.members.extend(event.member());
                    add_registry_event(&mut tx, &block.tip, *log, event).await?;
                }
            }
        }
    }
    if let Some(last) = blocks.last() {
        sqlx::query("DELETE FROM chain WHERE number < $1")
            .bind(signed(last.tip.block.saturating_sub(finality)))
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(concerned)
}

/// Takes back every block after `ancestor`.
pub(crate) async fn roll_back(db: &Db, ancestor: u64) -> Result<Concerned, DbError> {
    let first = signed((ancestor + 1) * LOGS_PER_BLOCK);
    let mut tx = db.write().await?;
    let mut concerned = Concerned::default();

    let rows = sqlx::query("SELECT DISTINCT chart, party FROM entry WHERE position >= $1")
        .bind(first)
        .fetch_all(&mut *tx)
        .await?;
    for row in &rows {
        concerned.charts.insert(db::address(row, "chart")?);
        concerned.members.extend(db::optional_address(row, "party")?);
    }
    let rows = sqlx::query("SELECT DISTINCT member, hospital FROM registry_event WHERE position >= $1")
        .bind(first)
        .fetch_all(&mut *tx)
        .await?;
    let mut hospitals = BTreeSet::new();
    for row in &rows {
        concerned.members.extend(db::optional_address(row, "member")?);
        hospitals.extend(db::optional_number(row, "hospital")?);
    }

    for statement in [
        "DELETE FROM entry WHERE position >= $1",
        "DELETE FROM grant_change WHERE position >= $1",
        "DELETE FROM access WHERE position >= $1",
        "DELETE FROM claim WHERE position >= $1",
        "DELETE FROM chart_move WHERE position >= $1",
        "DELETE FROM mention WHERE position >= $1",
        "DELETE FROM record WHERE added >= $1",
        "UPDATE record SET ended = NULL WHERE ended >= $1",
        "DELETE FROM registry_event WHERE position >= $1",
    ] {
        sqlx::query(statement).bind(first).execute(&mut *tx).await?;
    }
    sqlx::query("DELETE FROM chain WHERE number > $1").bind(signed(ancestor)).execute(&mut *tx).await?;
    for member in &concerned.members {
        sqlx::query("DELETE FROM member WHERE member = $1").bind(member.as_slice()).execute(&mut *tx).await?;
        let events =
            sqlx::query("SELECT position, time, event FROM registry_event WHERE member = $1 ORDER BY position")
                .bind(member.as_slice())
                .fetch_all(&mut *tx)
                .await?;
        replay(&mut tx, &events).await?;
    }
    for hospital in hospitals {
        sqlx::query("DELETE FROM hospital WHERE hospital = $1").bind(signed(hospital)).execute(&mut *tx).await?;
        let events =
            sqlx::query("SELECT position, time, event FROM registry_event WHERE hospital = $1 ORDER BY position")
                .bind(signed(hospital))
                .fetch_all(&mut *tx)
                .await?;
        replay(&mut tx, &events).await?;
    }
    tx.commit().await?;
    Ok(concerned)
}

async fn replay(tx: &mut Tx, events: &[sqlx::sqlite::SqliteRow]) -> Result<(), DbError> {
    for row in events {
        let event = serde_json::from_str(row.try_get("event")?).map_err(|_| DbError::Row("event"))?;
        apply(tx, number(row, "position")?, number(row, "time")?, &event).await?;
    }
    Ok(())
}

/// The member other than the patient that an event names.
fn party(chart: Address, event: &ChartEvent) -> Option<Address> {
    let party = match event {
        ChartEvent::RecordAdded { author, .. } | ChartEvent::AuthorBlocked { author, .. } => author,
        ChartEvent::AccessRequested { requester, .. } | ChartEvent::RequestDenied { requester, .. } => requester,
        ChartEvent::AccessGranted { grantee, .. }
        | ChartEvent::AccessRevoked { grantee, .. }
        | ChartEvent::AccessLogged { grantee, .. } => grantee,
        ChartEvent::OfferClaimed { claimer, .. } => claimer,
        ChartEvent::RecordReplaced { .. }
        | ChartEvent::RecordRemoved { .. }
        | ChartEvent::OfferMade { .. }
        | ChartEvent::OfferWithdrawn { .. }
        | ChartEvent::MoveProposed { .. }
        | ChartEvent::MoveVetoed { .. }
        | ChartEvent::ChartMoved { .. } => return None,
    };
    (*party != chart).then_some(*party)
}

async fn add_entry(tx: &mut Tx, chart: Address, entry: &Entry) -> Result<(), DbError> {
    let position = signed(entry.block * LOGS_PER_BLOCK + entry.log);
    let last = sqlx::query("SELECT place, head FROM entry WHERE chart = $1 ORDER BY place DESC LIMIT 1")
        .bind(chart.as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    let (place, head) = match last {
        Some(row) => (number(&row, "place")?, db::word(&row, "head")?),
        None => (0, B256::ZERO),
    };
    let event = serde_json::to_string(&entry.event).map_err(|_| DbError::Row("event"))?;
    sqlx::query(
        "INSERT INTO entry (position, chart, place, party, head, block, time, transaction_hash, log, event)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(position)
    .bind(chart.as_slice())
    .bind(signed(place + 1))
    .bind(party(chart, &entry.event).map(|party| party.to_vec()))
    .bind(fold(head, chart, entry.time, &entry.event).as_slice())
    .bind(signed(entry.block))
    .bind(signed(entry.time))
    .bind(entry.transaction.as_slice())
    .bind(signed(entry.log))
    .bind(event)
    .execute(&mut **tx)
    .await?;

    match &entry.event {
        ChartEvent::RecordAdded { author, manifest } => {
            add_record(tx, position, chart, *author, manifest.link()).await?;
        }
        ChartEvent::RecordReplaced { previous, manifest } => {
            // Put in its own place, a record stays.
            if previous != manifest && end_record(tx, position, chart, previous.link()).await? {
                add_record(tx, position, chart, chart, manifest.link()).await?;
            }
        }
        ChartEvent::RecordRemoved { manifest } => {
            end_record(tx, position, chart, manifest.link()).await?;
        }
        ChartEvent::AccessRequested { requester, reason } | ChartEvent::RequestDenied { requester, reason } => {
            mention(tx, position, *reason, Expected::new(Kind::Reason, chart).with(*requester)).await?;
        }
        ChartEvent::AccessGranted { grantee, scope, expiry, envelope } => {
            change_grant(tx, position, chart, *grantee, scope.bytes(), *expiry).await?;
            mention(tx, position, *envelope, Expected::new(Kind::Envelope, chart).with(*grantee)).await?;
        }
        ChartEvent::OfferMade { key, scope, envelope, .. } => {
            let offered = Expected::new(Kind::Envelope, chart).with(*key).opening(*scope);
            mention(tx, position, *envelope, offered).await?;
        }
        ChartEvent::OfferClaimed { claimer, key, scope, expiry, envelope } => {
            sqlx::query("INSERT INTO claim (position, chart, key, scope, claimer) VALUES ($1, $2, $3, $4, $5)")
                .bind(position)
                .bind(chart.as_slice())
                .bind(key.as_slice())
                .bind(scope.bytes().as_slice())
                .bind(claimer.as_slice())
                .execute(&mut **tx)
                .await?;
            // The expiry that the contract wrote: a grant which was there and lives longer is not shortened.
            change_grant(tx, position, chart, *claimer, scope.bytes(), *expiry).await?;
            mention(tx, position, *envelope, Expected::new(Kind::Envelope, chart).with(*claimer)).await?;
        }
        ChartEvent::AccessRevoked { grantee, scope } => {
            change_grant(tx, position, chart, *grantee, scope.bytes(), 0).await?;
        }
        ChartEvent::AccessLogged { grantee, scope } => {
            sqlx::query("INSERT INTO access (position, chart, grantee, scope, time) VALUES ($1, $2, $3, $4, $5)")
                .bind(position)
                .bind(chart.as_slice())
                .bind(grantee.as_slice())
                .bind(scope.bytes().as_slice())
                .bind(signed(entry.time))
                .execute(&mut **tx)
                .await?;
        }
        ChartEvent::ChartMoved { account } => {
            sqlx::query("INSERT INTO chart_move (position, chart, account) VALUES ($1, $2, $3)")
                .bind(position)
                .bind(chart.as_slice())
                .bind(account.as_slice())
                .execute(&mut **tx)
                .await?;
        }
        // Withdrawn, an offer makes no more grants; those that it made live on.
        ChartEvent::OfferWithdrawn { .. }
        | ChartEvent::AuthorBlocked { .. }
        | ChartEvent::MoveProposed { .. }
        | ChartEvent::MoveVetoed { .. } => {}
    }
    Ok(())
}

/// A record, unless it is there or was there: once ended it never comes back.
async fn add_record(
    tx: &mut Tx,
    position: i64,
    chart: Address,
    author: Address,
    manifest: Link,
) -> Result<(), DbError> {
    sqlx::query("INSERT INTO record (chart, manifest, author, added) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .bind(chart.as_slice())
        .bind(key(manifest))
        .bind(author.as_slice())
        .bind(position)
        .execute(&mut **tx)
        .await?;
    mention(tx, position, manifest.digest(), Expected::new(Kind::Manifest, chart).with(author)).await
}

/// Ends a record; false where there is none to end.
async fn end_record(tx: &mut Tx, position: i64, chart: Address, manifest: Link) -> Result<bool, DbError> {
    let done = sqlx::query("UPDATE record SET ended = $1 WHERE chart = $2 AND manifest = $3 AND ended IS NULL")
        .bind(position)
        .bind(chart.as_slice())
        .bind(key(manifest))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

async fn change_grant(
    tx: &mut Tx,
    position: i64,
    chart: Address,
    grantee: Address,
    scope: &[u8; 32],
    expiry: u64,
) -> Result<(), DbError> {
    sqlx::query("INSERT INTO grant_change (position, chart, grantee, scope, expiry) VALUES ($1, $2, $3, $4, $5)")
        .bind(position)
        .bind(chart.as_slice())
        .bind(grantee.as_slice())
        .bind(scope.as_slice())
        .bind(signed(expiry))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What the block that an event names must be to count.
struct Expected {
    kind: Kind,
    subject: Address,
    party: Option<Address>,
    scope: Option<Scope>,
}

impl Expected {
    fn new(kind: Kind, subject: Address) -> Self {
        Self { kind, subject, party: None, scope: None }
    }

    fn with(self, party: Address) -> Self {
        Self { party: Some(party), ..self }
    }

    /// Of an offer's envelope alone.
    fn opening(self, scope: Scope) -> Self {
        Self { scope: Some(scope), ..self }
    }
}

async fn mention(tx: &mut Tx, position: i64, digest: Digest, expected: Expected) -> Result<(), DbError> {
    let Expected { kind, subject, party, scope } = expected;
    sqlx::query("INSERT INTO mention (position, cid, form, subject, party, scope) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(position)
        .bind(key(digest.link()))
        .bind(Form::Own(kind).code())
        .bind(subject.as_slice())
        .bind(party.map(|party| party.to_vec()))
        .bind(scope.map(|scope| scope.bytes().to_vec()))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn add_registry_event(tx: &mut Tx, at: &Tip, log: u64, event: &RegistryEvent) -> Result<(), DbError> {
    let position = at.block * LOGS_PER_BLOCK + log;
    let text = serde_json::to_string(event).map_err(|_| DbError::Row("event"))?;
    sqlx::query("INSERT INTO registry_event (position, member, hospital, time, event) VALUES ($1, $2, $3, $4, $5)")
        .bind(signed(position))
        .bind(event.member().map(|member| member.to_vec()))
        .bind(event.hospital())
        .bind(signed(at.time))
        .bind(text)
        .execute(&mut **tx)
        .await?;
    let position = signed(position);
    match event {
        RegistryEvent::Registered { member, card, profile, .. } => {
            mention(tx, position, *card, Expected::new(Kind::Card, *member)).await?;
            if let Some(profile) = profile {
                mention(tx, position, *profile, Expected::new(Kind::Profile, *member)).await?;
            }
        }
        RegistryEvent::CardUpdated { member, card } => {
            mention(tx, position, *card, Expected::new(Kind::Card, *member)).await?;
        }
        RegistryEvent::ProfileProposed { member, profile, .. } | RegistryEvent::Verified { member, profile, .. } => {
            mention(tx, position, *profile, Expected::new(Kind::Profile, *member)).await?;
        }
        RegistryEvent::HospitalAdded { page, .. } | RegistryEvent::HospitalUpdated { page, .. } => {
            mention(tx, position, *page, Expected::new(Kind::Hospital, Address::ZERO)).await?;
        }
        _ => {}
    }
    apply(tx, at.block * LOGS_PER_BLOCK + log, at.time, event).await
}

/// The member's or hospital's row after one more event.
async fn apply(tx: &mut Tx, position: u64, time: u64, event: &RegistryEvent) -> Result<(), DbError> {
    let statement = match event {
        RegistryEvent::Registered { member, role, card, profile, hospital } => {
            let status = if *role == Role::Patient { Status::Active } else { Status::Pending };
            sqlx::query(
                "INSERT INTO member (member, seq, role, status, hospital, since, card,
                                     proposed_profile, proposed_hospital, proposed_time)
                 VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9)",
            )
            .bind(member.to_vec())
            .bind(signed(position))
            .bind(role_code(*role))
            .bind(status_code(status))
            .bind(signed(time))
            .bind(card.bytes().to_vec())
            .bind(profile.map(|profile| profile.bytes().to_vec()))
            .bind(profile.map(|_| *hospital))
            .bind(profile.map(|_| signed(time)))
        }
        RegistryEvent::CardUpdated { member, card } => sqlx::query("UPDATE member SET card = $2 WHERE member = $1")
            .bind(member.to_vec())
            .bind(card.bytes().to_vec()),
        RegistryEvent::ProfileProposed { member, profile, hospital } => sqlx::query(
            "UPDATE member SET proposed_profile = $2, proposed_hospital = $3, proposed_time = $4,
                 status = CASE status WHEN $5 THEN $6 ELSE status END
             WHERE member = $1",
        )
        .bind(member.to_vec())
        .bind(profile.bytes().to_vec())
        .bind(*hospital)
        .bind(signed(time))
        .bind(status_code(Status::Refused))
        .bind(status_code(Status::Pending)),
        // A proposal made after the registrar looked still waits. Verified again just as it was, a member is told that
        // what it proposed is not taken over: the contract refuses only those who were never verified.
        RegistryEvent::Verified { member, profile, hospital } => sqlx::query(
            "UPDATE member SET status = $4, profile = $2, hospital = $3, reason = NULL,
                 proposed_hospital = CASE WHEN proposed_profile = $2 OR status = $4 AND profile = $2 AND hospital = $3
                     THEN NULL ELSE proposed_hospital END,
                 proposed_time = CASE WHEN proposed_profile = $2 OR status = $4 AND profile = $2 AND hospital = $3
                     THEN NULL ELSE proposed_time END,
                 proposed_profile = CASE WHEN proposed_profile = $2 OR status = $4 AND profile = $2 AND hospital = $3
                     THEN NULL ELSE proposed_profile END
             WHERE member = $1",
        )
        .bind(member.to_vec())
        .bind(profile.bytes().to_vec())
        .bind(*hospital)
        .bind(status_code(Status::Active)),
        RegistryEvent::Refused { member, reason } => sqlx::query(
            "UPDATE member SET status = $2, reason = $3,
                 proposed_profile = NULL, proposed_hospital = NULL, proposed_time = NULL
             WHERE member = $1",
        )
        .bind(member.to_vec())
        .bind(status_code(Status::Refused))
        .bind(*reason),
        RegistryEvent::Suspended { member, reason } => {
            sqlx::query("UPDATE member SET status = $2, reason = $3 WHERE member = $1")
                .bind(member.to_vec())
                .bind(status_code(Status::Suspended))
                .bind(*reason)
        }
        RegistryEvent::Reinstated { member } => {
            sqlx::query("UPDATE member SET status = $2, reason = NULL WHERE member = $1")
                .bind(member.to_vec())
                .bind(status_code(Status::Active))
        }
        RegistryEvent::HospitalAdded { hospital, page } => {
            sqlx::query("INSERT INTO hospital (hospital, page, open) VALUES ($1, $2, 1)")
                .bind(*hospital)
                .bind(page.bytes().to_vec())
        }
        RegistryEvent::HospitalUpdated { hospital, page } => {
            sqlx::query("UPDATE hospital SET page = $2 WHERE hospital = $1").bind(*hospital).bind(page.bytes().to_vec())
        }
        RegistryEvent::HospitalClosed { hospital } => {
            sqlx::query("UPDATE hospital SET open = 0 WHERE hospital = $1").bind(*hospital)
        }
    };
    statement.execute(&mut **tx).await?;
    Ok(())
}

pub(super) const fn role_code(role: Role) -> u8 {
    match role {
        Role::Patient => 1,
        Role::Doctor => 2,
        Role::Lab => 3,
    }
}

pub(super) const fn status_code(status: Status) -> u8 {
    match status {
        Status::Pending => 1,
        Status::Active => 2,
        Status::Refused => 3,
        Status::Suspended => 4,
    }
}
