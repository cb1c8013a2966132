//! The code a patient shows to be found by: the address, and the words of the key, so that whoever scans it need not
//! compare them by voice. It opens nothing.

use crate::{Context, qr};

const QR_NAME: &str = "MEDKEY-PATIENT";

/// Why a scanned text is not a patient's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Another kind of QR, or a damaged one.
    #[error("This is not the code of a patient's address: scan the one that the patient shows under Settings.")]
    NotAPatient,
    /// Made by a newer app.
    #[error("This code was made by a newer version of Medkey: update the app.")]
    Version,
}

/// The text of the QR; `context.subject` is the patient, `words` are those of the patient's key.
#[must_use]
pub fn qr_text(context: &Context, words: &str) -> String {
    qr::text(QR_NAME, context, &words.to_ascii_uppercase()).to_string()
}

/// Reads what [`qr_text`] wrote: whose it is, and the words.
pub fn parse_qr(text: &str) -> Result<(Context, String), QrError> {
    let (words, context) = qr::parse(QR_NAME, text).map_err(|unlike| match unlike {
        qr::Unlike::Other => QrError::NotAPatient,
        qr::Unlike::Version => QrError::Version,
    })?;
    let well_formed = words.split('-').count() == 4
        && words.bytes().all(|byte| byte == b'-' || byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !well_formed {
        return Err(QrError::NotAPatient);
    }
    Ok((context, words.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Address;

    use super::*;

    fn context() -> Context {
        Context { chain: 31337, contract: Address::repeat_byte(0xc0), subject: Address::repeat_byte(1) }
    }

    #[test]
    fn a_code_says_whose_it_is_and_which_words() {
        let text = qr_text(&context(), "finch-mosaic-robin-70");
        assert_eq!(
            text,
            format!("MEDKEY-PATIENT:1:31337:{}:{}:FINCH-MOSAIC-ROBIN-70", "C0".repeat(20), "01".repeat(20))
        );
        assert_eq!(parse_qr(&format!(" {text}\n")).unwrap(), (context(), "finch-mosaic-robin-70".to_owned()));
    }

    #[test]
    fn nothing_else_is_one() {
        let text = qr_text(&context(), "finch-mosaic-robin-70");
        for (other, why) in [
            (text.replace("PATIENT", "OFFER"), QrError::NotAPatient),
            (text.replace(":1:", ":2:"), QrError::Version),
            (text.replace("-70", ""), QrError::NotAPatient),
            (text.replace("ROBIN", "ROB:IN"), QrError::NotAPatient),
            (text.replace("ROBIN", "robin"), QrError::NotAPatient),
            (text.replace("0101", "01"), QrError::NotAPatient),
            (String::new(), QrError::NotAPatient),
        ] {
            assert_eq!(parse_qr(&other).unwrap_err(), why, "{other}");
        }
    }
}
