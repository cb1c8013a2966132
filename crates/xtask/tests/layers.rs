//! The map of the code in the README names what is absent; here it is kept true.

#![allow(clippy::expect_used, reason = "a test that cannot look fails")]

use std::process::Command;

use serde_json::Value;

/// The names of what a crate of this workspace depends on, tests aside.
fn dependencies(package: &str) -> Vec<String> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|one| one["name"] == package).expect("the crate is in the workspace");
    let dependencies = package["dependencies"].as_array().expect("it has dependencies");
    let own = dependencies.iter().filter(|one| one["kind"] != "dev");
    own.map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
}

fn assert_absent(package: &str, absent: &[&str]) {
    let found: Vec<String> = dependencies(package).into_iter().filter(|one| absent.contains(&one.as_str())).collect();
    assert!(found.is_empty(), "{package} depends on {found:?}");
}

#[test]
fn pure_crates_have_no_io_no_clock_and_no_random_numbers_of_their_own() {
    const RIM: [&str; 8] =
        ["getrandom", "gloo-net", "js-sys", "reqwest", "tokio", "wasm-bindgen", "web-sys", "web-time"];
    for package in ["medkey-protocol", "medkey-crypto", "medkey-client"] {
        assert_absent(package, &RIM);
    }
}

#[test]
fn dependencies_point_down() {
    assert_absent("medkey-protocol", &["medkey-crypto", "medkey-client", "medkey-relay"]);
    assert_absent("medkey-crypto", &["medkey-client", "medkey-relay"]);
    assert_absent("medkey-client", &["medkey-browser", "medkey-native", "medkey-relay"]);
    assert_absent("medkey-app", &["medkey-crypto", "medkey-native", "medkey-relay"]);
    assert_absent("medkey-relay", &["medkey-crypto", "medkey-client", "hpke", "aes-gcm"]);
}

#[test]
fn what_reads_dicom_knows_nothing_else_and_nothing_else_reads_it() {
    let all =
        ["protocol", "crypto", "client", "browser", "native", "relay", "app"].map(|name| format!("medkey-{name}"));
    assert_absent("medkey-dicom", &all.each_ref().map(String::as_str));
    assert_absent("medkey-app", &["dicom-parser", "jpeg-decoder", "hayro-jpeg2000"]);
}

#[test]
fn what_looks_at_pictures_for_codes_does_so_where_no_key_is() {
    let all =
        ["protocol", "crypto", "client", "browser", "native", "relay", "app"].map(|name| format!("medkey-{name}"));
    assert_absent("medkey-scan", &all.each_ref().map(String::as_str));
    for package in ["medkey-app", "medkey-browser"] {
        assert_absent(package, &["rqrr"]);
    }
}

#[test]
fn the_check_sees_what_is_there() {
    assert!(dependencies("medkey-client").contains(&"medkey-crypto".to_owned()));
}
