//! The icons: one stroke, one grid of 24, drawn for this app.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        /// An icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Icon { $($(#[$doc])* $name,)* }

        impl Icon {
            fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }
        }
    };
}

icons! {
    /// A house.
    Home = "M4 11.2 12 4l8 7.2V19a1.2 1.2 0 0 1-1.2 1.2H15V15a1.2 1.2 0 0 0-1.2-1.2h-3.6A1.2 1.2 0 0 0 9 15v5.2H5.2A1.2 1.2 0 0 1 4 19Z";
    /// A sheet with lines.
    Record = "M6 3.5h8l4.5 4.5v12.5H6ZM14 3.5V8h4.5M9 13h6.5M9 16.5h6.5";
    /// Two people.
    People = "M9 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2ZM2.5 20a6.5 6.5 0 0 1 13 0M15.5 4.7a3.6 3.6 0 0 1 0 6.4M17.8 14.2a6.5 6.5 0 0 1 3.7 5.8";
    /// A spoken word.
    Request = "M4 5h16v12H8.5L4 20.5Z";
    /// A folder.
    Folder = "M3.5 6.5A1.5 1.5 0 0 1 5 5h4.4l2.1 2.6H19a1.5 1.5 0 0 1 1.5 1.5V18a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18Z";
    /// A clock.
    Clock = "M12 20.8a8.8 8.8 0 1 0 0-17.6 8.8 8.8 0 0 0 0 17.6ZM12 7.2V12l3.2 1.9";
    /// Settings.
    Settings = "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM12 2.8v2.7M12 18.5v2.7M2.8 12h2.7M18.5 12h2.7M5.5 5.5l1.9 1.9M16.6 16.6l1.9 1.9M5.5 18.5l1.9-1.9M16.6 7.4l1.9-1.9";
    /// A laboratory flask.
    Flask = "M8 3.8h8M9.7 3.8v5.7l-4.8 8.7a1.6 1.6 0 0 0 1.4 2.3h11.4a1.6 1.6 0 0 0 1.4-2.3l-4.8-8.7V3.8M7.2 15.2h9.6";
    /// A capsule.
    Pill = "m10.4 19.9 9.5-9.5a4.45 4.45 0 0 0-6.3-6.3l-9.5 9.5a4.45 4.45 0 0 0 6.3 6.3ZM9 9l6 6";
    /// A pencil.
    Pencil = "M4 20v-4.2L15.6 4.2a1.7 1.7 0 0 1 2.4 0L19.8 6a1.7 1.7 0 0 1 0 2.4L8.2 20Z";
    /// A picture.
    Picture = "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5ZM8.8 11a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM4 17.5l5-4 3.5 2.8 3-2.3 4.8 4";
    /// A camera.
    Camera = "M4.5 7.5h3l1.6-2.6h5.8l1.6 2.6h3A1.5 1.5 0 0 1 21 9v9.2a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18.2V9a1.5 1.5 0 0 1 1.5-1.5ZM12 16.8a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4Z";
    /// A heartbeat.
    Pulse = "M2.8 12h4.4l2.6-6.5 4.4 13 2.6-6.5h4.4";
    /// A shield with a tick: checked.
    Checked = "M12 3l7.3 2.7v5.6c0 4.3-2.9 7.9-7.3 9.5-4.4-1.6-7.3-5.2-7.3-9.5V5.7ZM8.9 11.9l2.2 2.2 4-4.3";
    /// A shield without a tick: not checked.
    Unchecked = "M12 3l7.3 2.7v5.6c0 4.3-2.9 7.9-7.3 9.5-4.4-1.6-7.3-5.2-7.3-9.5V5.7ZM12 8.5v4M12 15.5v.1";
    /// An eye.
    Eye = "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12ZM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z";
    /// A closed lock.
    Lock = "M6.2 10.5h11.6a1.7 1.7 0 0 1 1.7 1.7v6.6a1.7 1.7 0 0 1-1.7 1.7H6.2a1.7 1.7 0 0 1-1.7-1.7v-6.6a1.7 1.7 0 0 1 1.7-1.7ZM8.2 10.5V7.3a3.8 3.8 0 0 1 7.6 0v3.2";
    /// A key.
    Key = "M8 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12.5 12h9M17.5 12v3.5M21 12v2.5";
    /// A plus.
    Plus = "M12 5v14M5 12h14";
    /// A minus.
    Minus = "M5 12h14";
    /// An angle downwards: more unfolds.
    Down = "m6.5 9.5 5.5 5.5 5.5-5.5";
    /// An arrow down to a line.
    Download = "M12 4v11M7.8 11.2 12 15.4l4.2-4.2M4.5 19.8h15";
    /// An arrow up from a line.
    Deliver = "M12 15.8V4.6M7.8 8.8 12 4.6l4.2 4.2M4.5 19.8h15";
    /// An arrow out of a box.
    Share = "M12 14.5V3.8M8.2 7.4 12 3.6l3.8 3.8M5 11.5v8.7h14v-8.7";
    /// A magnifying glass.
    Search = "M10.6 17.2a6.6 6.6 0 1 0 0-13.2 6.6 6.6 0 0 0 0 13.2ZM15.5 15.5l5 5";
    /// A square code.
    Qr = "M4.5 4.5H10V10H4.5ZM14 4.5h5.5V10H14ZM4.5 14H10v5.5H4.5ZM14 14h2v2h-2ZM17.5 14h2v2h-2ZM14 17.5h2v2h-2ZM17.5 17.5h2v2h-2Z";
    /// Onward.
    Onward = "m9.5 5.5 6.5 6.5-6.5 6.5";
    /// Backward.
    Backward = "M14.5 5.5 8 12l6.5 6.5";
    /// A tick.
    Tick = "m5 12.8 4.4 4.4L19 7.4";
    /// A cross.
    Cross = "M6 6l12 12M18 6 6 18";
    /// A hospital.
    Hospital = "M5 20.3V5.2h14v15.1M3 20.3h18M12 8.2v5M9.5 10.7h5M10 20.3v-3.8h4v3.8";
    /// A card with a face.
    Profile = "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5ZM8.5 11.6a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8ZM5.6 16a3 3 0 0 1 5.8 0M14.5 9.5h3.5M14.5 13h3.5";
    /// Bars of different heights.
    Overview = "M4 20.3h16M6.5 20v-6.5h2.6V20M10.7 20V8.5h2.6V20M14.9 20V4.5h2.6V20";
    /// Attention.
    Warning = "M12 4.2 21 19.8H3ZM12 10v4.4M12 17v.1";
    /// A wallet.
    Wallet = "M4 7.5h14.8a1.4 1.4 0 0 1 1.4 1.4v9a1.4 1.4 0 0 1-1.4 1.4H5.4A1.4 1.4 0 0 1 4 17.9V6.7a2 2 0 0 1 2-2h10.5M16 13.4h.1";
    /// Two sheets.
    Copy = "M9 8.5h10.5V20H9ZM5.5 15.5h-1V4H15v1";
    /// A way back.
    Back = "M19.5 12H5M10.5 6 4.5 12l6 6";
    /// The sun and the moon.
    Theme = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 3.5v17";
}

/// An icon; it says nothing to a screen reader, the text beside it does.
#[component]
pub fn Glyph(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=icon.path()></path>
        </svg>
    }
}

/// The sign of the app: a heart with a keyhole.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <span class="brand__mark">
            <svg viewBox="0 0 30 30" fill="currentColor" aria-hidden="true">
                <path
                    fill-rule="evenodd"
                    d="M15 23.2c-4.2-3-7.4-5.9-7.4-9.2a4.05 4.05 0 0 1 7.4-2.4 4.05 4.05 0 0 1 7.4 2.4c0 3.3-3.2 6.2-7.4 9.2ZM15 12.3a2 2 0 0 0-1 3.75V18.6h2v-2.55A2 2 0 0 0 15 12.3Z"
                ></path>
            </svg>
        </span>
    }
}
