//! The committed prompts are what the generator writes.

use std::fs;
use std::path::{Path, PathBuf};

use super::samples::generator::prompts;

const SEED: u64 = 2026;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tokens")
}

#[test]
fn the_committed_prompts_are_what_the_generator_writes() {
    for (path, bytes) in prompts::files(SEED) {
        let found = fs::read(folder().join(&path)).unwrap_or_default();
        assert!(
            found == bytes,
            "{path} differs; see samples/tokens/README.md for how it is made"
        );
    }
}

#[test]
fn every_file_is_explained() {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            name == "README.md" || readme.contains(&format!("`{name}`")),
            "{name}"
        );
    }
}
