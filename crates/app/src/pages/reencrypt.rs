//! Encrypting past records anew: what it does, what it cannot do, and what it costs, before it begins.

use leptos::prelude::*;

use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::Icon;
use crate::speaking::{count, sentence, times};

/// What is about to be encrypted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReencryptModel {
    /// The folder's name.
    pub folder: String,
    /// How many records.
    pub records: usize,
    /// How many codes, each for one of them alone, are withdrawn.
    pub codes: usize,
    /// How often the wallet asks.
    pub confirmations: usize,
    /// The wallet's name.
    pub wallet: String,
}

fn title(model: &ReencryptModel) -> String {
    format!("Encrypt {} of {} anew?", count(model.records, "record", "records"), model.folder)
}

fn costs(model: &ReencryptModel) -> String {
    let asks = format!("{} asks {}.", model.wallet, times(model.confirmations));
    format!("{asks} You see how far it is, can pause it, and go on later on any device.")
}

fn codes(codes: usize) -> Option<String> {
    let which = sentence(&count(codes, "QR code", "QR codes"));
    match codes {
        0 => None,
        1 => Some(format!("{which} for one of these records alone is withdrawn: make a new one if you need it.")),
        _ => Some(format!("{which} for single ones of these records are withdrawn: make new ones if you need them.")),
    }
}

/// The dialog.
#[component]
pub fn ReencryptDialog(
    /// What is about to be encrypted anew.
    model: ReencryptModel,
    /// Begins.
    #[prop(into)]
    on_begin: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title=title(&model) on_close=on_close>
            <p>
                "Each record is fetched, checked and encrypted under a new key on this device, and takes the place of the old one. Keys that others held before open none of them then. Whoever may read the folder now reads on."
            </p>
            <p>
                "What was read before cannot be taken back, and old encrypted files stay with whoever kept a copy."
            </p>
            {codes(model.codes).map(|codes| view! { <p>{codes}</p> })}
            <p class="second">{costs(&model)}</p>
            <DialogFoot
                act="Encrypt anew"
                icon=Icon::Lock
                leave="Not now"
                on_act=on_begin
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_much_there_is_and_how_often_the_wallet_asks() {
        let wallet = "MetaMask".to_owned();
        let model = ReencryptModel { folder: "Laboratory".to_owned(), records: 40, codes: 0, confirmations: 2, wallet };
        assert_eq!(title(&model), "Encrypt 40 records of Laboratory anew?");
        assert!(costs(&model).starts_with("MetaMask asks twice."));
        assert_eq!(codes(0), None);
        assert!(codes(1).is_some_and(|said| said.starts_with("One QR code for one of these records")));
        assert!(codes(3).is_some_and(|said| said.starts_with("Three QR codes")));
    }
}
