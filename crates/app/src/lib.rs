//! What a person sees: components, and pages as views over plain data.
//! Nothing here decides; the views get view models and hand back what was asked.

pub mod clock;
pub mod components;
pub mod fhir;
pub mod load;
pub mod pages;
pub mod speaking;
#[cfg(target_arch = "wasm32")]
pub mod wire;
