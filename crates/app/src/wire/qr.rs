//! Texts as the squares of a QR.

use crate::components::qr::QrSquares;

/// The squares of a text; `None` where it is longer than a QR holds.
#[must_use]
pub fn squares(text: &str) -> Option<QrSquares> {
    let code = fast_qr::QRBuilder::new(text).build().ok()?;
    let dark = (0..code.size).flat_map(|row| code[row][..code.size].iter().map(|module| module.value())).collect();
    Some(QrSquares { width: code.size, dark })
}
