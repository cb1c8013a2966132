//! Blocks in the index: what was taken in and from whom, the facts the access rule needs, and what nobody needs
//! any more.

use std::collections::{BTreeSet, HashSet};

use medkey_protocol::{
    Address, Link,
    api::{Reach, RecordEntry},
    blocks::Kind,
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    Db, DbError,
    db::{self, Tx, key, number, signed},
    read,
};
use crate::{
    access::{Asked, Filed, Place, Reader},
    block::{Detail, Edge, Facts, Form, Relation},
};

/// Why a body cannot be named by a manifest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("block {0} of the body has not been sent by the author")]
    Missing(Link),
    #[error("the sizes of the body do not add up")]
    Size,
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Remembers a block before the store is asked to keep it. True when the store has it already.
pub(crate) async fn announce(db: &Db, link: Link, facts: &Facts, now: u64) -> Result<bool, DbError> {
    let mut tx = db.write().await?;
    let (scope, signin) = match &facts.detail {
        Detail::Scope(scope) => (Some(scope.bytes().to_vec()), None),
        Detail::Signin(signin) => (None, Some(signin.0.to_vec())),
        Detail::None | Detail::Filing { .. } => (None, None),
    };
    // Sent again, a block is young again.
    let row = sqlx::query(
        "INSERT INTO block (cid, form, subject, party, scope, signin, size, file_size, time, stored)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
         ON CONFLICT (cid) DO UPDATE SET time = MAX(time, excluded.time)
         RETURNING stored",
    )
    .bind(key(link))
    .bind(facts.form.code())
    .bind(facts.subject.map(|subject| subject.to_vec()))
    .bind(facts.party.map(|party| party.to_vec()))
    .bind(scope)
    .bind(signin)
    .bind(signed(facts.size))
    .bind(signed(facts.file_size))
    .bind(signed(now))
    .fetch_one(&mut *tx)
    .await?;
    let known = row.try_get::<bool, _>("stored")?;
    tx.commit().await?;
    Ok(known)
}

/// Remembers that the store has the block, what it links to, and who sent it.
pub(crate) async fn settle(db: &Db, link: Link, facts: &Facts, sender: Option<Address>) -> Result<(), DbError> {
    let cid = key(link);
    let mut tx = db.write().await?;
    sqlx::query("UPDATE block SET stored = 1 WHERE cid = $1").bind(&cid).execute(&mut *tx).await?;
    for Edge { relation, to, size } in &facts.edges {
        sqlx::query("INSERT INTO link (parent, relation, child, size) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(&cid)
            .bind(*relation as u8)
            .bind(key(*to))
            .bind(signed(*size))
            .execute(&mut *tx)
            .await?;
    }
    if let (Detail::Filing { folder, record }, Some(chart), Some(author)) = (&facts.detail, facts.subject, facts.party)
    {
        sqlx::query(
            "INSERT INTO manifest (cid, chart, author, folder, record) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(&cid)
        .bind(chart.as_slice())
        .bind(author.as_slice())
        .bind(folder.bytes().as_slice())
        .bind(record.bytes().as_slice())
        .execute(&mut *tx)
        .await?;
    }
    if let Some(sender) = sender {
        sqlx::query("INSERT INTO sent (cid, member) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&cid)
            .bind(sender.as_slice())
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Checks that `sender` sent every block of this body and that its sizes add up, and makes all of it young again.
pub(crate) async fn check_sent_body(db: &Db, body: &Edge, sender: Address, now: u64) -> Result<(), BodyError> {
    let mut tx = db.read().await?;
    let mut seen: HashSet<Link> = HashSet::from([body.to]);
    let mut open = vec![*body];
    while let Some(edge) = open.pop() {
        let row = sqlx::query(
            "SELECT b.file_size, b.form FROM block b JOIN sent s ON s.cid = b.cid AND s.member = $2
             WHERE b.cid = $1 AND b.stored = 1",
        )
        .bind(key(edge.to))
        .bind(sender.as_slice())
        .fetch_optional(&mut *tx)
        .await
        .map_err(DbError::from)?
        .ok_or(BodyError::Missing(edge.to))?;
        if number(&row, "file_size")? != edge.size {
            return Err(BodyError::Size);
        }
        if form_of(&row)? == Form::Leaf {
            continue;
        }
        for part in parts(&mut tx, edge.to).await? {
            if seen.insert(part.to) {
                open.push(part);
            } else if !sizes_agree(&mut tx, &part).await? {
                return Err(BodyError::Size);
            }
        }
    }
    drop(tx);
    let mut tx = db.write().await?;
    for link in seen {
        sqlx::query("UPDATE block SET time = MAX(time, $2) WHERE cid = $1")
            .bind(key(link))
            .bind(signed(now))
            .execute(&mut *tx)
            .await
            .map_err(DbError::from)?;
    }
    tx.commit().await.map_err(DbError::from)?;
    Ok(())
}

/// Some of the blocks that the store has, in order, after this one.
pub(crate) async fn stored(db: &Db, after: Option<Link>, limit: u32) -> Result<Vec<Link>, DbError> {
    let mut tx = db.read().await?;
    let rows = sqlx::query("SELECT cid FROM block WHERE cid > $1 AND stored = 1 ORDER BY cid LIMIT $2")
        .bind(after.map(key).unwrap_or_default())
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
    rows.iter().map(|row| db::link(row, "cid")).collect()
}

async fn parts(tx: &mut Tx, node: Link) -> Result<Vec<Edge>, DbError> {
    let rows = sqlx::query("SELECT child, size FROM link WHERE parent = $1 AND relation = $2")
        .bind(key(node))
        .bind(Relation::Part as u8)
        .fetch_all(&mut **tx)
        .await?;
    let part = |row: &SqliteRow| -> Result<Edge, DbError> {
        Ok(Edge { relation: Relation::Part, to: db::link(row, "child")?, size: number(row, "size")? })
    };
    rows.iter().map(part).collect()
}

async fn sizes_agree(tx: &mut Tx, part: &Edge) -> Result<bool, DbError> {
    let row =
        sqlx::query("SELECT file_size FROM block WHERE cid = $1").bind(key(part.to)).fetch_optional(&mut **tx).await?;
    Ok(row.map(|row| number(&row, "file_size")).transpose()? == Some(part.size))
}

/// Whether a record that counts in `chart` has this body already.
pub(crate) async fn is_body_in_chart(db: &Db, body: &Edge, chart: Address) -> Result<bool, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query(
        "SELECT 1 FROM link l
         JOIN manifest f ON f.cid = l.parent AND f.chart = $2
         JOIN mention m ON m.cid = f.cid AND m.form = $5 AND m.subject = f.chart AND m.party = f.author
         WHERE l.child = $1 AND l.relation = $3 AND l.size = $4 LIMIT 1",
    )
    .bind(key(body.to))
    .bind(chart.as_slice())
    .bind(Relation::Body as u8)
    .bind(signed(body.size))
    .bind(Form::Own(Kind::Manifest).code())
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.is_some())
}

/// A block as the access rule sees it, and the member who asks for it; none when it was never taken in.
pub(crate) async fn asked(
    db: &Db,
    link: Link,
    reader: Option<(Address, Reach)>,
) -> Result<Option<(Asked, Option<Reader>)>, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query("SELECT form, subject, party, scope FROM block WHERE cid = $1 AND stored = 1")
        .bind(key(link))
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut asked = Asked {
        form: form_of(&row)?,
        subject: db::optional_address(&row, "subject")?,
        party: db::optional_address(&row, "party")?,
        scope: db::optional_id(&row, "scope")?,
        named: false,
        offered: false,
        filed: vec![],
    };
    match asked.form {
        Form::Leaf | Form::Node => {}
        Form::Own(Kind::Ring) => asked.named = is_ring_of_a_card(&mut tx, link, asked.subject).await?,
        Form::Own(_) => (asked.named, asked.offered) = mentioned(&mut tx, link).await?,
    }
    match asked.form {
        Form::Own(Kind::Manifest) => {
            asked.filed = filed(&mut tx, link, Relation::Origin).await?;
            asked.filed.extend(filed_itself(&mut tx, link).await?);
        }
        Form::Leaf | Form::Node => asked.filed = filed(&mut tx, link, Relation::Body).await?,
        Form::Own(_) => {}
    }
    let reader = match reader {
        None => None,
        Some(session) => {
            let charts = asked.filed.iter().map(|filed| filed.chart).chain(asked.subject).collect();
            reader_at_tip(&mut tx, session, charts).await?
        }
    };
    Ok(Some((asked, reader)))
}

/// A member and what it holds in these charts now.
async fn reader_at_tip(
    tx: &mut Tx,
    (member, reach): (Address, Reach),
    charts: BTreeSet<Address>,
) -> Result<Option<Reader>, DbError> {
    let Some(tip) = db::tip(tx).await? else { return Ok(None) };
    let row = sqlx::query("SELECT 1 FROM member WHERE member = $1 AND status = $2")
        .bind(member.as_slice())
        .bind(super::write::status_code(medkey_protocol::api::Status::Active))
        .fetch_optional(&mut **tx)
        .await?;
    let (mut grants, mut claims) = (Vec::new(), Vec::new());
    for chart in charts {
        grants.extend(read::grants(tx, member, chart).await?);
        claims.extend(read::claims(tx, member, chart).await?);
    }
    Ok(Some(Reader { member, reach, active: row.is_some(), grants, claims, now: tip.time }))
}

fn form_of(row: &SqliteRow) -> Result<Form, DbError> {
    Form::from_code(row.try_get("form")?).ok_or(DbError::Row("form"))
}

/// Whether an event names the block and the block is what that event calls for: an event that is no offer, an offer.
async fn mentioned(tx: &mut Tx, link: Link) -> Result<(bool, bool), DbError> {
    let row = sqlx::query(
        "SELECT COUNT(CASE WHEN m.scope IS NULL THEN 1 END) > 0 AS named, COUNT(m.scope) > 0 AS offered
         FROM block b
         JOIN mention m ON m.cid = b.cid AND m.form = b.form AND m.subject = b.subject
              AND (m.party IS NULL OR m.party = b.party) AND (m.scope IS NULL OR m.scope = b.scope)
         WHERE b.cid = $1 AND b.stored = 1",
    )
    .bind(key(link))
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.try_get("named")?, row.try_get("offered")?))
}

/// Whether a card of the ring's own member that counts names the ring, or a later ring that leads back to it.
async fn is_ring_of_a_card(tx: &mut Tx, link: Link, member: Option<Address>) -> Result<bool, DbError> {
    let Some(member) = member else { return Ok(false) };
    let row = sqlx::query(
        "WITH RECURSIVE later(cid) AS (
             SELECT $1
             UNION
             SELECT l.parent FROM later
             JOIN link l ON l.child = later.cid AND l.relation = $3
             JOIN block b ON b.cid = l.parent AND b.form = $4 AND b.subject = $2 AND b.stored = 1
         )
         SELECT 1 FROM later
         JOIN link l ON l.child = later.cid AND l.relation = $5
         JOIN block c ON c.cid = l.parent AND c.form = $6 AND c.subject = $2 AND c.stored = 1
         JOIN mention m ON m.cid = c.cid AND m.form = c.form AND m.subject = c.subject
         LIMIT 1",
    )
    .bind(key(link))
    .bind(member.as_slice())
    .bind(Relation::Previous as u8)
    .bind(Form::Own(Kind::Ring).code())
    .bind(Relation::Ring as u8)
    .bind(Form::Own(Kind::Card).code())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// The manifest itself, if an event of its own chart and author names it.
async fn filed_itself(tx: &mut Tx, link: Link) -> Result<Vec<Filed>, DbError> {
    let rows = sqlx::query(
        "SELECT f.*, EXISTS (SELECT 1 FROM record r WHERE r.chart = f.chart AND r.manifest = f.cid
                             AND r.author = f.author AND r.ended IS NULL) AS current
         FROM manifest f
         WHERE f.cid = $1 AND EXISTS (SELECT 1 FROM mention m WHERE m.cid = f.cid AND m.form = $2
                                      AND m.subject = f.chart AND m.party = f.author)",
    )
    .bind(key(link))
    .bind(Form::Own(Kind::Manifest).code())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| filed_of(row, Place::Manifest)).collect()
}

/// The manifests that name the block, or an inner node above it, as their body; or a manifest as their origin.
async fn filed(tx: &mut Tx, link: Link, relation: Relation) -> Result<Vec<Filed>, DbError> {
    let rows = sqlx::query(
        "WITH RECURSIVE above(cid) AS (
             SELECT $1
             UNION
             SELECT l.parent FROM above JOIN link l ON l.child = above.cid AND l.relation = $2
         )
         SELECT f.*, EXISTS (SELECT 1 FROM record r WHERE r.chart = f.chart AND r.manifest = f.cid
                             AND r.author = f.author AND r.ended IS NULL) AS current
         FROM above
         JOIN link l ON l.child = above.cid AND l.relation = $3
         JOIN manifest f ON f.cid = l.parent
         WHERE EXISTS (SELECT 1 FROM mention m WHERE m.cid = f.cid AND m.form = $4
                       AND m.subject = f.chart AND m.party = f.author)",
    )
    .bind(key(link))
    .bind(Relation::Part as u8)
    .bind(relation as u8)
    .bind(Form::Own(Kind::Manifest).code())
    .fetch_all(&mut **tx)
    .await?;
    let place = if relation == Relation::Origin { Place::Origin } else { Place::Body };
    let mut filed = rows.iter().map(|row| filed_of(row, place)).collect::<Result<Vec<_>, _>>()?;
    if place == Place::Origin {
        // Only a patient files anew, and only what is in the same chart.
        let chart =
            sqlx::query("SELECT chart FROM manifest WHERE cid = $1").bind(key(link)).fetch_optional(&mut **tx).await?;
        let chart = chart.map(|row| db::address(&row, "chart")).transpose()?;
        filed.retain(|filed| filed.author == filed.chart && Some(filed.chart) == chart);
    }
    Ok(filed)
}

fn filed_of(row: &SqliteRow, place: Place) -> Result<Filed, DbError> {
    Ok(Filed {
        chart: db::address(row, "chart")?,
        author: db::address(row, "author")?,
        folder: db::id(row, "folder")?,
        record: db::id(row, "record")?,
        current: row.try_get("current")?,
        place,
    })
}

/// Current records of a chart, oldest first, and the member who asks.
pub(crate) async fn records(
    db: &Db,
    chart: Address,
    session: (Address, Reach),
    after: u64,
) -> Result<Option<(medkey_protocol::api::Tip, Reader, Vec<(RecordEntry, Filed)>)>, DbError> {
    let mut tx = db.read().await?;
    let Some(at) = db::tip(&mut tx).await? else { return Ok(None) };
    let Some(reader) = reader_at_tip(&mut tx, session, BTreeSet::from([chart])).await? else { return Ok(None) };
    let rows = sqlx::query(
        "SELECT f.*, r.added, 1 AS current FROM record r
         JOIN manifest f ON f.cid = r.manifest AND f.chart = r.chart AND f.author = r.author
         WHERE r.chart = $1 AND r.added > $2 AND r.ended IS NULL ORDER BY r.added",
    )
    .bind(chart.as_slice())
    .bind(signed(after))
    .fetch_all(&mut *tx)
    .await?;
    let record = |row: &SqliteRow| -> Result<(RecordEntry, Filed), DbError> {
        let filed = filed_of(row, Place::Manifest)?;
        let entry = RecordEntry {
            seq: number(row, "added")?,
            manifest: db::link(row, "cid")?.digest(),
            scopes: [filed.folder.into(), filed.record.into()],
        };
        Ok((entry, filed))
    };
    Ok(Some((at, reader, rows.iter().map(record).collect::<Result<_, _>>()?)))
}

/// Blocks older than `before` that no event refers to, directly or by links; at most `limit`.
///
/// A link counts only where the block it leads to is what its place calls for, and its own member's.
pub(crate) async fn abandoned(db: &Db, before: u64, limit: u32) -> Result<Vec<Link>, DbError> {
    let mut tx = db.read().await?;
    let rows = sqlx::query(
        "WITH RECURSIVE kept(cid) AS (
             SELECT b.cid FROM block b
             JOIN mention m ON m.cid = b.cid AND m.form = b.form AND m.subject = b.subject
                  AND (m.party IS NULL OR m.party = b.party) AND (m.scope IS NULL OR m.scope = b.scope)
             UNION
             SELECT c.cid FROM kept
             JOIN link l ON l.parent = kept.cid
             JOIN block p ON p.cid = l.parent
             JOIN block c ON c.cid = l.child
             WHERE l.relation IN ($3, $4)
                OR (c.subject = p.subject AND c.form = CASE l.relation
                        WHEN $5 THEN $6 WHEN $7 THEN $6 WHEN $8 THEN $9
                        WHEN $10 THEN CASE WHEN p.party = p.subject THEN $11 END END)
         )
         SELECT cid FROM block WHERE time < $1 AND cid NOT IN (SELECT cid FROM kept) ORDER BY time LIMIT $2",
    )
    .bind(signed(before))
    .bind(limit)
    .bind(Relation::Body as u8)
    .bind(Relation::Part as u8)
    .bind(Relation::Ring as u8)
    .bind(Form::Own(Kind::Ring).code())
    .bind(Relation::Previous as u8)
    .bind(Relation::Slot as u8)
    .bind(Form::Own(Kind::Slot).code())
    .bind(Relation::Origin as u8)
    .bind(Form::Own(Kind::Manifest).code())
    .fetch_all(&mut *tx)
    .await?;
    rows.iter().map(|row| db::link(row, "cid")).collect()
}

/// Gives up those of these blocks that are still older than `before`: from here on they are as if never sent, until
/// the store has forgotten them.
pub(crate) async fn give_up(db: &Db, links: &[Link], before: u64) -> Result<Vec<Link>, DbError> {
    let mut given_up = Vec::new();
    let mut tx = db.write().await?;
    for link in links {
        let done = sqlx::query("UPDATE block SET stored = 0 WHERE cid = $1 AND time < $2")
            .bind(key(*link))
            .bind(signed(before))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() > 0 {
            given_up.push(*link);
        }
    }
    tx.commit().await?;
    Ok(given_up)
}

/// Forgets that these blocks were ever sent.
pub(crate) async fn forget(db: &Db, links: &[Link]) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    for link in links {
        let cid = key(*link);
        for statement in [
            "DELETE FROM block WHERE cid = $1",
            "DELETE FROM link WHERE parent = $1",
            "DELETE FROM manifest WHERE cid = $1",
            "DELETE FROM sent WHERE cid = $1",
        ] {
            sqlx::query(statement).bind(&cid).execute(&mut *tx).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
