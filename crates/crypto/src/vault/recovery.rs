//! The recovery code: 160 random bits that a person prints, and types back one day.
//!
//! Eight groups of five symbols. The fifth symbol of a group checks the other four and the group's place, so that one
//! mistyped symbol, two symbols or two groups in the wrong order are noticed at once, and in which group.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    ChainKey, Context, qr,
    secret::{SecretBytes, secret},
};

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Groups of a code.
pub const GROUPS: usize = 8;
/// Symbols of a group, the check symbol included.
pub const GROUP_LENGTH: usize = 5;
const DATA_SYMBOLS: usize = GROUP_LENGTH - 1;

const QR_NAME: &str = "MEDKEY-RECOVERY";

secret! {
    /// A recovery code.
    RecoveryCode, 20
}

/// Why a typed code is not one. Groups are counted from 1, as a person does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Too few or too many symbols.
    #[error("a recovery code has 40 letters and digits, this has {found}")]
    Length {
        /// Symbols found, without spaces and dashes.
        found: usize,
    },
    /// A symbol that no code has.
    #[error("group {group} holds “{symbol}”, which no recovery code does")]
    Symbol {
        /// From 1 to 8.
        group: usize,
        /// The symbol typed.
        symbol: char,
    },
    /// These groups were mistyped, or stand in the wrong order.
    #[error("mistyped: group {}", listed(groups))]
    Groups {
        /// From 1 to 8.
        groups: Vec<usize>,
    },
}

fn listed(groups: &[usize]) -> String {
    let words: Vec<String> = groups.iter().map(usize::to_string).collect();
    words.join(", ")
}

impl RecoveryCode {
    /// A new code.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self(SecretBytes::make(rng))
    }

    /// Reads a code as people type it: any case, spaces and dashes anywhere, O for 0, I and L for 1.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let mut symbols = Zeroizing::new(Vec::with_capacity(GROUPS * GROUP_LENGTH));
        for symbol in typed.chars().filter(|symbol| !is_separator(*symbol)) {
            let group = symbols.len() / GROUP_LENGTH + 1;
            let value = value_of(symbol).ok_or(CodeError::Symbol { group, symbol })?;
            symbols.push(value);
        }
        if symbols.len() != GROUPS * GROUP_LENGTH {
            return Err(CodeError::Length { found: symbols.len() });
        }
        let wrong: Vec<usize> = symbols
            .chunks(GROUP_LENGTH)
            .enumerate()
            .filter(|(place, group)| group[DATA_SYMBOLS] != check(*place, &group[..DATA_SYMBOLS]))
            .map(|(place, _)| place + 1)
            .collect();
        if !wrong.is_empty() {
            return Err(CodeError::Groups { groups: wrong });
        }
        let mut code = SecretBytes::<20>::zeroed();
        for (two_groups, bytes) in symbols.chunks(2 * GROUP_LENGTH).zip(code.expose_mut().chunks_mut(5)) {
            let mut bits = two_groups
                .iter()
                .enumerate()
                .filter(|(place, _)| place % GROUP_LENGTH != DATA_SYMBOLS)
                .fold(0_u64, |bits, (_, value)| bits << 5 | u64::from(*value));
            bytes.copy_from_slice(&bits.to_be_bytes()[3..]);
            bits.zeroize();
        }
        Ok(Self(code))
    }

    /// The eight groups, as they are printed.
    #[must_use]
    pub fn groups(&self) -> [Zeroizing<String>; GROUPS] {
        let mut groups: [Zeroizing<String>; GROUPS] = Default::default();
        for (place, group) in groups.iter_mut().enumerate() {
            let values = self.data(place);
            group.reserve_exact(GROUP_LENGTH);
            for value in values.iter().chain([&check(place, &values[..])]) {
                group.push(char::from(ALPHABET[usize::from(*value)]));
            }
        }
        groups
    }

    /// The groups joined by dashes.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP_LENGTH + 1)));
        for (place, group) in self.groups().iter().enumerate() {
            if place > 0 {
                text.push('-');
            }
            text.push_str(group);
        }
        text
    }

    /// Whether `typed` is the group at `place` (from 0), typed back to prove that the code was kept.
    #[must_use]
    pub fn is_group(&self, place: usize, typed: &str) -> bool {
        if place >= GROUPS {
            return false;
        }
        let values = self.data(place);
        let expected: Zeroizing<Vec<u8>> =
            Zeroizing::new(values.iter().copied().chain([check(place, &values[..])]).collect());
        let typed: Option<Vec<u8>> = typed.chars().filter(|symbol| !is_separator(*symbol)).map(value_of).collect();
        typed.is_some_and(|typed| bool::from(Zeroizing::new(typed).ct_eq(&expected)))
    }

    /// The four data symbols of a group: 20 bits of the code.
    fn data(&self, place: usize) -> Zeroizing<[u8; DATA_SYMBOLS]> {
        let bytes = self.expose();
        let mut values = Zeroizing::new([0; DATA_SYMBOLS]);
        for (symbol, value) in values.iter_mut().enumerate() {
            for bit in 0..5 {
                let at = (place * DATA_SYMBOLS + symbol) * 5 + bit;
                *value = *value << 1 | bytes[at / 8] >> (7 - at % 8) & 1;
            }
        }
        values
    }

    /// The secp256k1 key whose address stands in the card, to move a chart to a new wallet.
    #[must_use]
    pub fn signing_key(&self) -> ChainKey {
        ChainKey::derive(self.expose(), "recovery signing")
    }

    /// The text of the printed QR: code and where it belongs, so that it recovers everything by itself.
    #[must_use]
    pub fn qr_text(&self, context: &Context) -> Zeroizing<String> {
        qr::text(QR_NAME, context, &self.text())
    }

    /// Reads what [`qr_text`](Self::qr_text) wrote.
    pub fn parse_qr(text: &str) -> Result<(Self, Context), QrError> {
        let (code, context) = qr::parse(QR_NAME, text).map_err(|unlike| match unlike {
            qr::Unlike::Other => QrError::NotACode,
            qr::Unlike::Version => QrError::Version,
        })?;
        Ok((Self::parse(code)?, context))
    }
}

/// Why a scanned text is not a recovery code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Another kind of QR.
    #[error("this is not a Medkey recovery code: scan the one printed when you registered")]
    NotACode,
    /// Made by a newer app.
    #[error("this recovery code was made by a newer version of Medkey: update the app")]
    Version,
    /// The code inside was damaged.
    #[error(transparent)]
    Code(#[from] CodeError),
}

fn is_separator(symbol: char) -> bool {
    symbol.is_whitespace() || symbol == '-' || symbol == '–' || symbol == '—'
}

fn value_of(symbol: char) -> Option<u8> {
    let symbol = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == symbol).and_then(|place| u8::try_from(place).ok())
}

/// `place + α·d₁ + α²·d₂ + α³·d₃ + α⁴·d₄` in GF(32), the field of x⁵ + x² + 1 with α = x. As the factors differ and none
/// is zero, every single wrong symbol and every swap of two different symbols changes it.
fn check(place: usize, data: &[u8]) -> u8 {
    let sum = data.iter().rev().fold(0, |sum, value| times_alpha(sum ^ value));
    sum ^ (place as u8)
}

fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 }
}
