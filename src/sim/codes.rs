//! Sets of HTTP statuses as they are written in files.

use serde::Deserialize;

/// A set of HTTP statuses, written as a list of numbers and classes: `[429, "5xx"]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<Code>")]
pub struct Codes([u64; WORDS]);

/// Words of a set that holds every status.
const WORDS: usize = 10;
/// The statuses there are.
const STATUSES: std::ops::Range<u16> = 100..600;

/// One entry of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Code {
    Number(i64),
    Class(String),
}

impl Codes {
    /// Whether `status` is in the set.
    pub const fn contains(&self, status: u16) -> bool {
        let word = status as usize / 64;
        word < WORDS && (self.0[word] >> (status % 64)) & 1 == 1
    }

    /// Whether no status is in the set.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    fn add(&mut self, statuses: std::ops::Range<u16>) {
        for status in statuses {
            self.0[usize::from(status) / 64] |= 1 << (status % 64);
        }
    }
}

impl FromIterator<u16> for Codes {
    /// The set of these statuses; numbers that are no status are left out.
    fn from_iter<I: IntoIterator<Item = u16>>(statuses: I) -> Self {
        let mut codes = Self::default();
        for status in statuses.into_iter().filter(|code| STATUSES.contains(code)) {
            codes.add(status..status + 1);
        }
        codes
    }
}

impl TryFrom<Vec<Code>> for Codes {
    type Error = String;

    fn try_from(list: Vec<Code>) -> Result<Self, String> {
        let mut codes = Self::default();
        for code in list {
            codes.add(code.statuses()?);
        }
        Ok(codes)
    }
}

impl Code {
    /// The statuses it stands for.
    fn statuses(&self) -> Result<std::ops::Range<u16>, String> {
        let refused = |found: &str| {
            format!(
                "{found} is no HTTP status; expected a number such as 429 or a class such as \"5xx\""
            )
        };
        match self {
            Self::Number(number) => u16::try_from(*number)
                .ok()
                .filter(|status| STATUSES.contains(status))
                .map(|status| status..status + 1)
                .ok_or_else(|| refused(&number.to_string())),
            Self::Class(text) => text
                .strip_suffix("xx")
                .and_then(|digit| digit.parse::<u16>().ok())
                .filter(|digit| (1..=5).contains(digit))
                .map(|digit| digit * 100..(digit + 1) * 100)
                .ok_or_else(|| refused(&format!("{text:?}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        codes: Codes,
    }

    #[test]
    fn numbers_and_classes_make_a_set() {
        let file: File = toml::from_str("codes = [429, \"5xx\"]").unwrap();
        let found: Vec<u16> = [428, 429, 430, 499, 500, 503, 599, 600, 65_535]
            .into_iter()
            .filter(|status| file.codes.contains(*status))
            .collect();
        assert_eq!(found, [429, 500, 503, 599]);
    }

    #[test]
    fn what_is_no_status_is_refused() {
        for text in [
            "[42]",
            "[700]",
            "[-1]",
            "[\"9xx\"]",
            "[\"5x\"]",
            "[\"429\"]",
        ] {
            let read = toml::from_str::<File>(&format!("codes = {text}"));
            assert!(
                read.err()
                    .unwrap()
                    .to_string()
                    .contains("is no HTTP status")
            );
        }
    }
}
