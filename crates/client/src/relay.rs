//! The relay's API as typed calls over [`Transport`]. What it answers is a claim until it is checked.

use medkey_protocol::{
    Address, Link,
    acts::SignedActs,
    api::{
        ActsSent, At, Challenge, ChallengeRequest, ChartPage, ErrorBody, ErrorCode, HealthReport, HospitalEntry,
        InboxEntry, Info, MAX_BLOCK, MAX_PAGE, MemberChange, MemberEntry, MemberQuery, Page, RecordEntry,
        RegistryCounts, Session, SessionRequest, Word, paths,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Medkey,
    fault::RelayError,
    ports::{Answer, AnswerBody, Disconnected, Method, Ports, Request, Transport},
};

const JSON: &str = "application/json";
const RAW_BLOCK: &str = "application/vnd.ipld.raw";
/// No answer in JSON is longer.
const MAX_JSON: usize = 8 << 20;

type Body<P> = <<P as Ports>::Transport as Transport>::Body;

impl<P: Ports> Medkey<P> {
    /// What the relay says of itself.
    pub(crate) async fn relay_info(&self) -> Result<Info, RelayError> {
        self.get(paths::INFO).await
    }

    pub(crate) async fn relay_challenge(&self, member: Address) -> Result<Challenge, RelayError> {
        self.post(paths::CHALLENGES, &ChallengeRequest { member }).await
    }

    pub(crate) async fn relay_session(&self, request: &SessionRequest) -> Result<Session, RelayError> {
        self.post(paths::SESSIONS, request).await
    }

    /// Has the relay send what was signed, and pay for it.
    pub(crate) async fn relay_act(&self, signed: &SignedActs) -> Result<ActsSent, RelayError> {
        self.post(paths::ACTS, signed).await
    }

    pub(crate) async fn relay_end_session(&self) -> Result<(), RelayError> {
        self.send(Method::Delete, paths::SESSIONS, JSON, &[]).await.map(drop)
    }

    pub(crate) async fn relay_member(&self, member: Address) -> Result<At<MemberEntry>, RelayError> {
        self.get(&format!("{}/{member}", paths::MEMBERS)).await
    }

    pub(crate) async fn relay_members(&self, query: &MemberQuery) -> Result<Page<MemberEntry>, RelayError> {
        let fields = [
            query.role.map(|role| ("role", word(&role))),
            query.status.map(|status| ("status", word(&status))),
            query.hospital.map(|hospital| ("hospital", hospital.to_string())),
            query.proposed.map(|proposed| ("proposed", proposed.to_string())),
            query.profiles.map(|profiles| ("profiles", profiles.to_string())),
            query.after.map(|after| ("after", after.to_string())),
            query.limit.map(|limit| ("limit", limit.to_string())),
        ];
        let query: Vec<String> = fields.into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        self.get(&format!("{}?{}", paths::MEMBERS, query.join("&"))).await
    }

    pub(crate) async fn relay_history(
        &self,
        member: Address,
        after: Option<u64>,
    ) -> Result<Page<MemberChange>, RelayError> {
        self.get(&paged(&format!("{}/{member}/history", paths::MEMBERS), after)).await
    }

    pub(crate) async fn relay_registry(&self) -> Result<At<RegistryCounts>, RelayError> {
        self.get(paths::REGISTRY).await
    }

    pub(crate) async fn relay_report(&self) -> Result<HealthReport, RelayError> {
        self.get(paths::HEALTH).await
    }

    pub(crate) async fn relay_hospitals(&self) -> Result<Page<HospitalEntry>, RelayError> {
        self.get(paths::HOSPITALS).await
    }

    pub(crate) async fn relay_entries(&self, chart: Address, after: Option<u64>) -> Result<ChartPage, RelayError> {
        self.get(&paged(&format!("{}/{chart}/entries", paths::CHARTS), after)).await
    }

    /// The records of a chart that the relay would hand this session: somebody who holds part of a chart asks so that
    /// it need not try them all.
    pub(crate) async fn relay_records(
        &self,
        chart: Address,
        after: Option<u64>,
    ) -> Result<Page<RecordEntry>, RelayError> {
        self.get(&paged(&format!("{}/{chart}/records", paths::CHARTS), after)).await
    }

    pub(crate) async fn relay_words(&self, chart: Address, after: Option<u64>) -> Result<Page<Word>, RelayError> {
        self.get(&paged(&format!("{}/{chart}/words", paths::CHARTS), after)).await
    }

    pub(crate) async fn relay_inbox(&self, after: Option<u64>) -> Result<Page<InboxEntry>, RelayError> {
        self.get(&paged(paths::INBOX, after)).await
    }

    /// The member's own notebook, not yet checked; `None` where the relay says that there is none.
    pub(crate) async fn relay_notebook(&self) -> Result<Option<Vec<u8>>, RelayError> {
        match self.send(Method::Get, paths::NOTEBOOK, RAW_BLOCK, &[]).await {
            Ok(mut body) => Ok(Some(collect(&mut body, MAX_BLOCK).await?)),
            Err(error) if error.code() == Some(ErrorCode::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts a notebook in the place of the kept one; false where that is newer.
    pub(crate) async fn relay_put_notebook(&self, bytes: &[u8]) -> Result<bool, RelayError> {
        match self.send(Method::Put, paths::NOTEBOOK, RAW_BLOCK, bytes).await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some(ErrorCode::Outdated) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Leaves a block; the relay checks that its bytes hash to the link.
    pub(crate) async fn relay_put(&self, link: Link, bytes: &[u8]) -> Result<(), RelayError> {
        self.send(Method::Put, &format!("{}/{link}", paths::BLOCKS), RAW_BLOCK, bytes).await.map(drop)
    }

    /// The bytes the relay hands out for a link, not yet checked.
    pub(crate) async fn relay_block(&self, link: Link) -> Result<Vec<u8>, RelayError> {
        let path = format!("{}/{link}?format=raw", paths::IPFS);
        let mut body = self.send(Method::Get, &path, RAW_BLOCK, &[]).await?;
        collect(&mut body, MAX_BLOCK).await
    }

    /// A file's blocks as a CAR, piece by piece, not yet checked.
    pub(crate) async fn relay_car(&self, root: Link) -> Result<Body<P>, RelayError> {
        let path = format!("{}/{root}?format=car", paths::IPFS);
        self.send(Method::Get, &path, "application/vnd.ipld.car", &[]).await
    }

    /// The stream of changes to these charts and members.
    pub(crate) async fn relay_live(&self, charts: &[Address], members: &[Address]) -> Result<Body<P>, RelayError> {
        let charts = charts.iter().map(|chart| format!("chart={chart}"));
        let members = members.iter().map(|member| format!("member={member}"));
        let query: Vec<String> = charts.chain(members).collect();
        self.send(Method::Get, &format!("{}?{}", paths::LIVE, query.join("&")), "text/event-stream", &[]).await
    }

    /// Whoever has very much to read asks for more at a time than the relay gives one visitor, and waits.
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, RelayError> {
        let mut body = self.patiently(async || self.send(Method::Get, path, JSON, &[]).await).await?;
        read_json(&mut body).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, value: &impl Serialize) -> Result<T, RelayError> {
        let bytes = serde_json::to_vec(value).map_err(|_| RelayError::Nonsense)?;
        let mut body = self.send(Method::Post, path, JSON, &bytes).await?;
        read_json(&mut body).await
    }

    /// Sends a request; where the session is missing or over and there is a key to open another, once more with it.
    async fn send(
        &self,
        method: Method,
        path: &str,
        media_type: &'static str,
        body: &[u8],
    ) -> Result<Body<P>, RelayError> {
        let opens_session = matches!(path, paths::CHALLENGES | paths::SESSIONS);
        // No block is sent only to learn that a session is needed.
        if method == Method::Put && self.session.borrow().is_none() {
            Box::pin(self.renew_session()).await?;
        }
        match self.send_once(method, path, media_type, body).await {
            Err(error) if error.code() == Some(ErrorCode::NoSession) && !opens_session => {
                if Box::pin(self.renew_session()).await? {
                    self.send_once(method, path, media_type, body).await
                } else {
                    Err(error)
                }
            }
            other => other,
        }
    }

    async fn send_once(
        &self,
        method: Method,
        path: &str,
        media_type: &'static str,
        body: &[u8],
    ) -> Result<Body<P>, RelayError> {
        let bearer = self.bearer();
        let bearer = bearer.as_deref().map(String::as_str);
        let answer = self.ports.transport().send(Request { method, path, media_type, bearer, body }).await?;
        let Answer { status, mut body } = answer;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        match read_json(&mut body).await {
            Ok(ErrorBody { code: ErrorCode::Refused, data: Some(data), .. }) => Err(RelayError::Reverted(data.0)),
            Ok(ErrorBody { code, message, .. }) => Err(RelayError::Refused { code, message }),
            // Something between here and the relay gave up on it.
            Err(RelayError::Nonsense) if matches!(status, 408 | 502..=504) => Err(Disconnected.into()),
            Err(error) => Err(error),
        }
    }
}

fn paged(path: &str, after: Option<u64>) -> String {
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    format!("{path}?limit={MAX_PAGE}{after}")
}

/// The one word that an enum without data is in JSON.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn collect(body: &mut impl AnswerBody, most: usize) -> Result<Vec<u8>, RelayError> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await? {
        if bytes.len() + piece.len() > most {
            return Err(RelayError::Nonsense);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn read_json<T: DeserializeOwned>(body: &mut impl AnswerBody) -> Result<T, RelayError> {
    let bytes = collect(body, MAX_JSON).await?;
    serde_json::from_slice(&bytes).map_err(|_| RelayError::Nonsense)
}
