//! A device that makes passkeys with a secret, or refuses to in each way that devices do.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use medkey_client::ports::{MadePasskey, PasskeyError, PasskeyRequest, Passkeys};
use medkey_crypto::vault::PasskeyKey;
use medkey_protocol::{Address, Digest, blocks::Passkey};

/// An authenticator with its person. Clones are the same one.
#[derive(Clone, Default)]
pub struct Authenticator(Rc<State>);

#[derive(Default)]
struct State {
    credentials: RefCell<Vec<Credential>>,
    mood: Cell<Mood>,
    made: Cell<u8>,
    asked: Cell<u64>,
}

struct Credential {
    domain: String,
    member: Address,
    id: Vec<u8>,
    secret: [u8; 32],
}

/// How it behaves.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    /// Makes and gives what is asked for.
    #[default]
    Willing,
    /// Gives the secret with the passkey.
    Quick,
    /// The person cancels.
    Cancels,
    /// Makes a passkey, after which the person cancels.
    CancelsLater,
    /// It knows no PRF.
    NoSecret,
    /// Its secret differs each time.
    Fickle,
    /// Its ids are too long for a slot.
    LongIds,
    /// The browser has no passkeys.
    Absent,
}

impl Authenticator {
    pub fn behave(&self, mood: Mood) {
        self.0.mood.set(mood);
    }

    /// How many passkeys it holds.
    pub fn holds(&self) -> usize {
        self.0.credentials.borrow().len()
    }

    /// Deletes every passkey, as a person may.
    pub fn delete_all(&self) {
        self.0.credentials.borrow_mut().clear();
    }

    /// Gives every passkey another secret.
    pub fn corrupt(&self) {
        self.0.credentials.borrow_mut().iter_mut().for_each(|credential| credential.secret[0] ^= 1);
    }

    fn evaluate(&self, credential: &Credential, salt: &[u8; 32]) -> PasskeyKey {
        self.0.asked.set(self.0.asked.get() + 1);
        let mut input = [credential.secret, *salt].concat();
        if self.0.mood.get() == Mood::Fickle {
            input.extend(self.0.asked.get().to_be_bytes());
        }
        PasskeyKey::from_output(Digest::of(&input).bytes()).unwrap()
    }
}

impl Passkeys for Authenticator {
    async fn are_here(&self) -> bool {
        self.0.mood.get() != Mood::Absent
    }

    async fn make(&self, request: &PasskeyRequest<'_>) -> Result<MadePasskey, PasskeyError> {
        let mood = self.0.mood.get();
        match mood {
            Mood::Cancels => return Err(PasskeyError::Declined),
            Mood::NoSecret => return Err(PasskeyError::NoSecret),
            Mood::Absent => return Err(PasskeyError::Unsupported),
            _ => {}
        }
        let mut credentials = self.0.credentials.borrow_mut();
        let is_known = |id: &[u8]| request.known.iter().any(|known| known.id.0 == id);
        if credentials.iter().any(|held| held.domain == request.domain && is_known(&held.id)) {
            return Err(PasskeyError::Exists);
        }
        self.0.made.set(self.0.made.get() + 1);
        let made = self.0.made.get();
        let length = if mood == Mood::LongIds { Passkey::MAX_ID + 1 } else { 16 };
        let credential = Credential {
            domain: request.domain.to_owned(),
            member: request.member,
            id: vec![made; length],
            secret: *Digest::of(format!("{:p} {made}", Rc::as_ptr(&self.0)).as_bytes()).bytes(),
        };
        let key = (mood == Mood::Quick).then(|| self.evaluate(&credential, request.salt));
        let id = credential.id.clone();
        credentials.retain(|held| (held.domain.as_str(), held.member) != (request.domain, request.member));
        credentials.push(credential);
        Ok(MadePasskey { id, key })
    }

    async fn ask(&self, domain: &str, known: &[Passkey]) -> Result<(usize, PasskeyKey), PasskeyError> {
        match self.0.mood.get() {
            Mood::Cancels | Mood::CancelsLater => return Err(PasskeyError::Declined),
            Mood::NoSecret => return Err(PasskeyError::NoSecret),
            Mood::Absent => return Err(PasskeyError::Unsupported),
            _ => {}
        }
        let credentials = self.0.credentials.borrow();
        let found = known.iter().enumerate().find_map(|(at, asked)| {
            let held = credentials.iter().find(|held| held.domain == domain && held.id == asked.id.0)?;
            Some((at, self.evaluate(held, &asked.salt.0)))
        });
        found.ok_or(PasskeyError::Declined)
    }

    async fn give_up(&self, domain: &str, id: &[u8]) {
        self.0.credentials.borrow_mut().retain(|held| held.domain != domain || held.id != id);
    }
}
