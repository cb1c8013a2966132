//! Challenges and sessions: a member proves itself with its sign-in key or with its wallet.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use alloy::primitives::Signature;
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{Method, StatusCode, request::Parts},
};
use ed25519_dalek::VerifyingKey;
use medkey_protocol::{
    Address,
    api::{Challenge, ChallengeRequest, Proof, Reach, Session, SessionRequest, paths},
    ids::Fixed,
    login::{Nonce, key_bytes, wallet_text},
};

use super::{Api, Peer, Relay, token, token_hash, unix_now};
use crate::{
    error::Error,
    index::sessions::{self, Opener},
};

/// How long a challenge is good.
const CHALLENGE_LIFE: Duration = Duration::from_secs(5 * 60);
/// How long a session lasts, in seconds.
const SESSION_LIFE: u64 = 12 * 60 * 60;
/// Challenges that wait for an answer at most.
const CHALLENGES: usize = 50_000;

pub(super) fn router() -> Api {
    Api::default().on(Method::POST, paths::CHALLENGES, challenge).on(Method::POST, paths::SESSIONS, open).on(
        Method::DELETE,
        paths::SESSIONS,
        close,
    )
}

/// Challenges that wait for an answer. Each is good for one attempt.
#[derive(Debug, Default)]
pub(crate) struct Challenges {
    waiting: Mutex<HashMap<Nonce, Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    member: Address,
    issued: Instant,
    issued_at: String,
}

impl Challenges {
    fn issue(&self, member: Address, now: Instant) -> Result<(Nonce, String), Error> {
        let nonce = random()?;
        let issued_at = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= CHALLENGES {
            waiting.retain(|_, waiting| now.saturating_duration_since(waiting.issued) < CHALLENGE_LIFE);
        }
        if waiting.len() >= CHALLENGES {
            return Err(Error::RateLimited);
        }
        waiting.insert(nonce, Waiting { member, issued: now, issued_at: issued_at.clone() });
        Ok((nonce, issued_at))
    }

    /// The time of issue of a fresh challenge to this member, which is used up by this.
    fn redeem(&self, nonce: &Nonce, member: Address, now: Instant) -> Option<String> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(nonce)?;
        let fresh = now.saturating_duration_since(waiting.issued) < CHALLENGE_LIFE;
        (fresh && waiting.member == member).then_some(waiting.issued_at)
    }
}

fn random() -> Result<Fixed<32>, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(Fixed(bytes))
}

async fn challenge(
    State(relay): State<Arc<Relay>>,
    Peer(peer): Peer,
    body: Result<Json<ChallengeRequest>, JsonRejection>,
) -> Result<Json<Challenge>, Error> {
    let Json(ChallengeRequest { member }) = body?;
    relay.limits.sign_in(peer)?;
    let (nonce, issued_at) = relay.challenges.issue(member, Instant::now())?;
    let origin = relay.config.origin.clone();
    Ok(Json(Challenge { nonce, issued_at, domain: origin.domain, uri: origin.uri }))
}

async fn open(
    State(relay): State<Arc<Relay>>,
    Peer(peer): Peer,
    body: Result<Json<SessionRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<Session>), Error> {
    let Json(SessionRequest { member, nonce, proof }) = body?;
    relay.limits.sign_in(peer)?;
    let issued_at = relay.challenges.redeem(&nonce, member, Instant::now()).ok_or(Error::WrongProof)?;
    let openers = sessions::openers(&relay.db, member).await?.ok_or(Error::NotFound)?;
    let deployment = relay.config.deployment();
    let (reach, opener) = match proof {
        Proof::Key { signature } => {
            let key = openers.key.ok_or(Error::WrongProof)?;
            let verifier = VerifyingKey::from_bytes(&key.0).map_err(|_| Error::WrongProof)?;
            let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
            verifier
                .verify_strict(&key_bytes(member, &deployment, &nonce), &signature)
                .map_err(|_| Error::WrongProof)?;
            (Reach::Full, Opener::Key(key))
        }
        Proof::Wallet { signature } => {
            let origin = &relay.config.origin;
            let account = openers.wallet;
            let text = wallet_text(&origin.domain, &origin.uri, account, &deployment, &nonce, &issued_at);
            let signature = Signature::from_raw(&signature.0).map_err(|_| Error::WrongProof)?;
            let signer = signature.recover_address_from_msg(text).map_err(|_| Error::WrongProof)?;
            if signer != account {
                return Err(Error::WrongProof);
            }
            (Reach::Slots, Opener::Wallet(account))
        }
    };
    let token = random()?;
    let now = unix_now();
    let expires = now + SESSION_LIFE;
    sessions::open(&relay.db, &token_hash(&token), member, opener, expires, now).await?;
    Ok((StatusCode::CREATED, Json(Session { token, reach, expires })))
}

async fn close(State(relay): State<Arc<Relay>>, parts: Parts) -> Result<StatusCode, Error> {
    let token = token(&parts)?.ok_or(Error::NoSession)?;
    sessions::close(&relay.db, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_good_once_and_for_five_minutes() {
        let challenges = Challenges::default();
        let (me, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let start = Instant::now();
        let fresh = |at| challenges.issue(me, at).unwrap().0;

        let nonce = fresh(start);
        assert!(challenges.redeem(&nonce, me, start).is_some());
        assert!(challenges.redeem(&nonce, me, start).is_none(), "used up");
        let nonce = fresh(start);
        assert!(challenges.redeem(&nonce, other, start).is_none(), "issued to another");
        assert!(challenges.redeem(&nonce, me, start).is_none(), "used up by the attempt");
        let nonce = fresh(start);
        assert!(challenges.redeem(&nonce, me, start + CHALLENGE_LIFE).is_none(), "too old");
    }
}
