//! Opens `[[traffic]]` of kind `servegen`: two tables that requests are drawn from.

use std::fs::File;
use std::path::Path;

use anyhow::bail;

use crate::commands::inputs::{self, InputFile};
use crate::config::scenario::TrafficSection;
use crate::workload::TrafficError;
use crate::workload::servegen::{Input, ServeGen, ServeGenOptions};

/// Where the two tables are.
pub(super) struct Tables {
    rates: InputFile,
    tokens: InputFile,
}

impl Tables {
    /// The tables that a section names, relative to `folder`.
    pub(super) fn of(section: &TrafficSection, folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            rates: only(&section.rates, folder)?,
            tokens: only(&section.tokens, folder)?,
        })
    }

    /// Reads them; clients whose tokens are drawn from those of others are noted.
    pub(super) fn open(
        &self,
        options: &ServeGenOptions,
        notes: &mut Vec<String>,
    ) -> Result<ServeGen, TrafficError> {
        let traffic = ServeGen::new(input(&self.rates)?, input(&self.tokens)?, options)?;
        let without = traffic.without_histograms();
        if !without.is_empty() {
            let names = without.iter();
            let names: Vec<_> = names
                .map(|client| format!("{}-{client}", options.prefix))
                .collect();
            notes.push(format!(
                "{} has no histograms of {}: their tokens are drawn from those of all clients \
                 together\n",
                self.tokens.name,
                names.join(", ")
            ));
        }
        Ok(traffic)
    }
}

fn only(name: &str, folder: &Path) -> anyhow::Result<InputFile> {
    let mut found = inputs::find(&[name.to_owned()], folder)?;
    match (found.pop(), found.len()) {
        (Some(file), 0) => Ok(file),
        (_, others) => bail!("{name} names {} files; expected one table", others + 1),
    }
}

fn input(file: &InputFile) -> Result<Input<'_>, TrafficError> {
    let name = &file.name;
    let handle = File::open(&file.path)
        .map_err(|error| TrafficError::new(format!("cannot read {name}: {error}")))?;
    Ok(Input {
        bytes: Box::new(handle),
        name,
    })
}
