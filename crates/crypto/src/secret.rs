//! Secrets are types of their own, so that the compiler keeps them from being copied, printed or stored.

use rand_core::CryptoRng;
use zeroize::Zeroize;

/// `N` secret bytes on the heap (so that a move leaves no copy behind), wiped on drop.
pub(crate) struct SecretBytes<const N: usize>(Box<[u8; N]>);

impl<const N: usize> SecretBytes<N> {
    pub(crate) fn zeroed() -> Self {
        Self(Box::new([0; N]))
    }

    pub(crate) fn make(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut made = Self::zeroed();
        rng.fill_bytes(made.expose_mut());
        made
    }

    /// `None` when `bytes` is not exactly `N` long.
    pub(crate) fn copy_from(bytes: &[u8]) -> Option<Self> {
        let mut copy = Self::zeroed();
        if bytes.len() != N {
            return None;
        }
        copy.0.copy_from_slice(bytes);
        Some(copy)
    }

    pub(crate) fn expose(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for SecretBytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Declares a secret of its own type: no `Clone`, `Display` or `Serialize`, wiped on drop, and a `Debug` that shows
/// the name alone.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        pub struct $name(pub(crate) $crate::secret::SecretBytes<$length>);

        impl $name {
            /// Length in bytes.
            pub const LENGTH: usize = $length;

            /// The bytes themselves. Whoever calls this answers for what becomes of them.
            #[must_use]
            pub fn expose(&self) -> &[u8; $length] {
                self.0.expose()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }
    };
}
pub(crate) use secret;
