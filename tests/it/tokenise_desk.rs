//! Counts inputs in memory, and tells each record in a line that a reviewer can read.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZero;

use tollbook::catalog::Catalog;
use tollbook::tokenizer::Counted;
use tollbook::tokenizer::counting::Options;
use tollbook::tokenizer::engine::{Engines, Load, SpecialTokens};
use tollbook::tokenizer::pipeline::{Approximate, Outcome, Pipeline, Rules};
use tollbook::tokenizer::source::{Fields, Input, Kind, Reading};

/// What was counted, and what was found beside.
pub(crate) struct Counts {
    pub(crate) counted: Vec<Counted>,
    pub(crate) outcome: Outcome,
}

/// How inputs are counted.
pub(crate) struct Desk {
    pub(crate) reading: Reading,
    pub(crate) models: Vec<String>,
    pub(crate) deployments: Vec<(String, String)>,
    pub(crate) threads: usize,
}

impl Desk {
    /// Everything is told by the inputs.
    pub(crate) fn new() -> Self {
        Self {
            reading: Reading::default(),
            models: Vec::new(),
            deployments: Vec::new(),
            threads: 1,
        }
    }

    pub(crate) fn with_kind(mut self, kind: Kind) -> Self {
        self.reading.kind = kind;
        self
    }

    /// With fields that the user names: column, model, app, tag.
    pub(crate) fn with_fields(mut self, fields: [&str; 4]) -> Self {
        let [column, model, app, tag] =
            fields.map(|name| Some(name.to_owned()).filter(|name| !name.is_empty()));
        self.reading.fields = Fields {
            column,
            model,
            app,
            tag,
        };
        self
    }

    pub(crate) fn count(&self, inputs: &[Input]) -> Counts {
        let catalog = Catalog::bundled();
        let deployments: BTreeMap<_, _> = self.deployments.iter().cloned().collect();
        let rules = Rules {
            engines: Engines::new(Load::Single, SpecialTokens::Text),
            catalog: &catalog,
            deployments,
            encoding: None,
            models: self.models.clone(),
            approximate: Approximate::Not,
            options: Options::default(),
        };
        let pipeline = Pipeline {
            inputs,
            reading: &self.reading,
            rules: &rules,
            threads: NonZero::new(self.threads).unwrap(),
            progress: &|_| {},
            sampling: None,
        };
        let mut all = Vec::new();
        let outcome = pipeline.run(&mut |_, counted| -> Result<(), Infallible> {
            all.push(counted.clone());
            Ok(())
        });
        let outcome = outcome.unwrap();
        assert!(outcome.rows.balances(), "{:?}", outcome.rows);
        Counts {
            counted: all,
            outcome,
        }
    }

    /// Counts one input of this name and content.
    pub(crate) fn count_one(&self, name: &str, content: impl AsRef<[u8]>) -> Counts {
        self.count(&[Input::from_bytes(name, content.as_ref())])
    }
}

impl Counts {
    /// One line a record: `file:line model app tag input[>output]`, `-` where there is nothing.
    pub(crate) fn table(&self) -> Vec<String> {
        let line = |counted: &Counted| {
            let labels = &counted.labels;
            let [model, app, tag] = [&labels.model, &labels.app, &labels.tag]
                .map(|text| if text.is_empty() { "-" } else { text });
            let output = counted.output.map(|output| format!(">{output}"));
            format!(
                "{}:{} {model} {app} {tag} {}{}",
                labels.file,
                counted.line,
                counted.input.total(),
                output.unwrap_or_default()
            )
        };
        self.counted.iter().map(line).collect()
    }

    /// One line a fault: `file:line: what`.
    pub(crate) fn faults(&self) -> Vec<String> {
        let kinds = self.outcome.diagnostics.kinds();
        let mut faults: Vec<String> = kinds
            .flat_map(|(problem, _, places)| {
                places
                    .into_iter()
                    .map(|place| format!("{}:{}: {}", place.source, place.line, problem.what))
            })
            .collect();
        faults.sort();
        faults
    }
}
