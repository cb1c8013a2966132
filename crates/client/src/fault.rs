//! What can go wrong in any act, as sentences that say what to do.

use medkey_crypto::{OpenError, SealError};
use medkey_protocol::{
    Address, B256, SolInterface,
    api::ErrorCode,
    blocks::BlockError,
    contract::{IActs::IActsErrors, ICharts::IChartsErrors, IMembers::IMembersErrors},
};

use crate::{
    claim_offer::ClosedOffer,
    folders::FolderError,
    ports::{DeviceError, Disconnected, SourceError, WalletError},
};

/// The server said something that the chain or a hash disproves. Nothing it says is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lie {
    /// It follows another contract or chain than the app was built for.
    #[error(
        "The server belongs to another Medkey than this app. Do not enter anything here; check the address of this page."
    )]
    Deployment,
    /// A chart's entries do not fold to its head.
    #[error("This list does not match the chain: entries were hidden, changed or added. Nothing from it is shown.")]
    Chart,
    /// A member's card is not the one on chain.
    #[error("The keys the server showed for this person are not the ones on the chain. Nothing was shared.")]
    Card,
    /// A verified profile or hospital page is not the one on chain.
    #[error("The profile the server showed is not the one the registrar verified.")]
    Profile,
    /// A member does not stand as the directory says.
    #[error("The server lists somebody otherwise than the chain does. Do not rely on its list.")]
    Member,
    /// A block's bytes are not the ones its name says.
    #[error("A file from the server was changed on the way. It was not opened.")]
    Block,
    /// A block is genuine but belongs elsewhere.
    #[error("The server handed out something that belongs to another place. It was not used.")]
    Place,
    /// A notebook that is older than the one this device has seen, or not the member's.
    #[error("The server does not show your notebook as you last left it. What it shows was not used.")]
    Notebook,
    /// The transaction it named did not do what was signed.
    #[error("The server named a transaction that did not do what you signed. Nothing was changed by it.")]
    Payment,
}

/// Why the relay said no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The connection broke.
    #[error(transparent)]
    Disconnected(#[from] Disconnected),
    /// It refused, with its code.
    #[error("{message}")]
    Refused {
        /// Why.
        code: ErrorCode,
        /// Its sentence.
        message: String,
    },
    /// The contract would refuse what it was to send; the contract's error data.
    #[error("The contract refused this.")]
    Reverted(Vec<u8>),
    /// It has not followed the chain far enough.
    #[error("The server has not caught up with the chain yet. Nothing was changed; try again in a moment.")]
    Behind,
    /// It answered what is no answer.
    #[error("The server gave an answer that Medkey does not understand. Try again; if it stays, tell who runs it.")]
    Nonsense,
}

impl RelayError {
    /// The code of a refusal.
    pub fn code(&self) -> Option<ErrorCode> {
        if let Self::Refused { code, .. } = self { Some(*code) } else { None }
    }
}

/// Why the contract says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Registered before.
    #[error("This account is registered already. Unlock it instead.")]
    AlreadyRegistered,
    /// Not a member.
    #[error("This account is not registered with Medkey.")]
    NotRegistered,
    /// The role or status does not allow it.
    #[error("This account may not do that at present.")]
    NotAllowed,
    /// The card changed on another device meanwhile.
    #[error("Your keys were changed on another device meanwhile. They have been read again; try once more.")]
    CardChanged,
    /// The patient's card changed meanwhile.
    #[error("The patient's keys changed meanwhile.")]
    PatientCardChanged,
    /// Only the registrar may.
    #[error("Only the registrar can do that.")]
    NotRegistrar,
    /// Hospital unknown or closed.
    #[error("That hospital is not known or is closed.")]
    Hospital,
    /// Not the patient's account.
    #[error("Only the patient can do that.")]
    NotPatient,
    /// No such chart.
    #[error("There is no patient with this address.")]
    NoChart,
    /// The other party is not verified.
    #[error("This doctor or laboratory is not verified at present.")]
    NotVerified,
    /// Blocked by the patient.
    #[error("The patient does not take records from this account.")]
    Blocked,
    /// No live grant.
    #[error("The patient's permission has ended or was revoked.")]
    NoLiveGrant,
    /// The end lies in the past.
    #[error("The end of the permission lies in the past.")]
    ExpiryPassed,
    /// The offer is not there, has ended, is used up or was withdrawn.
    #[error("This offer has ended. Ask the patient for a new code.")]
    NoLiveOffer,
    /// The offer was claimed by this member before.
    #[error("You have used this offer already. Ask the patient for a new code if it has ended.")]
    AlreadyClaimed,
    /// The signature is not by the recovery code's or the offer's key.
    #[error("This code does not belong to this chart, or is not the newest one.")]
    WrongCode,
    /// The account is a member, or has acted for a chart.
    #[error("This account is in use already. Move your record to a new account.")]
    AccountTaken,
    /// No such move waits.
    #[error("No move of this record to this account is waiting.")]
    NoMove,
    /// The waiting period is not over.
    #[error("The waiting period is not over yet.")]
    MoveTooEarly,
    /// The chart moved to another account.
    #[error("This record has moved to another account. Connect that one.")]
    MovedAway,
    /// What was signed is too old, or was signed twice.
    #[error("What you signed is out of date. Nothing was changed; try again.")]
    OldSignature,
    /// Anything else.
    #[error("The contract refused this.")]
    Other,
}

impl Refusal {
    /// Reads the error data of a reverted call.
    pub fn decode(data: &[u8]) -> Self {
        if let Ok(error) = IChartsErrors::abi_decode(data) {
            return match error {
                IChartsErrors::NotPatient(_) => Self::NotPatient,
                IChartsErrors::NoChart(_) => Self::NoChart,
                IChartsErrors::NotVerified(_) => Self::NotVerified,
                IChartsErrors::AuthorIsBlocked(_) => Self::Blocked,
                IChartsErrors::PatientCardChanged(_) => Self::PatientCardChanged,
                IChartsErrors::NoLiveGrant(_) => Self::NoLiveGrant,
                IChartsErrors::ExpiryPassed(_) => Self::ExpiryPassed,
                IChartsErrors::NoLiveOffer(_) => Self::NoLiveOffer,
                IChartsErrors::AlreadyClaimed(_) => Self::AlreadyClaimed,
                IChartsErrors::WrongSignature(_) | IChartsErrors::NoRecoveryAddress(_) => Self::WrongCode,
                IChartsErrors::AccountTaken(_) => Self::AccountTaken,
                IChartsErrors::NoMove(_) => Self::NoMove,
                IChartsErrors::MoveTooEarly(_) => Self::MoveTooEarly,
                IChartsErrors::ZeroDigest(_) | IChartsErrors::EmptyOffer(_) | IChartsErrors::OfferExists(_) => {
                    Self::Other
                }
            };
        }
        if let Ok(error) = IActsErrors::abi_decode(data) {
            return match error {
                IActsErrors::DeadlinePassed(_) | IActsErrors::WrongNonce(_) | IActsErrors::NotSignedBy(_) => {
                    Self::OldSignature
                }
                IActsErrors::NotAnAct(_) => Self::Other,
            };
        }
        match IMembersErrors::abi_decode(data) {
            Ok(IMembersErrors::AlreadyRegistered(_)) => Self::AlreadyRegistered,
            Ok(IMembersErrors::NotRegistered(_)) => Self::NotRegistered,
            Ok(IMembersErrors::WrongRole(_) | IMembersErrors::WrongStatus(_)) => Self::NotAllowed,
            Ok(IMembersErrors::ChartMovedAway(_)) => Self::MovedAway,
            Ok(IMembersErrors::CardChanged(_)) => Self::CardChanged,
            Ok(IMembersErrors::NotRegistrar(_) | IMembersErrors::NotProposed(_)) => Self::NotRegistrar,
            Ok(IMembersErrors::NoHospital(_) | IMembersErrors::HospitalIsClosed(_)) => Self::Hospital,
            Ok(IMembersErrors::ZeroValue(_)) | Err(_) => Self::Other,
        }
    }
}

/// Whose chart the contract means where it refuses an act in one of several.
pub(crate) fn refused_chart(data: &[u8]) -> Option<Address> {
    match IChartsErrors::abi_decode(data).ok()? {
        IChartsErrors::NoChart(error) => Some(error.chart),
        IChartsErrors::AuthorIsBlocked(error) => Some(error.chart),
        IChartsErrors::PatientCardChanged(error) => Some(error.chart),
        _ => None,
    }
}

/// What can go wrong in any act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The wallet.
    #[error(transparent)]
    Wallet(WalletError),
    /// The relay.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The contract.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A lie was caught.
    #[error(transparent)]
    Lie(#[from] Lie),
    /// The file could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The device keeps nothing.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Included, but without effect.
    #[error("The transaction was included but had no effect. Nothing was changed.")]
    Failed(B256),
    /// Another transaction was included in its place.
    #[error("You cancelled this in the wallet after it was sent. Nothing was changed.")]
    Cancelled,
    /// Not seen on chain for a long time.
    #[error(
        "The transaction has not been included yet. It may still be; look at the wallet's activity before you try again."
    )]
    NotIncluded(B256),
    /// It does not open.
    #[error("This could not be opened: it is damaged, or it was not meant for you.")]
    Unreadable(#[from] OpenError),
    /// It could not be sealed.
    #[error("This could not be encrypted. Nothing was sent.")]
    Seal(#[from] SealError),
    /// A scanned code is no offer, or belongs to another Medkey.
    #[error(transparent)]
    Code(#[from] medkey_crypto::offer::QrError),
    /// A scanned code is not that of a patient's address.
    #[error(transparent)]
    NotAPatient(#[from] medkey_crypto::patient_code::QrError),
    /// A scanned code names other words than those of the patient's key.
    #[error(
        "The words of this code are not those of the patient's key any more. Ask the patient to show the code anew; if it stays so, do not go on."
    )]
    OtherWords,
    /// A scanned code opens nothing any more.
    #[error(transparent)]
    Closed(#[from] ClosedOffer),
    /// A folder cannot be as the person wants it.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A block of one's own could not be written.
    #[error("This is too long to be kept. Shorten it and try again.")]
    TooLong(BlockError),
    /// A record was replaced or removed before an act on it.
    #[error("This record was changed or removed on another device meanwhile. Look at it again; this changed nothing.")]
    RecordChanged,
    /// Somebody else wrote the record.
    #[error("Only who wrote a record can amend it. Nothing was changed.")]
    NotYours,
    /// A profile was proposed anew while the registrar looked at the one before.
    #[error("The profile changed meanwhile: look at it again. Nothing was verified.")]
    ProfileChanged,
    /// There is no such member.
    #[error("There is no Medkey member with this address.")]
    NoMember(Address),
    /// The root that is in memory has given way to a newer one.
    #[error("Your keys were renewed on another device. Lock this page and unlock it again.")]
    VaultRenewed,
    /// Nothing is shared that would show this.
    #[error("Nothing is shared with you that shows this.")]
    NoKey,
}

impl From<WalletError> for Fault {
    fn from(error: WalletError) -> Self {
        match error {
            WalletError::Reverted(data) => Self::Refused(Refusal::decode(&data)),
            other => Self::Wallet(other),
        }
    }
}

impl From<Disconnected> for Fault {
    fn from(error: Disconnected) -> Self {
        Self::Relay(error.into())
    }
}

impl From<BlockError> for Fault {
    fn from(error: BlockError) -> Self {
        Self::TooLong(error)
    }
}
