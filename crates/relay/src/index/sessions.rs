//! Sessions and the relay's words: what the relay itself remembers of those who come.

use medkey_protocol::{Address, Link, Scope, api::Reach, ids::Fixed};

use super::{
    Db, DbError,
    db::{self, key, signed},
};

/// The sign-in key in a member's current card; none while that card has not been left here.
pub(crate) async fn signin_key(db: &Db, member: Address) -> Result<Option<Fixed<32>>, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query("SELECT card FROM member WHERE member = $1")
        .bind(member.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let card: medkey_protocol::Digest = db::id(&row, "card")?;
    let row = sqlx::query("SELECT signin FROM block WHERE cid = $1 AND subject = $2 AND stored = 1")
        .bind(key(card.link()))
        .bind(member.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
    Ok(match row {
        Some(row) => db::optional_id::<[u8; 32]>(&row, "signin")?.map(Fixed),
        None => None,
    })
}

/// Opens a session under the SHA-256 of its token. `signin` is the key that opened it, none for a wallet.
pub(crate) async fn open(
    db: &Db,
    token: &[u8; 32],
    member: Address,
    signin: Option<Fixed<32>>,
    expires: u64,
    now: u64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sqlx::query("DELETE FROM session WHERE expires <= $1").bind(signed(now)).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO session (token, member, signin, expires) VALUES ($1, $2, $3, $4)")
        .bind(token.as_slice())
        .bind(member.as_slice())
        .bind(signin.map(|key| key.0.to_vec()))
        .bind(signed(expires))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Whose session this is. One that was opened by a sign-in key ends when the member's card names another.
pub(crate) async fn find(db: &Db, token: &[u8; 32], now: u64) -> Result<Option<(Address, Reach)>, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query("SELECT member, signin FROM session WHERE token = $1 AND expires > $2")
        .bind(token.as_slice())
        .bind(signed(now))
        .fetch_optional(&mut *tx)
        .await?;
    drop(tx);
    let Some(row) = row else { return Ok(None) };
    let member = db::address(&row, "member")?;
    match db::optional_id::<[u8; 32]>(&row, "signin")?.map(Fixed) {
        None => Ok(Some((member, Reach::Slots))),
        Some(key) => Ok((signin_key(db, member).await? == Some(key)).then_some((member, Reach::Full))),
    }
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
