//! The two ways in which cryptography fails.

/// Something could not be opened. There is one such failure and it says no more, so that it tells an attacker nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this could not be decrypted: it was changed on the way, or it was sealed for somebody else")]
pub struct OpenError;

/// Something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More bytes than the format can hold.
    #[error("this is too long to be sealed: shorten it, or split it into several records")]
    TooLong,
    /// The pieces handed to a body do not have the length of a segment.
    #[error("a piece of the file has the wrong length: start the file again")]
    WrongPiece,
    /// The cipher refused to run (a browser without WebCrypto, say).
    #[error("the cipher failed: reload the page and try again")]
    Cipher,
    /// A text that cannot be written down.
    #[error("this text cannot be stored: remove unusual characters and try again")]
    Text,
    /// Two things that belong together name different charts, folders or keys.
    #[error("these parts belong to different charts or folders: reload and try again")]
    Mismatch,
}
