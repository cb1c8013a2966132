//! A QR code as one SVG path.

use leptos::prelude::*;

/// The squares of a code, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSquares {
    /// Squares in a row.
    pub width: usize,
    /// Dark or not, row by row.
    pub dark: Vec<bool>,
}

/// The code, dark on white in every theme so that a camera reads it.
#[component]
pub fn QrCode(
    /// Its squares.
    squares: QrSquares,
    /// What it holds, for a screen reader.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let path: String = squares
        .dark
        .iter()
        .enumerate()
        .filter(|(_, dark)| **dark)
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % squares.width.max(1), at / squares.width.max(1)))
        .collect();
    view! {
        <div class="qr">
            <svg
                viewBox=format!("0 0 {0} {0}", squares.width)
                role="img"
                aria-label=label
                shape-rendering="crispEdges"
            >
                <path d=path fill="#17211d"></path>
            </svg>
        </div>
    }
}
