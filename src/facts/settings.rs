//! Tables of single figures: settings and limits of a service, by name.

use std::num::NonZero;

use super::{FactError, Provenance, read};

/// Named figures, each with its source: a table with the columns `setting` and `value`.
#[derive(Clone, Debug)]
pub struct Settings {
    file: &'static str,
    rows: Vec<(String, NonZero<u32>, Provenance)>,
}

impl Settings {
    /// Reads the table `csv`, which errors call `file`.
    pub fn read(file: &'static str, csv: &str) -> Result<Self, FactError> {
        let rows = read(file, csv, |fact| {
            let value: NonZero<u32> = fact.value("value", "a whole number above 0")?;
            let name = fact.required("setting")?.to_owned();
            Ok((name, value, fact.provenance()?))
        })?;
        Ok(Self { file, rows })
    }

    /// The figure of this name; a table without it is an error.
    pub fn get(&self, name: &str) -> Result<NonZero<u32>, FactError> {
        let row = self.rows.iter().find(|(setting, ..)| setting == name);
        row.map(|(_, value, _)| *value)
            .ok_or_else(|| FactError::Csv {
                file: self.file.to_owned(),
                problem: format!("there is no setting `{name}`"),
            })
    }

    /// Every name with its source, in the order of the table.
    pub fn provenance(&self) -> impl Iterator<Item = (&str, &Provenance)> {
        let rows = self.rows.iter();
        rows.map(|(name, _, provenance)| (name.as_str(), provenance))
    }
}
