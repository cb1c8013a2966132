//! What must never come near the relay: it handles ciphertext and could not open it if it wanted to.

use std::process::Command;

#[test]
fn no_cryptography_of_ours_comes_near_the_relay() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", "medkey-relay", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(["--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"medkey-protocol"), "the tree is the relay's");
    for absent in ["medkey-crypto", "medkey-client", "medkey-native", "hpke", "aes-gcm", "ml-kem", "x25519-dalek"] {
        assert!(!names.contains(&absent), "the relay depends on {absent}");
    }
}
