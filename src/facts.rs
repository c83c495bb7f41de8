//! Tables of facts about Azure: CSV files whose every row says where it is from, when that was
//! read, and from which day it holds. A row that does not say so does not load.

mod settings;

pub use settings::Settings;

use std::str::FromStr;

use chrono::NaiveDate;
use csv::StringRecord;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::hex::hex;

/// Why a table of facts does not load.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum FactError {
    /// A field is empty or is not what its column holds.
    #[error("{file}:{line}: `{field}` is {found:?}; expected {expected}")]
    Field {
        /// The table.
        file: String,
        /// Line of the table, the header being line 1.
        line: u64,
        /// The column.
        field: String,
        /// What the row has there.
        found: String,
        /// What the column holds.
        expected: String,
    },
    /// The table has no such column.
    #[error("{file}:1: there is no column `{field}`; add it to the header")]
    Column {
        /// The table.
        file: String,
        /// The missing column.
        field: String,
    },
    /// The file is not a CSV table.
    #[error("{file}: {problem}; expected a CSV table with one header line")]
    Csv {
        /// The table.
        file: String,
        /// What the CSV reader says.
        problem: String,
    },
}

/// How the first day of a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The source states the day.
    Stated,
    /// The first of the month in which the source was read: prices change on the first of a
    /// month, so the fact holds from there at the latest.
    Observed,
}

impl Basis {
    /// The word used in tables and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Observed => "observed",
        }
    }
}

impl FromStr for Basis {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "stated" => Ok(Self::Stated),
            "observed" => Ok(Self::Observed),
            _ => Err(()),
        }
    }
}

/// Where a fact is from and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// First day the fact holds.
    pub effective_from: NaiveDate,
    /// Day after the last, where one is known.
    pub effective_until: Option<NaiveDate>,
    /// How the first day is known.
    pub basis: Basis,
    /// Where the fact is from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

impl Provenance {
    /// Whether the fact holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|until| day < until)
    }
}

/// One row of a table of facts.
pub struct Fact<'a> {
    file: &'a str,
    line: u64,
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Fact<'_> {
    /// The text of a column; empty where the row says nothing.
    pub fn text(&self, field: &str) -> Result<&str, FactError> {
        let column = self
            .header
            .iter()
            .position(|name| name == field)
            .ok_or_else(|| FactError::Column {
                file: self.file.to_owned(),
                field: field.to_owned(),
            })?;
        Ok(self.record.get(column).unwrap_or("").trim())
    }

    /// The text of a column that must not be empty.
    pub fn required(&self, field: &str) -> Result<&str, FactError> {
        match self.text(field)? {
            "" => Err(self.refused(field, "a value")),
            text => Ok(text),
        }
    }

    /// The value of a column that must not be empty; `expected` says what it holds.
    pub fn value<T: FromStr>(&self, field: &str, expected: &str) -> Result<T, FactError> {
        self.optional(field, expected)?
            .ok_or_else(|| self.refused(field, expected))
    }

    /// The value of a column, `None` where it is empty.
    pub fn optional<T: FromStr>(
        &self,
        field: &str,
        expected: &str,
    ) -> Result<Option<T>, FactError> {
        match self.text(field)? {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| self.refused(field, expected)),
        }
    }

    /// Where the row is from and when it holds. All but `effective_until` are required.
    pub fn provenance(&self) -> Result<Provenance, FactError> {
        const DAY: &str = "a day such as 2026-10-01";
        let has_end = self.header.iter().any(|name| name == "effective_until");
        let provenance = Provenance {
            effective_from: self.value("effective_from", DAY)?,
            effective_until: if has_end {
                self.optional("effective_until", DAY)?
            } else {
                None
            },
            basis: self.value("effective_basis", "stated or observed")?,
            source: self.required("source")?.to_owned(),
            as_of: self.value("as_of", DAY)?,
        };
        let ends_first = provenance
            .effective_until
            .is_some_and(|until| until <= provenance.effective_from);
        if ends_first {
            return Err(self.refused("effective_until", "a day after effective_from"));
        }
        Ok(provenance)
    }

    /// The error that a column of this row does not hold what is `expected`.
    pub fn refused(&self, field: &str, expected: &str) -> FactError {
        FactError::Field {
            file: self.file.to_owned(),
            line: self.line,
            field: field.to_owned(),
            found: self.text(field).unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        }
    }
}

/// Reads every row of the table `csv`, named `file` in errors, with `read`.
pub fn read<T>(
    file: &str,
    csv: &str,
    read: impl Fn(&Fact<'_>) -> Result<T, FactError>,
) -> Result<Vec<T>, FactError> {
    let not_csv = |error: csv::Error| FactError::Csv {
        file: file.to_owned(),
        problem: error.to_string(),
    };
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().map_err(not_csv)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(not_csv)?;
        rows.push(read(&Fact {
            file,
            line: record.position().map_or(0, csv::Position::line),
            header: &header,
            record: &record,
        })?);
    }
    Ok(rows)
}

/// The first 12 hexadecimal digits of the SHA-256 of `parts`, each preceded by its length.
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "name,effective_from,effective_until,effective_basis,source,as_of\n";

    fn load(row: &str) -> Result<Vec<(String, Provenance)>, FactError> {
        read("facts.csv", &format!("{HEADER}{row}\n"), |fact| {
            Ok((fact.required("name")?.to_owned(), fact.provenance()?))
        })
    }

    #[test]
    fn rows_without_provenance_do_not_load() {
        for (row, message) in [
            (
                "x,2026-10-01,,stated,,2026-10-05",
                "facts.csv:2: `source` is \"\"; expected a value",
            ),
            (
                "x,2026-10-01,,stated,s,",
                "facts.csv:2: `as_of` is \"\"; expected a day such as 2026-10-01",
            ),
            (
                "x,,,stated,s,2026-10-05",
                "facts.csv:2: `effective_from` is \"\"; expected a day such as 2026-10-01",
            ),
            (
                "x,2026-10-01,,guessed,s,2026-10-05",
                "facts.csv:2: `effective_basis` is \"guessed\"; expected stated or observed",
            ),
            (
                "x,2026-10-01,2026-10-01,stated,s,2026-10-05",
                "facts.csv:2: `effective_until` is \"2026-10-01\"; expected a day after effective_from",
            ),
            (
                ",2026-10-01,,stated,s,2026-10-05",
                "facts.csv:2: `name` is \"\"; expected a value",
            ),
        ] {
            assert_eq!(load(row).unwrap_err().to_string(), message, "{row}");
        }
    }

    #[test]
    fn a_full_row_loads_and_holds_in_its_span() {
        let rows = load("x,2026-10-01,2026-12-01,observed,s,2026-10-05").unwrap();
        let held: Vec<bool> = ["2026-09-30", "2026-10-01", "2026-11-30", "2026-12-01"]
            .map(|day| rows[0].1.holds_on(day.parse().unwrap()))
            .to_vec();
        assert_eq!(held, [false, true, true, false]);
    }

    #[test]
    fn other_shapes_are_named() {
        let error = read("f.csv", "a\n1\n", |fact| {
            fact.required("b").map(str::to_owned)
        });
        assert_eq!(
            error.unwrap_err().to_string(),
            "f.csv:1: there is no column `b`; add it to the header"
        );
        assert!(matches!(load("x,y"), Err(FactError::Csv { .. })));
    }

    #[test]
    fn fingerprints_tell_parts_apart() {
        let of = |parts: &[&[u8]]| fingerprint(parts.iter().copied());
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_eq!(of(&[b"ab"]).len(), 12);
    }
}
