//! The code that a patient shows to be found by: it names, and opens nothing.

use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::key_words::KeyWords;
use crate::components::qr::{QrCode, QrSquares};

/// The dialog.
#[component]
pub fn OwnCodeDialog(
    /// The code.
    squares: QrSquares,
    /// The address in it.
    #[prop(into)]
    address: String,
    /// The words of the key in it.
    #[prop(into)]
    words: String,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title="Your code" wide=true on_close=on_close>
            <div class="offer">
                <QrCode squares=squares label="QR code with your address" />
                <div class="offer__words">
                    <p>
                        "A doctor scans this to ask you for access, a laboratory to deliver to you. "
                        <strong>"It opens nothing."</strong>
                    </p>
                    <dl class="offer__facts">
                        <div>
                            <dt>"Your address"</dt>
                            <dd class="mono offer__address">{address}</dd>
                        </div>
                        <div>
                            <dt>"The words of your key"</dt>
                            <dd>
                                <KeyWords words=words />
                            </dd>
                        </div>
                    </dl>
                    <p class="second">
                        "Scanning it checks the words. They change when you renew your keys: then show the code anew."
                    </p>
                </div>
            </div>
            <div class="dialog__foot">
                <Button label="Close" on_press=on_close />
            </div>
        </Dialog>
    }
}
