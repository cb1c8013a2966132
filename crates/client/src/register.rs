//! Somebody becomes a member: a root is made, the recovery code written down and typed back, the wallet enrolled, and
//! one transaction registers. The stages are types: nobody registers with a code that was not kept.

use medkey_crypto::{
    OpenError, RootSecret, card, ring,
    vault::{
        RecoveryCode, WalletKey,
        wallet::{self, SignatureError, SiteError},
    },
};
use medkey_protocol::{
    Address, FolderId, SolCall,
    api::Role,
    blocks::{Block, Category, EncodedBlock, FolderEntry, Header, Profile},
    contract::IMembers,
};
use rand_core::Rng;
use zeroize::Zeroizing;

use crate::{
    Medkey, Origin,
    chain::Progress,
    fault::Fault,
    me::Me,
    people::CurrentCard,
    ports::{Clock, Device, Ports, Wallet},
    unlock::slot_name,
};

/// A root and a recovery code that exist nowhere else yet.
#[derive(Debug)]
pub struct NewVault {
    pub(crate) root: RootSecret,
    pub(crate) code: RecoveryCode,
}

/// The same, once the person has typed two groups back.
#[derive(Debug)]
pub struct KeptVault(pub(crate) NewVault);

/// As what somebody registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joining {
    /// A patient.
    Patient,
    /// A doctor, with the profile to be verified and the hospital's id (0 for none).
    Doctor(Profile, u32),
    /// A laboratory, likewise.
    Lab(Profile, u32),
}

/// Why the wallet could not be enrolled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Anything that can go wrong in any act.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The wallet's signatures cannot unlock a vault.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The page's address cannot stand in the message.
    #[error(transparent)]
    Site(#[from] SiteError),
}

impl NewVault {
    /// The eight groups to write down, shown once.
    pub fn groups(&self) -> [Zeroizing<String>; 8] {
        self.code.groups()
    }

    /// Goes on once two groups (numbered from 0) are typed back; otherwise says which one is wrong.
    pub fn typed_back(self, typed: [(usize, &str); 2]) -> Result<KeptVault, (Self, usize)> {
        match typed.into_iter().find(|(place, text)| !self.code.is_group(*place, text)) {
            None => Ok(KeptVault(self)),
            Some((place, _)) => Err((self, place)),
        }
    }
}

impl<P: Ports> Medkey<P> {
    /// Makes a root and a recovery code. Nothing is stored or sent.
    pub fn make_vault(&self) -> NewVault {
        let mut rng = self.ports.rng();
        NewVault { root: RootSecret::make(&mut rng), code: RecoveryCode::make(&mut rng) }
    }

    /// The text of the QR that is printed with the recovery code of this member.
    pub fn recovery_qr(&self, member: Address, vault: &NewVault) -> Zeroizing<String> {
        vault.code.qr_text(&self.context(member))
    }

    /// Asks the wallet twice for the unlock signature: only if it gives the same bytes can it unlock. `prompt` is told
    /// before each of the two prompts.
    pub async fn enrol_wallet(&self, prompt: impl Fn(u8)) -> Result<WalletKey, EnrolError> {
        let message = self.unlock_message()?;
        prompt(1);
        let first = Zeroizing::new(self.ports.wallet().sign_text(&message).await.map_err(Fault::from)?);
        prompt(2);
        let second = Zeroizing::new(self.ports.wallet().sign_text(&message).await.map_err(Fault::from)?);
        Ok(WalletKey::enrol(&message, self.account(), &first, &second)?)
    }

    pub(crate) fn unlock_message(&self) -> Result<String, SiteError> {
        let Origin { domain, uri } = &self.origin;
        let site = wallet::Site { domain, uri, chain: self.at.chain, contract: self.at.contract };
        wallet::unlock_message(&site, self.account())
    }

    /// Leaves card, slot, rings and profile at the relay and registers, in one transaction. After a failure the same
    /// vault can be registered again: the code that was written down stays right.
    pub async fn register(
        &self,
        KeptVault(NewVault { root, code }): &KeptVault,
        wallet: &WalletKey,
        joining: &Joining,
        progress: Progress<'_>,
    ) -> Result<Me, Fault> {
        let member = self.account();
        let context = self.context(member);
        let mut rng = self.ports.rng();
        let mut card = card::make_card(&context, root, code, &mut rng);
        let mut slot = card::make_slot(&context, &self.origin.domain, root, wallet, &mut rng);
        slot.body.made = Some(self.ports.clock().now());
        let slot = slot.encode()?;
        card.body.slots.push(slot.link());
        let mut blocks = vec![slot];
        if *joining == Joining::Patient {
            for category in Category::ALL {
                let mut id = [0; 32];
                rng.fill_bytes(&mut id);
                let id = FolderId::from(id);
                let (ring, _) = ring::make_ring(&context, root, id, None, &mut rng)?;
                let ring = ring.encode()?;
                card.body.folders.push(FolderEntry { id, category: Some(category), ring: ring.link() });
                blocks.push(ring);
            }
        }
        let encoded = card.encode()?;
        let (role, call) = match joining {
            Joining::Patient => {
                let card = encoded.digest.into();
                (Role::Patient, IMembers::registerPatientCall { card }.abi_encode())
            }
            Joining::Doctor(profile, hospital) | Joining::Lab(profile, hospital) => {
                let profile = Block { header: Header::new(&self.at, member), body: profile.clone() }.encode()?;
                let (role, on_chain) = match joining {
                    Joining::Lab(..) => (Role::Lab, IMembers::Role::Lab),
                    _ => (Role::Doctor, IMembers::Role::Doctor),
                };
                let call = IMembers::registerProfessionalCall {
                    role: on_chain,
                    card: encoded.digest.into(),
                    profile: profile.digest.into(),
                    hospital: *hospital,
                };
                blocks.push(profile);
                (role, call.abi_encode())
            }
        };
        for block in &blocks {
            self.store(block).await?;
        }
        self.store(&encoded).await?;
        self.transact(vec![call], progress).await?;
        self.keep_slot(member, blocks.first()).await;
        let card = CurrentCard { digest: encoded.digest, block: card };
        let root = RootSecret::from_exposed(root.expose()).ok_or(OpenError)?;
        let me = Me::new(member, role, root, card)?;
        self.sign_in(&me);
        Ok(me)
    }

    /// Keeps the slot on the device, so that this device unlocks with one prompt. Where the device keeps nothing, it
    /// takes two.
    pub(crate) async fn keep_slot(&self, member: Address, slot: Option<&EncodedBlock>) {
        if let Some(slot) = slot {
            let _kept = self.ports.device().keep(&slot_name(member), &slot.bytes).await;
        }
    }
}
