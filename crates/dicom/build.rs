//! The worker's memory has an end: what a hostile file asks for fails there, and nowhere else.

/// Room for the largest file that is shown, a frame of it, and the picture that is made of the frame.
const MEMORY_AT_MOST: u32 = 768 << 20;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo:rustc-link-arg-bins=--max-memory={MEMORY_AT_MOST}");
    }
}
