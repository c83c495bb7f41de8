//! Texts as they must come out, kept as files that a reviewer can read.

use std::path::Path;

/// Compares `text` with `tests/it/golden/<name>`; with `TOLLBOOK_UPDATE_GOLDENS` set, writes it.
pub(crate) fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/golden")
        .join(name);
    if std::env::var_os("TOLLBOOK_UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{name} is not as expected; set TOLLBOOK_UPDATE_GOLDENS=1 to accept\n--- expected\n{expected}\n--- found\n{text}"
    );
}
