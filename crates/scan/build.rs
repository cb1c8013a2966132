//! The worker's memory has an end: what a picture asks for beyond it fails there, and nowhere else.

/// Room for a picture as it is handed over, and its brightness, several times over.
const MEMORY_AT_MOST: u32 = 128 << 20;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo:rustc-link-arg-bins=--max-memory={MEMORY_AT_MOST}");
    }
}
