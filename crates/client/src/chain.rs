//! Reads and transactions, always through the wallet's own provider, never through the relay.

use core::time::Duration;

use medkey_protocol::{
    Address, B256, Deployment, Digest, SolCall,
    acts::{Acts, SignedActs},
    api::ErrorCode,
    contract::{IActs, ICharts, IMembers},
    ids::Octets,
};

use crate::{
    Medkey,
    fault::{Fault, Lie, Refusal, RelayError},
    ports::{Clock, Included, Ports, ReadAt, Receipt, Wallet, WalletError},
};

/// How often a transaction is looked for.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often at most: after ten minutes the person is told to look at the wallet.
const LOOKS: usize = 1200;
/// Every so many looks also for what may have taken its place.
const LOOKS_FOR_ANOTHER: usize = 4;

/// Where an act stands, for the progress sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Encrypted and uploaded so far, in bytes of the file.
    Sealing {
        /// Bytes encrypted.
        sealed: u64,
        /// Bytes of those that the relay holds.
        stored: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The connection is lost; the act goes on by itself when it is back.
    Waiting,
    /// The wallet asks for a signature now; somebody else pays.
    Sign,
    /// The wallet asks for confirmation of a transaction now.
    Confirm,
    /// Signed and sent.
    Sent(B256),
    /// Included in this block.
    Included(u64),
}

/// Who listens to an act's steps.
pub type Progress<'a> = &'a dyn Fn(Step);

/// A block that an answer of the chain was given at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its number.
    pub block: u64,
    /// Its time in seconds.
    pub time: u64,
}

/// A chart as the chain has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartOnChain {
    /// The head of its events.
    pub head: B256,
    /// Whether there is such a patient.
    pub registered: bool,
    /// First 20 bytes of the digest of the patient's card.
    pub card: [u8; 20],
    /// The account that acts for the patient.
    pub owner: Address,
}

/// How long a signature may wait to be sent, in seconds: as long as it is looked for.
const SIGNED_FOR: u64 = 600;

/// A signature that somebody else holds: it can be sent until its deadline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outstanding {
    nonce: u64,
    deadline: u64,
}

/// Why calls were not done.
#[derive(Debug)]
pub(crate) enum Undone {
    /// The contract refuses them; its error data.
    Reverted(Vec<u8>),
    /// Anything else.
    Fault(Fault),
}

impl From<Undone> for Fault {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Reverted(data) => Refusal::decode(&data).into(),
            Undone::Fault(fault) => fault,
        }
    }
}

impl From<WalletError> for Undone {
    fn from(error: WalletError) -> Self {
        match error {
            WalletError::Reverted(data) => Self::Reverted(data),
            other => Self::Fault(other.into()),
        }
    }
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<RelayError> for Undone {
    fn from(error: RelayError) -> Self {
        Self::Fault(error.into())
    }
}

/// Somebody else pays, or the account itself.
enum Sending {
    /// The relay has sent what was signed.
    Paid { transaction: B256, signed: SignedActs },
    /// The account's own transaction, and the nonce that it made worthless.
    Own { transaction: B256, data: Vec<u8>, skipped: Option<u64> },
}

impl<P: Ports> Medkey<P> {
    /// Asks the contract through the wallet. An empty answer is an error, never "nothing there".
    async fn view<C: SolCall>(&self, call: C, at: ReadAt) -> Result<C::Return, WalletError> {
        let answer = self.ports.wallet().call(self.at.contract, call.abi_encode(), at).await?;
        if answer.is_empty() {
            return Err(WalletError::Unreachable);
        }
        C::abi_decode_returns(&answer).map_err(|_| WalletError::Unreachable)
    }

    /// A member as the chain has it.
    pub(crate) async fn view_member(
        &self,
        member: Address,
        at: ReadAt,
    ) -> Result<(IMembers::Member, Stamp), WalletError> {
        let found = self.view(IMembers::viewMemberCall { member }, at).await?;
        let stamp = stamp(&self.at, found._1.chainId, found._1.blockNumber, found._1.time)?;
        Ok((found._0, stamp))
    }

    /// A hospital as the chain has it.
    pub(crate) async fn view_hospital(&self, hospital: u32) -> Result<(IMembers::Hospital, Stamp), WalletError> {
        let found = self.view(IMembers::viewHospitalCall { hospital }, ReadAt::Newest).await?;
        let stamp = stamp(&self.at, found._1.chainId, found._1.blockNumber, found._1.time)?;
        Ok((found._0, stamp))
    }

    /// The registrar, and who is proposed for the seat.
    pub(crate) async fn view_registrar(&self) -> Result<(Address, Address, Stamp), WalletError> {
        let found = self.view(IMembers::viewRegistrarCall {}, ReadAt::Newest).await?;
        let stamp = stamp(&self.at, found._2.chainId, found._2.blockNumber, found._2.time)?;
        Ok((found.current, found.proposed, stamp))
    }

    /// A chart as the chain has it.
    pub(crate) async fn view_chart(&self, chart: Address, at: ReadAt) -> Result<(ChartOnChain, Stamp), WalletError> {
        let found = self.view(ICharts::viewChartCall { chart }, at).await?;
        let stamp = stamp(&self.at, found._1.chainId, found._1.blockNumber, found._1.time)?;
        Ok((chart_of(&found._0), stamp))
    }

    /// The move of a chart that waits, as the chain has it.
    pub(crate) async fn view_move(&self, chart: Address) -> Result<(ICharts::Move, Stamp), WalletError> {
        let found = self.view(ICharts::viewMoveCall { chart }, ReadAt::Newest).await?;
        let stamp = stamp(&self.at, found._1.chainId, found._1.blockNumber, found._1.time)?;
        Ok((found._0, stamp))
    }

    async fn view_nonce(&self, at: ReadAt) -> Result<u64, WalletError> {
        let nonce = self.view(IActs::noncesCall { account: self.account() }, at).await?;
        Ok(nonce.saturating_to())
    }

    /// Does these calls at once, all or none, and waits until they are included: by a signature where the relay pays,
    /// else by a transaction. The wallet is asked one thing at a time.
    pub(crate) async fn transact(&self, calls: Vec<Vec<u8>>, progress: Progress<'_>) -> Result<Receipt, Fault> {
        Ok(self.try_transact(calls, progress).await?)
    }

    /// The same; where the contract refuses, with what it says.
    pub(crate) async fn try_transact(&self, calls: Vec<Vec<u8>>, progress: Progress<'_>) -> Result<Receipt, Undone> {
        let turn = self.prompt.lock().await;
        let sending = match self.send_signed(&calls, progress).await? {
            Some(paid) => paid,
            None => self.send_own(calls, progress).await?,
        };
        // What is signed next counts from the nonce that this one uses.
        let _turn = matches!(sending, Sending::Paid { .. }).then_some(turn);
        let (mut transaction, data) = match &sending {
            Sending::Paid { transaction, signed } => (*transaction, signed.call()),
            Sending::Own { transaction, data, .. } => (*transaction, data.clone()),
        };
        progress(Step::Sent(transaction));
        let mut nonce = None;
        for look in 0..LOOKS {
            // A node that cannot be asked at the moment says nothing about the transaction.
            if let Ok(Some(receipt)) = self.ports.wallet().receipt(transaction).await {
                if !receipt.succeeded {
                    // What came between signing and inclusion is still in the way at that block, and says so.
                    let again = self.ports.wallet().call(self.at.contract, data, ReadAt::Block(receipt.block)).await;
                    return Err(match again {
                        Err(error @ WalletError::Reverted(_)) => error.into(),
                        _ => Fault::Failed(transaction).into(),
                    });
                }
                match &sending {
                    Sending::Paid { signed, .. } => self.check_paid(signed, receipt.block).await?,
                    Sending::Own { skipped: Some(nonce), .. } => self.nonce_used(*nonce),
                    Sending::Own { skipped: None, .. } => {}
                }
                progress(Step::Included(receipt.block));
                self.relay_reaches(receipt.block).await;
                return Ok(receipt);
            }
            if matches!(sending, Sending::Own { .. }) && look % LOOKS_FOR_ANOTHER == 0 {
                match self.another_than(transaction, &mut nonce).await {
                    Some(other) if other.transaction != transaction && other.data != data => {
                        return Err(Fault::Cancelled.into());
                    }
                    Some(same) => transaction = same.transaction,
                    None => {}
                }
            }
            self.ports.clock().wait(LOOK_EVERY).await;
        }
        Err(Fault::NotIncluded(transaction).into())
    }

    /// What took a transaction's place, if it was sped up or cancelled in the wallet. Its nonce is remembered: a node
    /// forgets what was replaced.
    async fn another_than(&self, transaction: B256, nonce: &mut Option<u64>) -> Option<Included> {
        let wallet = self.ports.wallet();
        if nonce.is_none() {
            *nonce = wallet.nonce_of(transaction).await.ok()?;
        }
        wallet.included_with((*nonce)?).await.ok()?
    }

    /// By the account's own transaction. What was signed before and may still be sent becomes worthless with it: it must
    /// not come after, and undo what is done now.
    async fn send_own(&self, mut calls: Vec<Vec<u8>>, progress: Progress<'_>) -> Result<Sending, Undone> {
        let skipped = self.outstanding_nonce().await?;
        if let Some(nonce) = skipped {
            calls.insert(0, IActs::skipNonceCall { nonce: Word::from(nonce) }.abi_encode());
        }
        let data = match (calls.pop(), calls.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                calls.extend(last);
                IActs::multicallCall { steps: calls.into_iter().map(Into::into).collect() }.abi_encode()
            }
        };
        progress(Step::Confirm);
        let transaction = self.ports.wallet().send(self.at.contract, data.clone()).await?;
        Ok(Sending::Own { transaction, data, skipped })
    }

    /// The nonce of what was signed before and may still be sent.
    async fn outstanding_nonce(&self) -> Result<Option<u64>, Fault> {
        let Some(Outstanding { nonce, deadline }) = self.outstanding.get() else { return Ok(None) };
        let (_, now) = self.view_member(self.account(), ReadAt::Newest).await?;
        let waits = now.time <= deadline && self.view_nonce(ReadAt::Newest).await? == nonce;
        Ok(waits.then_some(nonce))
    }

    fn nonce_used(&self, nonce: u64) {
        self.nonce.set(nonce + 1);
        self.outstanding.set(None);
    }

    /// Has the relay pay. `None` where it does not, or not for this: then the account pays itself.
    async fn send_signed(&self, calls: &[Vec<u8>], progress: Progress<'_>) -> Result<Option<Sending>, Undone> {
        if !self.relay_info().await.is_ok_and(|info| info.pays) {
            return Ok(None);
        }
        let (_, now) = self.view_member(self.account(), ReadAt::Newest).await?;
        let acts = Acts {
            account: self.account(),
            steps: calls.iter().cloned().map(Octets).collect(),
            // A wallet's node may lag behind what it was just told.
            nonce: self.view_nonce(ReadAt::Newest).await?.max(self.nonce.get()),
            // Blocks may be rare.
            deadline: now.time.max(self.ports.clock().now()) + SIGNED_FOR,
        };
        // The registrar's acts are its own transactions.
        let Ok(data) = acts.typed_data(&self.at) else { return Ok(None) };
        let json = serde_json::to_string(&data).map_err(|_| RelayError::Nonsense)?;
        progress(Step::Sign);
        let signature = match self.ports.wallet().sign_typed_data(&json).await {
            Ok(signature) => Octets(signature),
            Err(WalletError::Unsupported) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let signed = SignedActs { acts, signature };
        let Acts { nonce, deadline, .. } = signed.acts;
        self.outstanding.set(Some(Outstanding { nonce, deadline }));
        match self.relay_act(&signed).await {
            Ok(sent) => Ok(Some(Sending::Paid { transaction: sent.transaction, signed })),
            Err(RelayError::Reverted(data)) => Err(Undone::Reverted(data)),
            // Nothing was sent, so that paying oneself does it once.
            Err(error) if error.code().is_some_and(pays_no_more) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The transaction that the relay named did what was signed: only then has the nonce been used at that block.
    async fn check_paid(&self, signed: &SignedActs, block: u64) -> Result<(), Fault> {
        if self.view_nonce(ReadAt::Block(block)).await? <= signed.acts.nonce {
            return Err(Lie::Payment.into());
        }
        self.nonce_used(signed.acts.nonce);
        Ok(())
    }

    /// Waits until the relay's index has come to a block, so that what was just done is seen in its lists. A relay
    /// that stays behind is no error here: lists say at which block they hold.
    async fn relay_reaches(&self, block: u64) {
        const LOOKS: usize = 60;
        for _ in 0..LOOKS {
            match self.relay_info().await {
                Ok(info) if info.at.block < block => self.ports.clock().wait(LOOK_EVERY / 2).await,
                _ => return,
            }
        }
    }
}

fn chart_of(chart: &ICharts::Chart) -> ChartOnChain {
    ChartOnChain { head: chart.head, registered: chart.registered, card: chart.card.0, owner: chart.owner }
}

/// Why a relay that pays may not pay for this.
fn pays_no_more(code: ErrorCode) -> bool {
    use ErrorCode::{NotFound, Quota, RateLimited, TooLarge, Unavailable};
    matches!(code, NotFound | Quota | RateLimited | TooLarge | Unavailable)
}

type Word = medkey_protocol::U256;

fn stamp(at: &Deployment, chain: Word, block: Word, time: Word) -> Result<Stamp, WalletError> {
    if chain != Word::from(at.chain) {
        return Err(WalletError::WrongChain);
    }
    Ok(Stamp { block: block.saturating_to(), time: time.saturating_to() })
}

/// Whether the contract's 20 bytes are those of this digest.
pub(crate) fn is_current(short: &[u8; 20], digest: Digest) -> bool {
    *short == digest.short()
}
