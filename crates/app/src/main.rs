//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    // In a build for developers a panic says where it was.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    leptos::mount::mount_to_body(medkey_app::wire::App);
}

/// The app runs in a browser only; its views are tested anywhere.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
