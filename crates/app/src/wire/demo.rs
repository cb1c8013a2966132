//! The demo's wallet: a script of its own, loaded only where the page was built for the demo.

use leptos::prelude::*;

use super::build;

/// Loads it. It announces itself like any other wallet.
pub fn load_wallet() {
    let Some(node) = build::demo_node() else { return };
    let document = document();
    let (Ok(script), Some(head)) = (document.create_element("script"), document.head()) else { return };
    for (name, value) in
        [("type", "module"), ("src", "/demo-wallet.js"), ("data-medkey-demo-wallet", ""), ("data-node", node)]
    {
        // Cannot fail on a new element.
        let _set = script.set_attribute(name, value);
    }
    let _loaded = head.append_child(&script);
}
