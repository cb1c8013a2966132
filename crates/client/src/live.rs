//! Changes as they happen: the relay's server-sent events. They only say that something is worth reading again; what is
//! read is checked as always.

use medkey_protocol::{Address, api::Live};

use crate::{
    Medkey,
    fault::{Fault, RelayError},
    ports::{AnswerBody, Ports, Transport},
};

/// The longest event that is read.
const LONGEST: usize = 1 << 20;

/// A stream of changes. Dropping it ends it.
#[derive(Debug)]
pub struct Changes<B> {
    body: B,
    buffer: Vec<u8>,
}

impl<P: Ports> Medkey<P> {
    /// Listens to charts and members.
    pub async fn listen(
        &self,
        charts: &[Address],
        members: &[Address],
    ) -> Result<Changes<<P::Transport as Transport>::Body>, Fault> {
        Ok(Changes { body: self.relay_live(charts, members).await?, buffer: Vec::new() })
    }
}

impl<B: AnswerBody> Changes<B> {
    /// The next change; `None` when the relay ends the stream.
    pub async fn next(&mut self) -> Result<Option<Live>, RelayError> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(live) = parse(&event) {
                    return Ok(Some(live));
                }
                continue;
            }
            match self.body.next().await? {
                Some(piece) if self.buffer.len() + piece.len() <= LONGEST => self.buffer.extend_from_slice(&piece),
                Some(_) => return Err(RelayError::Nonsense),
                None => return Ok(None),
            }
        }
    }
}

/// The data of an event; comments and events of other kinds are passed over.
fn parse(event: &[u8]) -> Option<Live> {
    let text = core::str::from_utf8(event).ok()?;
    let data: String = text.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim_start).collect();
    serde_json::from_str(&data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_passed_over_and_data_is_read() {
        assert_eq!(parse(b": still here\n\n"), None);
        let live = Live {
            at: medkey_protocol::api::Tip { block: 7, hash: Default::default(), time: 8 },
            charts: vec![Address::repeat_byte(1)],
            members: vec![],
            rolled_back: false,
        };
        let event = format!("event: change\ndata: {}\n\n", serde_json::to_string(&live).unwrap());
        assert_eq!(parse(event.as_bytes()), Some(live));
    }
}
