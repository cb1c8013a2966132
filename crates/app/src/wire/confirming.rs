//! What the pages have in common that ask the wallet several times: where it is, and the wallet's key on the way.

use leptos::prelude::*;
use medkey_client::{
    WalletKey,
    chain::Step,
    fault::Fault,
    register::{EnrolError, KeptVault, NewVault},
};
use medkey_protocol::Address;

use super::{acts::step_sentence, desk::Client, entry::shown_code, said::sentence_of};
use crate::{
    load::Trouble,
    pages::{
        confirm::{Confirming, Prompt},
        register::ShownCode,
    },
};

/// The prompts of one page, and how far they are. Whoever has left the page is told nothing.
#[derive(Clone, Copy)]
pub struct Steps {
    /// What the page shows.
    pub shown: RwSignal<Confirming>,
    /// What is kept when it stops, one sentence.
    kept: &'static str,
}

impl Steps {
    /// Before the first.
    #[must_use]
    pub fn new(prompts: Vec<Prompt>, wallet: &str, kept: &'static str) -> Self {
        let wallet = wallet.to_owned();
        Self { shown: RwSignal::new(Confirming { prompts, wallet, now: String::new(), trouble: None }), kept }
    }

    /// It starts, or goes on where it stopped.
    pub fn go_on(self) {
        self.change(|confirming| confirming.trouble = None);
    }

    /// So many are done; this happens now.
    pub fn at(self, number: usize, now: &str) {
        self.change(|confirming| {
            confirming.now = now.to_owned();
            confirming.prompts.iter_mut().take(number).for_each(|prompt| prompt.done = true);
        });
    }

    /// So many are done; a transaction is at this step.
    pub fn at_step(self, number: usize, step: Step) {
        let wallet = self.shown.try_with_untracked(|confirming| confirming.wallet.clone()).unwrap_or_default();
        self.at(number, &step_sentence(step, &wallet));
    }

    /// It stopped.
    pub fn stop(self, trouble: Trouble) {
        self.change(|confirming| {
            confirming.now = String::new();
            confirming.trouble = Some(trouble);
        });
    }

    fn change(self, change: impl FnOnce(&mut Confirming)) {
        let _left = self.shown.try_update(change);
    }

    /// A fault, and what is kept all the same.
    #[must_use]
    pub fn trouble(self, fault: &Fault) -> Trouble {
        Trouble::new(fault.to_string(), self.kept)
    }

    /// Makes the wallet's key, unless that is done: two prompts, of which so many came before.
    pub async fn enrol(self, client: &Client, before: usize, key: &mut Option<WalletKey>) -> Result<(), Trouble> {
        if key.is_some() {
            return Ok(());
        }
        let prompt = |number: u8| self.at(before + usize::from(number) - 1, "Open your wallet and sign.");
        let enrolled = client.enrol_wallet(prompt).await.map_err(|error| match error {
            EnrolError::Fault(fault) => self.trouble(&fault),
            other => Trouble::new(sentence_of(&other), self.kept),
        })?;
        *key = Some(enrolled);
        Ok(())
    }
}

/// What exists of a vault on its way: at first without, then with its code kept, at last with the wallet's key.
#[derive(Default)]
pub struct Making {
    new: Option<NewVault>,
    kept: Option<KeptVault>,
    /// The wallet's key, once it is made.
    pub key: Option<WalletKey>,
}

impl Making {
    /// A new one, whose code is to be shown.
    #[must_use]
    pub fn begin(client: &Client) -> Self {
        Self { new: Some(client.make_vault()), ..Self::default() }
    }

    /// The code as it is shown, until it was typed back.
    #[must_use]
    pub fn code(&self, client: &Client, member: Address) -> Option<ShownCode> {
        self.new.as_ref().map(|vault| shown_code(client, member, vault))
    }

    /// Takes the two groups that were asked for, typed back; whether they are right.
    pub fn type_back(&mut self, ask: (usize, usize), groups: &[String]) -> bool {
        let Some(vault) = self.new.take() else { return false };
        match vault.typed_back([(ask.0, &groups[ask.0]), (ask.1, &groups[ask.1])]) {
            Ok(vault) => {
                self.kept = Some(vault);
                true
            }
            Err((vault, _)) => {
                self.new = Some(vault);
                false
            }
        }
    }

    /// The vault with the wallet's key, once both are there.
    pub fn ready(&self) -> Result<(&KeptVault, &WalletKey), Trouble> {
        let again = || Trouble::new("The recovery code has to be made anew.", "Go back one step.");
        self.kept.as_ref().zip(self.key.as_ref()).ok_or_else(again)
    }
}
