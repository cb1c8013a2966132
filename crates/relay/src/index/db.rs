//! The database behind the index: SQLite, one writer and many readers.
//!
//! All SQL stands in this folder. What is written in one transaction is seen whole or not at all; an answer and the
//! block it holds at are read in one snapshot.

use std::path::Path;

use medkey_protocol::{Address, B256, Deployment, Link, api::Tip, ids::Cid};
use sqlx::{
    Row, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

const SCHEMA: &str = include_str!("schema.sql");
const SCHEMA_VERSION: i64 = 3;

/// Why the index cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DbError {
    #[error("the disk is full")]
    Full,
    #[error("the database fails: {0}")]
    Sql(#[source] sqlx::Error),
    #[error("a row of the database cannot be read: {0}")]
    Row(&'static str),
    #[error("the database was written by another version of the relay")]
    Version,
    #[error("the database follows another contract: give this one its own data directory")]
    OtherDeployment,
}

/// SQLite's code for a full disk.
const SQLITE_FULL: &str = "13";

impl From<sqlx::Error> for DbError {
    fn from(cause: sqlx::Error) -> Self {
        match &cause {
            sqlx::Error::Database(error) if error.code().is_some_and(|code| code == SQLITE_FULL) => Self::Full,
            _ => Self::Sql(cause),
        }
    }
}

/// The database.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    readers: SqlitePool,
    writer: SqlitePool,
}

pub(crate) type Tx = Transaction<'static, Sqlite>;

impl Db {
    /// Opens the database in `file`, making it where it is missing, for one deployment for ever.
    pub(crate) async fn open(file: &Path, deployment: &Deployment) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer that something was kept must outlive a crash of the machine.
            .synchronous(SqliteSynchronous::Full);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let version: i64 = sqlx::query("PRAGMA user_version").fetch_one(&writer).await?.get(0);
        match version {
            // The one before had all but the notebooks.
            0 | 2 => {
                sqlx::raw_sql(SCHEMA).execute(&writer).await?;
                sqlx::raw_sql("PRAGMA user_version = 3").execute(&writer).await?;
            }
            SCHEMA_VERSION => {}
            _ => return Err(DbError::Version),
        }
        let readers = SqlitePoolOptions::new().max_connections(8).connect_with(options.read_only(true)).await?;
        let db = Self { readers, writer };
        db.claim(deployment).await?;
        Ok(db)
    }

    async fn claim(&self, deployment: &Deployment) -> Result<(), DbError> {
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT chain, contract, block FROM deployment").fetch_optional(&mut *tx).await?;
        match row {
            None => {
                sqlx::query("INSERT INTO deployment (chain, contract, block) VALUES ($1, $2, $3)")
                    .bind(signed(deployment.chain))
                    .bind(deployment.contract.as_slice())
                    .bind(signed(deployment.block))
                    .execute(&mut *tx)
                    .await?;
                tx.commit().await?;
                Ok(())
            }
            Some(row) => {
                let same = number(&row, "chain")? == deployment.chain
                    && address(&row, "contract")? == deployment.contract
                    && number(&row, "block")? == deployment.block;
                if same { Ok(()) } else { Err(DbError::OtherDeployment) }
            }
        }
    }

    /// A snapshot to read from.
    pub(crate) async fn read(&self) -> Result<Tx, DbError> {
        Ok(self.readers.begin().await?)
    }

    /// The one transaction that may write now.
    pub(crate) async fn write(&self) -> Result<Tx, DbError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The newest block that was followed.
pub(crate) async fn tip(tx: &mut Tx) -> Result<Option<Tip>, DbError> {
    let row = sqlx::query("SELECT number, hash, time FROM chain ORDER BY number DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| tip_of(&row)).transpose()
}

pub(crate) fn tip_of(row: &SqliteRow) -> Result<Tip, DbError> {
    Ok(Tip { block: number(row, "number")?, hash: word(row, "hash")?, time: number(row, "time")? })
}

/// SQLite has no unsigned numbers; what is larger than its largest can only mean "never".
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn number(row: &SqliteRow, column: &'static str) -> Result<u64, DbError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| DbError::Row(column))
}

pub(crate) fn optional_number(row: &SqliteRow, column: &'static str) -> Result<Option<u64>, DbError> {
    let value = row.try_get::<Option<i64>, _>(column)?;
    value.map(|value| u64::try_from(value).map_err(|_| DbError::Row(column))).transpose()
}

fn fixed<const N: usize>(row: &SqliteRow, column: &'static str) -> Result<[u8; N], DbError> {
    row.try_get::<Vec<u8>, _>(column)?.try_into().map_err(|_| DbError::Row(column))
}

fn optional_fixed<const N: usize>(row: &SqliteRow, column: &'static str) -> Result<Option<[u8; N]>, DbError> {
    let bytes = row.try_get::<Option<Vec<u8>>, _>(column)?;
    bytes.map(|bytes| bytes.try_into().map_err(|_| DbError::Row(column))).transpose()
}

pub(crate) fn address(row: &SqliteRow, column: &'static str) -> Result<Address, DbError> {
    fixed(row, column).map(Address::new)
}

pub(crate) fn optional_address(row: &SqliteRow, column: &'static str) -> Result<Option<Address>, DbError> {
    Ok(optional_fixed(row, column)?.map(Address::new))
}

pub(crate) fn word(row: &SqliteRow, column: &'static str) -> Result<B256, DbError> {
    fixed(row, column).map(B256::new)
}

pub(crate) fn id<I: From<[u8; 32]>>(row: &SqliteRow, column: &'static str) -> Result<I, DbError> {
    fixed(row, column).map(I::from)
}

pub(crate) fn optional_id<I: From<[u8; 32]>>(row: &SqliteRow, column: &'static str) -> Result<Option<I>, DbError> {
    Ok(optional_fixed(row, column)?.map(I::from))
}

pub(crate) fn link(row: &SqliteRow, column: &'static str) -> Result<Link, DbError> {
    let cid = Cid::try_from(row.try_get::<Vec<u8>, _>(column)?).map_err(|_| DbError::Row(column))?;
    Link::from_cid(cid).map_err(|_| DbError::Row(column))
}

/// The bytes a block is kept under.
pub(crate) fn key(link: Link) -> Vec<u8> {
    link.cid().to_bytes()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn a_database_without_notebooks_is_given_them() {
        let data = TempDir::new().unwrap();
        let file = data.path().join("index.sqlite");
        let at = Deployment { chain: 1, contract: Address::repeat_byte(2), block: 3 };
        let db = Db::open(&file, &at).await.unwrap();
        let old = "DROP TABLE notebook; PRAGMA user_version = 2";
        sqlx::raw_sql(old).execute(&db.writer).await.unwrap();
        db.close().await;
        let db = Db::open(&file, &at).await.unwrap();
        sqlx::query("SELECT block FROM notebook").fetch_optional(&db.readers).await.unwrap();
        sqlx::raw_sql("PRAGMA user_version = 1").execute(&db.writer).await.unwrap();
        db.close().await;
        assert!(matches!(Db::open(&file, &at).await, Err(DbError::Version)));
    }
}
