//! What records are counted as.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::tokenizer::count::{Count, Part};
use crate::tokenizer::counting::Options;
use crate::tokenizer::engine::Engines;
use crate::tokenizer::family::Family;
use crate::tokenizer::model::{Model, ModelError, Ratio};
use crate::tokenizer::{EncodingName, Engine};

/// What records are counted as.
#[derive(Clone, Debug)]
pub struct Rules<'r> {
    /// The engines.
    pub engines: Engines,
    /// What names of models mean.
    pub catalog: &'r Catalog,
    /// Models by the names of deployments, lower case.
    pub deployments: BTreeMap<String, String>,
    /// The encoding of every record, in place of its model's.
    pub encoding: Option<EncodingName>,
    /// Every record is counted as each of these models; as its own if there are none.
    pub models: Vec<String>,
    /// What becomes of models without a public tokenizer.
    pub approximate: Approximate,
    /// What the user says about requests that they do not say themselves.
    pub options: Options,
}

/// What becomes of models without a public tokenizer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approximate {
    /// They are not counted.
    #[default]
    Not,
    /// They are counted by another tokenizer and scaled by the ratio known for them.
    ByKnown,
    /// They are counted by another tokenizer and scaled by this ratio.
    By(Ratio),
}

/// What the records of one model are counted with.
#[derive(Clone)]
pub struct Counting {
    /// The model.
    pub model: Model,
    /// The engine of its encoding.
    pub engine: &'static dyn Engine,
    /// How it frames messages.
    pub family: Family,
}

impl Rules<'_> {
    /// Builds the tables of the encodings that are sure to be used, on a thread of its own.
    pub fn preload(&self) {
        let of_models = self
            .models
            .iter()
            .filter_map(|name| self.resolve(name).ok());
        let mut encodings: Vec<EncodingName> = of_models.map(|model| model.encoding).collect();
        if encodings.is_empty() {
            encodings.push(self.encoding.unwrap_or(Model::UNKNOWN));
        }
        // Nobody waits for it: whoever needs a table that is not there yet does.
        drop(self.engines.preload(encodings));
    }

    /// What a model or deployment is counted as; an empty name is that of records which name none.
    pub fn resolve(&self, name: &str) -> Result<Model, ModelError> {
        self.model(self.model_of(name))
    }

    /// What to count the records of a model or deployment with.
    pub fn counting(&self, name: &str) -> Result<Counting, ModelError> {
        let model = self.resolve(name)?;
        Ok(Counting {
            engine: self.engines.get(model.encoding),
            family: Family::of(&model.family),
            model,
        })
    }

    /// The model of a deployment; any other name is that of a model.
    fn model_of<'n>(&'n self, name: &'n str) -> &'n str {
        let model = self.deployments.get(&name.trim().to_lowercase());
        model.map_or(name, String::as_str)
    }

    fn model(&self, name: &str) -> Result<Model, ModelError> {
        if let Some(encoding) = self.encoding {
            return Ok(Model {
                encoding,
                reason: None,
                approximation: None,
                ..Model::approximate(self.catalog, name, None)
            });
        }
        match self.approximate {
            _ if name.is_empty() => Ok(unnamed()),
            Approximate::Not => Model::resolve(self.catalog, name),
            Approximate::ByKnown => Ok(Model::approximate(self.catalog, name, None)),
            Approximate::By(ratio) => Ok(Model::approximate(self.catalog, name, Some(ratio))),
        }
    }
}

/// The model of records that name none: no reason for doubt, since nothing was claimed.
fn unnamed() -> Model {
    Model {
        name: String::new(),
        known: None,
        family: String::new(),
        encoding: Model::UNKNOWN,
        reason: None,
        approximation: None,
    }
}

impl Counting {
    /// The version that the model's name tells.
    pub fn version(&self) -> Option<String> {
        self.model.known.as_ref()?.version.clone()
    }

    /// The count with what the model says about it.
    pub fn judged(&self, mut count: Count) -> Count {
        if let Some(approximation) = &self.model.approximation {
            let ratio = approximation.ratio;
            let mut scaled = Count::default();
            for part in Part::ALL {
                let tokens = u64::try_from(count.part(part)).map(|tokens| ratio.of(tokens));
                let tokens = tokens.ok().and_then(|tokens| i64::try_from(tokens).ok());
                scaled.add(part, tokens.unwrap_or_else(|| count.part(part)));
            }
            count.reasons().for_each(|reason| scaled.doubt(reason));
            count = scaled;
        }
        if let Some(reason) = self.model.reason {
            count.doubt(reason);
        }
        count
    }
}
