//! One error for every request: its status, its code, one sentence. The cause is logged once and never sent.

use axum::{
    Json,
    extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use medkey_protocol::{
    Link,
    api::{ErrorBody, ErrorCode},
    ids::Octets,
};
use tracing::error;

use crate::{
    block::NotABlock,
    index::{DbError, blocks::BodyError},
    store::StoreError,
};

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("this is not a request that the relay understands: {0}")]
    BadRequest(String),
    #[error("the bytes do not have this CID: send them again")]
    WrongHash,
    #[error("{0}")]
    NotABlock(#[from] NotABlock),
    #[error("the block is not this sender's to send")]
    NotYours,
    #[error("block {0} of the body has not been sent by you: send it, then this one again")]
    MissingBlock(Link),
    #[error("the sizes of the body do not add up to what the manifest says")]
    WrongSize,
    #[error("a newer one is kept: read it, and write again")]
    Outdated,
    #[error("this is larger than the relay takes")]
    TooLarge,
    #[error("the quota for today is used up: try again tomorrow")]
    Quota,
    #[error("too many requests: wait a moment")]
    RateLimited,
    #[error("there is no such session, or it has ended: sign in again")]
    NoSession,
    #[error("the signature is not this member's, or the challenge is no longer good: ask for a new one")]
    WrongProof,
    #[error("no access: there is no live grant, or no access was logged within a day")]
    NoAccess,
    #[error("there is no such thing here")]
    NotFound,
    #[error("the contract would refuse this")]
    Refused(Vec<u8>),
    #[error("this is more than the relay pays for at once: pay for it yourself, or do it in parts")]
    TooMuch,
    #[error("the relay's disk is full and nothing was kept: try again later")]
    StoreFull,
    #[error("the relay is not ready: {0}")]
    Unavailable(&'static str),
    #[error("the relay failed; the cause is in its log")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    fn code(&self) -> (StatusCode, ErrorCode) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, ErrorCode::BadRequest),
            Self::WrongHash => (StatusCode::BAD_REQUEST, ErrorCode::WrongHash),
            Self::NotABlock(_) | Self::NotYours | Self::WrongSize => {
                (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::WrongBlock)
            }
            Self::MissingBlock(_) => (StatusCode::CONFLICT, ErrorCode::MissingBlock),
            Self::Outdated => (StatusCode::CONFLICT, ErrorCode::Outdated),
            Self::TooLarge | Self::TooMuch => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge),
            Self::Quota => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::Quota),
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited),
            Self::NoSession => (StatusCode::UNAUTHORIZED, ErrorCode::NoSession),
            Self::WrongProof => (StatusCode::UNAUTHORIZED, ErrorCode::WrongProof),
            Self::NoAccess => (StatusCode::FORBIDDEN, ErrorCode::NoAccess),
            Self::NotFound => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            Self::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Refused),
            Self::StoreFull => (StatusCode::INSUFFICIENT_STORAGE, ErrorCode::StoreFull),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            error!(%cause, "a request failed");
        }
        let (status, code) = self.code();
        let message = self.to_string();
        let data = if let Self::Refused(data) = self { Some(Octets(data)) } else { None };
        (status, Json(ErrorBody { code, message, data })).into_response()
    }
}

impl From<DbError> for Error {
    fn from(cause: DbError) -> Self {
        match cause {
            DbError::Full => Self::StoreFull,
            cause => Self::Internal(cause.into()),
        }
    }
}

impl From<StoreError> for Error {
    fn from(cause: StoreError) -> Self {
        match cause {
            StoreError::Full => Self::StoreFull,
            cause => Self::Internal(cause.into()),
        }
    }
}

impl From<BodyError> for Error {
    fn from(cause: BodyError) -> Self {
        match cause {
            BodyError::Missing(link) => Self::MissingBlock(link),
            BodyError::Size => Self::WrongSize,
            BodyError::Db(cause) => cause.into(),
        }
    }
}

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

impl From<BytesRejection> for Error {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::BadRequest(rejection.body_text())
        }
    }
}
