//! What a scanned or pasted text is. A patient shows a code to be found by; offers and recovery codes have their own.

use medkey_crypto::{
    patient_code,
    vault::{RecoveryCode, recovery},
};
use medkey_protocol::Address;
use zeroize::Zeroizing;

use crate::{
    Medkey,
    fault::{Fault, Refusal},
    me::Me,
    ports::Ports,
};

/// What somebody scanned, by its beginning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Opens what a patient offers.
    Offer,
    /// Names a patient.
    Patient,
    /// Opens somebody's vault.
    Recovery,
    /// None of Medkey's.
    Other,
}

impl Code {
    /// What a text is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        match text.split_once(':').map(|(name, _)| name) {
            Some("MEDKEY-OFFER") => Self::Offer,
            Some("MEDKEY-PATIENT" | "ethereum") => Self::Patient,
            Some("MEDKEY-RECOVERY") => Self::Recovery,
            None if text.parse::<Address>().is_ok() => Self::Patient,
            _ => Self::Other,
        }
    }
}

/// The address in a text that is one, as it is or as wallets write it: `ethereum:0x…@1`.
fn bare_address(text: &str) -> Option<Address> {
    let text = text.strip_prefix("ethereum:").unwrap_or(text);
    text.get(..42)?.parse().ok().filter(|_| matches!(text.as_bytes().get(42), None | Some(b'@' | b'?')))
}

impl<P: Ports> Medkey<P> {
    /// The code that a patient shows to be found by: the address and the words of the key. It opens nothing.
    pub fn patient_code(&self, me: &Me) -> Result<String, Fault> {
        Ok(patient_code::qr_text(&self.context(me.address), &me.card().fingerprint()?))
    }

    /// The patient whom a scanned text names. Its words have to be those of the patient's key; an address alone names
    /// none.
    pub async fn scan_patient(&self, text: &str) -> Result<Address, Fault> {
        let text = text.trim();
        let (patient, words) = match bare_address(text) {
            Some(patient) => (patient, None),
            None => {
                let (context, words) = patient_code::parse_qr(text)?;
                if context != self.context(context.subject) {
                    return Err(patient_code::QrError::NotAPatient.into());
                }
                (context.subject, Some(words))
            }
        };
        let card = self.card_of(patient).await?;
        if card.block.body.folders.is_empty() {
            return Err(Refusal::NoChart.into());
        }
        match words {
            Some(words) if words != card.fingerprint()? => Err(Fault::OtherWords),
            _ => Ok(patient),
        }
    }

    /// Whose vault a scanned recovery code opens, and its groups joined by `-`.
    pub fn scan_recovery(&self, text: &str) -> Result<(Address, Zeroizing<String>), recovery::QrError> {
        let (code, context) = RecoveryCode::parse_qr(text)?;
        if context != self.context(context.subject) {
            return Err(recovery::QrError::NotACode);
        }
        Ok((context.subject, Zeroizing::new(code.groups().map(|group| group.to_string()).join("-"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    #[test]
    fn a_text_is_known_by_its_beginning() {
        for (text, code) in [
            ("MEDKEY-OFFER:1:31337", Code::Offer),
            (" MEDKEY-PATIENT:1:31337\n", Code::Patient),
            ("MEDKEY-RECOVERY:1", Code::Recovery),
            (ADDRESS, Code::Patient),
            ("ethereum:0x70997970C51812dc3A010C7d01b50e0d17dc79C8@1", Code::Patient),
            ("https://example.org", Code::Other),
            ("", Code::Other),
        ] {
            assert_eq!(Code::of(text), code, "{text}");
        }
    }

    #[test]
    fn an_address_is_read_as_wallets_write_it() {
        let address = ADDRESS.parse().ok();
        for text in [ADDRESS.to_owned(), format!("ethereum:{ADDRESS}"), format!("ethereum:{ADDRESS}@31337?value=1")] {
            assert_eq!(bare_address(&text), address, "{text}");
        }
        for text in [format!("{ADDRESS}00"), ADDRESS[..41].to_owned(), "ethereum:".to_owned(), "ä".repeat(30)] {
            assert_eq!(bare_address(&text), None, "{text}");
        }
    }
}
