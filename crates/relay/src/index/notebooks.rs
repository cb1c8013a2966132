//! Members' notebooks: one block each, which nobody else is handed and no event names.

use medkey_protocol::Address;
use sqlx::Row;

use super::{Db, DbError, db::signed};

/// The notebook of a member.
pub(crate) async fn find(db: &Db, member: Address) -> Result<Option<Vec<u8>>, DbError> {
    let row = sqlx::query("SELECT block FROM notebook WHERE member = $1")
        .bind(member.as_slice())
        .fetch_optional(&mut *db.read().await?)
        .await?;
    Ok(row.map(|row| row.try_get("block")).transpose()?)
}

/// Puts a notebook in the place of the kept one; false when that has this counter or a higher one.
pub(crate) async fn replace(db: &Db, member: Address, counter: u64, block: &[u8]) -> Result<bool, DbError> {
    let mut tx = db.write().await?;
    let written = sqlx::query(
        "INSERT INTO notebook (member, counter, block) VALUES ($1, $2, $3)
         ON CONFLICT (member) DO UPDATE SET counter = excluded.counter, block = excluded.block
         WHERE excluded.counter > notebook.counter",
    )
    .bind(member.as_slice())
    .bind(signed(counter))
    .bind(block)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(written.rows_affected() > 0)
}
