//! Random numbers of the browser.

use getrandom::SysRng;
use rand_core::UnwrapErr;

/// `crypto.getRandomValues`. A browser without it ends the page: nothing may be sealed then.
pub type BrowserRng = UnwrapErr<SysRng>;

pub(crate) const fn browser_rng() -> BrowserRng {
    UnwrapErr(SysRng)
}
