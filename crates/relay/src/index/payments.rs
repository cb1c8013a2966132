//! What was paid for: the quotas of a day, and what may still be on its way.

use medkey_protocol::{Address, B256};

use super::{
    Db, DbError,
    db::{self, Tx, number, signed},
};

/// The time over which quotas are counted, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// Transactions that are paid for within a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quotas {
    pub(crate) of_one: u64,
    pub(crate) of_all: u64,
}

/// Signed acts, and the transaction that was to do them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Payment {
    pub(crate) transaction: B256,
    pub(crate) account: Address,
    /// The account's nonce at the contract.
    pub(crate) nonce: u64,
    /// What the account signed.
    pub(crate) digest: B256,
}

/// Whether one more transaction of this account is within the quotas.
pub(crate) async fn is_within(db: &Db, account: Address, quotas: Quotas, now: u64) -> Result<bool, DbError> {
    is_within_at(&mut db.read().await?, account, quotas, now).await
}

async fn is_within_at(tx: &mut Tx, account: Address, quotas: Quotas, now: u64) -> Result<bool, DbError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS of_all, COUNT(CASE account WHEN $1 THEN 1 END) AS of_one FROM payment WHERE time > $2",
    )
    .bind(account.as_slice())
    .bind(signed(now.saturating_sub(DAY)))
    .fetch_one(&mut **tx)
    .await?;
    Ok(number(&row, "of_one")? < quotas.of_one && number(&row, "of_all")? < quotas.of_all)
}

/// Counts a payment that is about to be made; false when that is not within the quotas.
pub(crate) async fn count(db: &Db, payment: &Payment, quotas: Quotas, now: u64) -> Result<bool, DbError> {
    let mut tx = db.write().await?;
    if !is_within_at(&mut tx, payment.account, quotas, now).await? {
        return Ok(false);
    }
    sqlx::query("DELETE FROM payment WHERE time <= $1").bind(signed(now.saturating_sub(DAY))).execute(&mut *tx).await?;
    // The node may have dropped this very transaction before.
    sqlx::query(
        "INSERT INTO payment (transaction_hash, account, nonce, digest, time) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (transaction_hash) DO UPDATE SET time = excluded.time",
    )
    .bind(payment.transaction.as_slice())
    .bind(payment.account.as_slice())
    .bind(signed(payment.nonce))
    .bind(payment.digest.as_slice())
    .bind(signed(now))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes a payment back that was not made.
pub(crate) async fn forget(db: &Db, payment: &Payment) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sqlx::query("DELETE FROM payment WHERE transaction_hash = $1")
        .bind(payment.transaction.as_slice())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The last payment for acts of this account with this nonce.
pub(crate) async fn last(db: &Db, account: Address, nonce: u64) -> Result<Option<Payment>, DbError> {
    let mut tx = db.read().await?;
    let row =
        sqlx::query("SELECT * FROM payment WHERE account = $1 AND nonce = $2 ORDER BY time DESC, rowid DESC LIMIT 1")
            .bind(account.as_slice())
            .bind(signed(nonce))
            .fetch_optional(&mut *tx)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let transaction = db::word(&row, "transaction_hash")?;
    Ok(Some(Payment { transaction, account, nonce, digest: db::word(&row, "digest")? }))
}
