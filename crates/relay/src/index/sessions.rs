//! Sessions and the relay's words: what the relay itself remembers of those who come.

use medkey_protocol::{Address, Link, Scope, api::Reach, ids::Fixed};

use super::{
    Db, DbError,
    db::{self, Tx, key, signed},
    read,
};

/// What opened a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opener {
    /// The sign-in key of the member's card.
    Key(Fixed<32>),
    /// The wallet of the account that acts for the member.
    Wallet(Address),
}

/// What can open a session of a member now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Openers {
    /// The sign-in key in the current card; none while that card has not been left here.
    pub(crate) key: Option<Fixed<32>>,
    /// The account that acts for the member.
    pub(crate) wallet: Address,
}

/// What can open a session of this member now; none for who is no member.
pub(crate) async fn openers(db: &Db, member: Address) -> Result<Option<Openers>, DbError> {
    openers_at_tip(&mut db.read().await?, member).await
}

async fn openers_at_tip(tx: &mut Tx, member: Address) -> Result<Option<Openers>, DbError> {
    let row = sqlx::query("SELECT card FROM member WHERE member = $1")
        .bind(member.as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let card: medkey_protocol::Digest = db::id(&row, "card")?;
    let row = sqlx::query("SELECT signin FROM block WHERE cid = $1 AND subject = $2 AND stored = 1")
        .bind(key(card.link()))
        .bind(member.as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    let key = match row {
        Some(row) => db::optional_id::<[u8; 32]>(&row, "signin")?.map(Fixed),
        None => None,
    };
    Ok(Some(Openers { key, wallet: read::owner(tx, member).await? }))
}

/// Opens a session under the SHA-256 of its token.
pub(crate) async fn open(
    db: &Db,
    token: &[u8; 32],
    member: Address,
    opener: Opener,
    expires: u64,
    now: u64,
) -> Result<(), DbError> {
    let (signin, wallet) = match opener {
        Opener::Key(key) => (Some(key.0.to_vec()), None),
        Opener::Wallet(account) => (None, Some(account.to_vec())),
    };
    let mut tx = db.write().await?;
    sqlx::query("DELETE FROM session WHERE expires <= $1").bind(signed(now)).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO session (token, member, signin, wallet, expires) VALUES ($1, $2, $3, $4, $5)")
        .bind(token.as_slice())
        .bind(member.as_slice())
        .bind(signin)
        .bind(wallet)
        .bind(signed(expires))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Whose session this is. It ends when what opened it could not open it any more: another sign-in key stands in the
/// card, the chart has moved to another account.
pub(crate) async fn find(db: &Db, token: &[u8; 32], now: u64) -> Result<Option<(Address, Reach)>, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query("SELECT member, signin, wallet FROM session WHERE token = $1 AND expires > $2")
        .bind(token.as_slice())
        .bind(signed(now))
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let member = db::address(&row, "member")?;
    let Some(openers) = openers_at_tip(&mut tx, member).await? else { return Ok(None) };
    let signin = db::optional_id::<[u8; 32]>(&row, "signin")?.map(Fixed);
    let reach = if signin.is_some() && signin == openers.key {
        Some(Reach::Full)
    } else if db::optional_address(&row, "wallet")? == Some(openers.wallet) {
        Some(Reach::Slots)
    } else {
        None
    };
    Ok(reach.map(|reach| (member, reach)))
}

/// Ends a session.
pub(crate) async fn close(db: &Db, token: &[u8; 32]) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sqlx::query("DELETE FROM session WHERE token = $1").bind(token.as_slice()).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Something the relay did with a chart's block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deed {
    pub(crate) chart: Address,
    pub(crate) member: Address,
    pub(crate) block: Link,
    pub(crate) scope: Option<Scope>,
    pub(crate) delivered: bool,
}

/// Keeps what the relay did, for the patient to see.
pub(crate) async fn keep(db: &Db, deeds: &[Deed], now: u64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    for deed in deeds {
        sqlx::query("INSERT INTO word (chart, time, member, cid, scope, delivered) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(deed.chart.as_slice())
            .bind(signed(now))
            .bind(deed.member.as_slice())
            .bind(key(deed.block))
            .bind(deed.scope.map(|scope| scope.bytes().to_vec()))
            .bind(deed.delivered)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}
