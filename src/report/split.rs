//! One file per business unit: names that every system can store, and no two alike.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::facts::Report;
use crate::hex::hex;

/// Longest part of a name that is kept [character]; with four bytes each it fits any system.
const LONGEST: usize = 48;

/// Names that Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A file's name and its content.
pub type NamedFile = (String, String);

/// The file of each business unit: what `render` writes of the unit's part of the report.
pub fn by_business_unit(
    report: &Report,
    extension: &str,
    render: impl Fn(&Report) -> String,
) -> Vec<NamedFile> {
    let units = report.business_units();
    let names = file_names(&units);
    units
        .iter()
        .zip(names)
        .map(|(unit, name)| (format!("{name}.{extension}"), render(&report.only(unit))))
        .collect()
}

/// A file name for each of these different names, without extension: readable where it can be,
/// with a part of the name's SHA-256 where two would meet on some system (which may ignore case,
/// or write accents in another way), or where nothing readable is left.
pub fn file_names(units: &[&str]) -> Vec<String> {
    let stems: Vec<String> = units.iter().map(|unit| stem(unit)).collect();
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for stem in &stems {
        *met.entry(stem.to_lowercase()).or_default() += 1;
    }
    let is_alone = |stem: &str, unit: &str| is_plain(stem, unit) && met[&stem.to_lowercase()] == 1;
    let named = || stems.iter().zip(units);
    let mut taken: BTreeSet<String> = named()
        .filter(|(stem, unit)| is_alone(stem, unit))
        .map(|(stem, _)| stem.to_lowercase())
        .collect();
    named()
        .map(|(stem, unit)| {
            if is_alone(stem, unit) {
                return stem.clone();
            }
            hashed_names(stem, unit)
                .find(|name| taken.insert(name.to_lowercase()))
                .expect("different names have different SHA-256 hashes")
        })
        .collect()
}

/// The stem with more and more of the name's hash.
fn hashed_names(stem: &str, unit: &str) -> impl Iterator<Item = String> {
    let hash = hex(&Sha256::digest(unit.as_bytes()));
    [8, 16, hash.len()].into_iter().map(move |length| {
        let name = format!("{stem}-{}", &hash[..length]);
        name.trim_start_matches('-').to_owned()
    })
}

/// The letters and digits of a name, with one `-` for each run of anything else.
fn stem(unit: &str) -> String {
    let mut stem = String::new();
    for c in unit.chars().take(LONGEST) {
        if c.is_alphanumeric() || c == '_' {
            stem.push(c);
        } else if !stem.ends_with('-') {
            stem.push('-');
        }
    }
    stem.trim_matches('-').to_owned()
}

/// Whether a stem can be a file name by itself: ASCII, because systems differ in how they write
/// other letters; not a device; nothing cut off.
fn is_plain(stem: &str, unit: &str) -> bool {
    let lower = stem.to_lowercase();
    let is_port = |device: &str| {
        lower
            .strip_prefix(device)
            .is_some_and(|port| port.len() == 1 && port.as_bytes()[0].is_ascii_digit())
    };
    !stem.is_empty()
        && stem.is_ascii()
        && unit.chars().count() <= LONGEST
        && !DEVICES.contains(&lower.as_str())
        && !is_port("com")
        && !is_port("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_readable_where_they_can() {
        let units = [
            "Human Resources",
            "R&D / AI",
            "__idle__",
            "__unattributed__",
        ];
        assert_eq!(
            file_names(&units),
            ["Human-Resources", "R-D-AI", "__idle__", "__unattributed__"]
        );
    }

    #[test]
    fn names_that_would_meet_are_told_apart() {
        let names = file_names(&["HR", "hr", "A/B", "A\\B", "CON", "", "Vertrieb Süd"]);
        assert_eq!(names[0][..3], *"HR-");
        assert_eq!(names[1][..3], *"hr-");
        assert_eq!(names[2][..4], *"A-B-");
        assert_eq!(names[4][..4], *"CON-");
        assert_eq!(names[5].len(), 8);
        assert_eq!(names[6][..14], *"Vertrieb-Süd-");
    }

    proptest! {
        #[test]
        fn no_two_files_meet_on_any_system(
            units in proptest::collection::btree_set("[aAbB/.: ü\u{0}]{0,5}|.{0,60}", 1..20)
        ) {
            let units: Vec<&str> = units.iter().map(String::as_str).collect();
            let names = file_names(&units);
            let different: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(different.len(), units.len());
            for name in &names {
                prop_assert!(!name.is_empty() && name.len() < 240);
                prop_assert!(name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'));
            }
        }
    }
}
