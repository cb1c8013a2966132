//! A patient makes a folder of one's own: a random id, a ring of its first epoch with the name sealed to it, and an entry
//! in the card. Nobody but the patient learns the name, and on the chain it is a card that changed.

use medkey_crypto::ring::{self, FolderName};
use medkey_protocol::{
    FolderId,
    blocks::{Category, FolderEntry},
};
use rand_core::Rng;

use crate::{
    Medkey,
    add_record::sealed_to_current,
    chain::Progress,
    fault::Fault,
    folders::{Changes, Folder, FolderError, category_word},
    me::Me,
    people::CurrentCard,
    ports::Ports,
};

/// Characters of the longest name.
pub const LONGEST_NAME: usize = 60;

/// As many folders of one's own as there may be. A card has room for ten times as many, but every one of them is read at
/// each unlock and gets a new key when the vault is renewed.
pub const MOST_FOLDERS: usize = 50;

/// A folder that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFolder {
    /// Its id.
    pub id: FolderId,
    /// What it is called.
    pub name: FolderName,
}

/// What was typed as the name of a folder that is called otherwise than these.
pub fn parse_name<'a>(typed: &str, others: impl IntoIterator<Item = &'a Folder>) -> Result<String, FolderError> {
    let name = typed.trim().split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(FolderError::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(FolderError::LongName);
    }
    if !is_name(&name) {
        return Err(FolderError::OddName);
    }
    let lower = name.to_lowercase();
    let is_taken = |word: &str| word.to_lowercase() == lower;
    let of_category = Category::ALL.into_iter().any(|category| is_taken(category_word(category)));
    if of_category || others.into_iter().any(|folder| is_taken(folder.word())) {
        return Err(FolderError::TakenName);
    }
    Ok(name)
}

/// Whether a name is one, whoever wrote it.
pub(crate) fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    let in_a_row = name.split(' ').any(str::is_empty);
    (1..=LONGEST_NAME).contains(&length) && !in_a_row && name.trim() == name && !name.chars().any(is_unseen)
}

/// Control characters, and those that cannot be seen or turn the direction of writing.
fn is_unseen(one: char) -> bool {
    let unseen = ['\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{feff}'].contains(&one);
    unseen || one.is_control() || matches!(one, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

impl<P: Ports> Medkey<P> {
    /// A folder with this name, which is not there yet. After a failure the same one can be made again.
    pub fn plan_folder(&self, name: FolderName) -> NewFolder {
        let mut id = [0; 32];
        self.ports.rng().fill_bytes(&mut id);
        NewFolder { id: id.into(), name }
    }

    /// Makes the folder, in one transaction.
    pub async fn make_folder(&self, me: &Me, new: &NewFolder, progress: Progress<'_>) -> Result<(), Fault> {
        sealed_to_current(async || {
            self.refresh_card(me).await?;
            let read = self.read_own_chart(me).await?;
            let changes = Changes { making: Some(new), ..Changes::default() };
            // Nothing is left to do where the folder is there, as an earlier try was included after all.
            let Some((call, card)) = self.fit_rings(me, &read, &changes).await? else { return Ok(()) };
            self.transact(vec![call], progress).await?;
            me.set_card(card);
            Ok(())
        })
        .await
    }

    /// Stores the first ring of a new folder and enters it in the card; false where it is there already.
    pub(crate) async fn enter_folder(&self, me: &Me, card: &mut CurrentCard, new: &NewFolder) -> Result<bool, Fault> {
        let NewFolder { id, name } = new;
        if card.block.body.folders.iter().any(|entry| entry.id == *id) {
            return Ok(false);
        }
        let others = self.own_folders(me).await?;
        if others.iter().filter(|folder| folder.is_own()).count() >= MOST_FOLDERS {
            return Err(FolderError::TooMany.into());
        }
        let name = FolderName { name: parse_name(&name.name, &others)?, sensitive: name.sensitive };
        let (ring, _) = ring::make_ring(&me.context(), &me.root, *id, Some(&name), &mut self.ports.rng())?;
        let ring = ring.encode()?;
        self.store(&ring).await?;
        card.block.body.folders.push(FolderEntry { id: *id, category: None, ring: ring.link() });
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use medkey_protocol::{
        Address,
        blocks::{Block, Card, Header, Kind, Locked},
        ids::{Digest, Fixed, Octets},
    };

    use super::*;

    fn own(name: &str) -> Folder {
        let name = FolderName { name: name.into(), sensitive: false };
        Folder { id: [1; 32].into(), category: None, name: Some(name) }
    }

    #[test]
    fn a_name_is_tidied_and_is_no_others() {
        let others = [own("Mental health"), Folder { name: None, ..own("") }];
        assert_eq!(parse_name("  Dr.  Sato’s  knee ", &others), Ok("Dr. Sato’s knee".to_owned()));
        assert_eq!(parse_name(" \u{a0} ", &others), Err(FolderError::NoName));
        assert_eq!(parse_name("", &others), Err(FolderError::NoName));
        for taken in ["mental HEALTH", " Mental  health", "private", "Own folder"] {
            assert_eq!(parse_name(taken, &others), Err(FolderError::TakenName), "{taken}");
        }
        assert!(parse_name("Mental", &others).is_ok());
        assert!(parse_name(&"ß".repeat(60), &others).is_ok());
        assert_eq!(parse_name(&"ß".repeat(61), &others), Err(FolderError::LongName));
    }

    #[test]
    fn a_name_is_seen_as_it_is_written() {
        for odd in ["a\tb", "a\nb", "a\u{0}b", "\u{202e}abc", "a\u{2066}b", "a\u{200b}b", "\u{feff}a", "a\u{7f}"] {
            assert_eq!(parse_name(odd, &[]), Err(FolderError::OddName), "{odd:?}");
            assert!(!is_name(odd), "{odd:?}");
        }
        for good in ["Zähne", "پزشک\u{200c}من", "心", "👩\u{200d}🔬 work"] {
            assert!(is_name(good), "{good}");
        }
        for untidy in ["", " a", "a ", "a  b", "\u{a0}a"] {
            assert!(!is_name(untidy), "{untidy:?}");
        }
    }

    #[test]
    fn a_card_has_room_for_all_folders_many_devices_and_a_long_life() {
        let locked = || Locked { salt: Fixed([1; 32]), ct: Octets(vec![1; 48]) };
        let link = Digest::of(b"ring").link();
        let standard = Category::ALL.map(Some);
        let categories = standard.into_iter().chain([None; MOST_FOLDERS]);
        let folders = categories.map(|category| FolderEntry { id: [2; 32].into(), category, ring: link }).collect();
        let body = Card {
            generation: 1000,
            identity: Octets(vec![3; 1216]),
            signin: Fixed([4; 32]),
            folders,
            recovery: locked(),
            slots: vec![link; 200],
            former: (0..200).map(|_| locked()).collect(),
        };
        let header = Header { chain: 1, contract: Address::ZERO, subject: Address::ZERO, party: Some(Address::ZERO) };
        let card = Block { header, body }.encode().unwrap();
        assert!(card.bytes.len() < Kind::Card.limit(), "{}", card.bytes.len());
    }
}
