//! WebAuthn with its PRF extension, which gives a passkey's secret. Nothing is signed for anybody: the challenge is random
//! and the answer's signature is not looked at; what counts is whether the secret opens the slot.

use core::net::IpAddr;

use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use medkey_client::ports::{MadePasskey, PasskeyError, PasskeyRequest, Passkeys};
use medkey_crypto::vault::PasskeyKey;
use medkey_protocol::blocks::Passkey;
use rand_core::Rng;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

use crate::{refused::Refused, rng::browser_rng};

/// Whose passkey it is, as the device's list of passkeys says it.
const RELYING_PARTY: &str = "Medkey";
/// ES256, EdDSA and RS256, by their COSE numbers: every authenticator knows one of them.
const ALGORITHMS: [i32; 3] = [-7, -8, -257];
const PUBLIC_KEY: &str = "public-key";
/// How long the person may take, in milliseconds.
const PATIENCE: u32 = 120_000;

/// The passkeys of this browser, of the system below it, or on a security key.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserPasskeys;

impl Passkeys for BrowserPasskeys {
    async fn are_here(&self) -> bool {
        are_here().await.unwrap_or(false)
    }

    async fn make(&self, request: &PasskeyRequest<'_>) -> Result<MadePasskey, PasskeyError> {
        let made = call("create", &creation(request).map_err(unsupported)?).await?;
        let answer = Answer::parse(&made).map_err(unsupported)?;
        let key = answer.secret();
        if key.is_none() && !answer.holds_secret() {
            self.give_up(request.domain, &answer.id).await;
            return Err(PasskeyError::NoSecret);
        }
        Ok(MadePasskey { id: answer.id, key })
    }

    async fn ask(&self, domain: &str, known: &[Passkey]) -> Result<(usize, PasskeyKey), PasskeyError> {
        let given = call("get", &question(domain, known).map_err(unsupported)?).await?;
        let answer = Answer::parse(&given).map_err(unsupported)?;
        let which = known.iter().position(|known| known.id.0 == answer.id).ok_or(PasskeyError::Declined)?;
        Ok((which, answer.secret().ok_or(PasskeyError::NoSecret)?))
    }

    async fn give_up(&self, domain: &str, id: &[u8]) {
        // Where the browser cannot be told, the passkey stays in the device's list and opens nothing.
        let _told = signal_unknown(domain, id).await;
    }
}

async fn are_here() -> Result<bool, Refused> {
    let window = web_sys::window().ok_or(Refused)?;
    let class = Reflect::get(&window, &"PublicKeyCredential".into())?;
    // The name of a site is needed: none is made for a bare address.
    if class.is_undefined() || window.location().hostname()?.parse::<IpAddr>().is_ok() {
        return Ok(false);
    }
    let Some(ask) = function(&class, "getClientCapabilities") else { return Ok(true) };
    let told = settled(ask.call0(&class)?).await?;
    // Only a clear no is one: otherwise it shows when a passkey is made.
    Ok(Reflect::get(&told, &"extension:prf".into())?.as_bool() != Some(false))
}

/// `navigator.credentials.create` or `.get`.
async fn call(method: &str, options: &Object) -> Result<JsValue, PasskeyError> {
    let navigator = web_sys::window().ok_or(PasskeyError::Unsupported)?.navigator();
    let container = Reflect::get(&navigator, &"credentials".into()).map_err(|_| PasskeyError::Unsupported)?;
    let method = function(&container, method).ok_or(PasskeyError::Unsupported)?;
    let promise = method.call1(&container, options).map_err(|error| why(&error))?;
    let credential = settled(promise).await.map_err(|error| why(&error))?;
    if credential.is_object() { Ok(credential) } else { Err(PasskeyError::Declined) }
}

/// What the name of a thrown `DOMException` says.
fn why(error: &JsValue) -> PasskeyError {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "AbortError" => PasskeyError::Declined,
        "InvalidStateError" => PasskeyError::Exists,
        "NotSupportedError" | "ConstraintError" => PasskeyError::NoSecret,
        _ => PasskeyError::Unsupported,
    }
}

fn unsupported(_: Refused) -> PasskeyError {
    PasskeyError::Unsupported
}

fn creation(request: &PasskeyRequest<'_>) -> Result<Object, Refused> {
    let address = request.member.to_string();
    // As short as the pages say it; a name would leave the record.
    let name = format!("{RELYING_PARTY} {}…{}", &address[..6], &address[address.len() - 4..]);
    let algorithms = ALGORITHMS.iter().map(|number| object(&[("type", PUBLIC_KEY.into()), ("alg", (*number).into())]));
    let evaluated = object(&[("first", bytes(request.salt))])?;
    let options = object(&[
        ("rp", object(&[("id", host(request.domain).into()), ("name", RELYING_PARTY.into())])?.into()),
        (
            "user",
            object(&[
                ("id", bytes(request.member.as_slice())),
                ("name", name.as_str().into()),
                ("displayName", name.as_str().into()),
            ])?
            .into(),
        ),
        ("challenge", challenge()),
        ("pubKeyCredParams", algorithms.collect::<Result<Array, _>>()?.into()),
        (
            "authenticatorSelection",
            object(&[
                ("residentKey", "required".into()),
                ("requireResidentKey", true.into()),
                ("userVerification", "required".into()),
            ])?
            .into(),
        ),
        ("attestation", "none".into()),
        ("excludeCredentials", descriptors(request.known)?.into()),
        ("timeout", PATIENCE.into()),
        ("extensions", extension("eval", &evaluated)?),
    ])?;
    object(&[("publicKey", options.into())])
}

fn question(domain: &str, known: &[Passkey]) -> Result<Object, Refused> {
    let by_credential = Object::new();
    for Passkey { id, salt } in known {
        let evaluated = object(&[("first", bytes(&salt.0))])?;
        Reflect::set(&by_credential, &base64url(&id.0).into(), &evaluated)?;
    }
    let options = object(&[
        ("challenge", challenge()),
        ("rpId", host(domain).into()),
        ("allowCredentials", descriptors(known)?.into()),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE.into()),
        ("extensions", extension("evalByCredential", &by_credential)?),
    ])?;
    object(&[("publicKey", options.into())])
}

async fn signal_unknown(domain: &str, id: &[u8]) -> Result<(), Refused> {
    let window = web_sys::window().ok_or(Refused)?;
    let class = Reflect::get(&window, &"PublicKeyCredential".into())?;
    let signal = function(&class, "signalUnknownCredential").ok_or(Refused)?;
    let which = object(&[("rpId", host(domain).into()), ("credentialId", base64url(id).into())])?;
    settled(signal.call1(&class, &which)?).await?;
    Ok(())
}

/// What a browser answers for a passkey.
struct Answer {
    id: Vec<u8>,
    /// The results of the PRF extension, or `undefined`.
    prf: JsValue,
}

impl Answer {
    fn parse(credential: &JsValue) -> Result<Self, Refused> {
        let id: ArrayBuffer = Reflect::get(credential, &"rawId".into())?.dyn_into()?;
        let results = function(credential, "getClientExtensionResults").ok_or(Refused)?.call0(credential)?;
        Ok(Self { id: Uint8Array::new(&id).to_vec(), prf: Reflect::get(&results, &"prf".into())? })
    }

    /// Whether a passkey that was just made says that it holds a secret.
    fn holds_secret(&self) -> bool {
        Reflect::get(&self.prf, &"enabled".into()).is_ok_and(|enabled| enabled == JsValue::TRUE)
    }

    /// The secret, if it was evaluated; the browser's copy is wiped.
    fn secret(&self) -> Option<PasskeyKey> {
        let results = Reflect::get(&self.prf, &"results".into()).ok()?;
        let first: ArrayBuffer = Reflect::get(&results, &"first".into()).ok()?.dyn_into().ok()?;
        let given = Uint8Array::new(&first);
        let output = Zeroizing::new(given.to_vec());
        given.fill(0, 0, given.length());
        PasskeyKey::from_output(&output)
    }
}

/// The relying party of a site: its host without the port.
fn host(domain: &str) -> &str {
    domain.split_once(':').map_or(domain, |(host, _)| host)
}

fn challenge() -> JsValue {
    let mut random = [0; 32];
    browser_rng().fill_bytes(&mut random);
    bytes(&random)
}

fn descriptors(known: &[Passkey]) -> Result<Array, Refused> {
    known.iter().map(|known| object(&[("type", PUBLIC_KEY.into()), ("id", bytes(&known.id.0))])).collect()
}

fn extension(which: &str, inputs: &Object) -> Result<JsValue, Refused> {
    let prf = object(&[(which, inputs.into())])?;
    Ok(object(&[("prf", prf.into())])?.into())
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, Refused> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn function(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

async fn settled(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&promise)).await
}

/// RFC 4648, section 5, without padding: how a browser writes a credential id.
fn base64url(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or_default()));
        for symbol in 0..=chunk.len() {
            text.push(char::from(SYMBOLS[(word >> (18 - 6 * symbol) & 63) as usize]));
        }
    }
    text
}
