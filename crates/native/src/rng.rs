//! Random numbers of the system.

use getrandom::SysRng;
use rand_core::UnwrapErr;

/// The system's random numbers. A system without any ends the program: nothing may be sealed then.
pub type SystemRng = UnwrapErr<SysRng>;

pub(crate) const fn system_rng() -> SystemRng {
    UnwrapErr(SysRng)
}
