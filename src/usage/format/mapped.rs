//! Any other CSV or JSON lines, read by column names from the configuration (`[[source]]`).

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::apim_llm::{more_cached_than_input, too_many};
use super::context::{CachedTokens, request_of};
use super::{Context, Fault, Format, Row, Slot, Value, Vocabulary};
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;

/// Rows read by a `[[source]]` of the configuration.
pub(super) static FORMAT: Format = Format {
    name: "mapped source",
    fields: &[],
    categories: &[],
    needs: &[],
    excludes: &[],
    vital: &[],
    read,
};

/// A `[[source]]` of the configuration: which files it reads, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "MappedSourceText", into = "MappedSourceText")]
pub struct MappedSource {
    name: String,
    files: glob::Pattern,
    columns: MappedColumns,
    input_excludes_cached: bool,
}

/// A `[[source]]` as written, before it is checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct MappedSourceText {
    /// Shown in messages.
    name: String,
    /// Glob on the file's name, or on its whole path.
    files: String,
    /// Field of tollbook = column of the file; `time` and one of `input`, `output` and `requests` are
    /// needed.
    columns: MappedColumns,
    /// Whether the source counts cached tokens beside the prompt, not in it.
    #[serde(default)]
    input_excludes_cached: bool,
}

/// The column or key of each field of a [`MappedSource`]; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("required" = ["time"], "examples" = [{ "time": "when", "input": "prompt" }])))]
#[serde(default, deny_unknown_fields)]
pub struct MappedColumns {
    /// When the request arrived.
    pub time: String,
    /// What is the same in all rows of a request; without it, equal rows are one request.
    pub request_id: String,
    /// Subscription of the caller.
    pub subscription: String,
    /// Product of the caller.
    pub product: String,
    /// Client application of the caller.
    pub app: String,
    /// End user; dropped, or replaced by a pseudonym.
    pub user: String,
    /// Gateway API.
    pub api: String,
    /// Gateway operation.
    pub operation: String,
    /// Deployment asked for.
    pub deployment: String,
    /// Model served.
    pub model: String,
    /// Gateway backend.
    pub backend: String,
    /// Azure region of the backend.
    pub region: String,
    /// Provisioned deployment the request was spilled from.
    pub spilled_from: String,
    /// HTTP status.
    pub status: String,
    /// Prompt tokens.
    pub input: String,
    /// Prompt tokens read from a cache.
    pub cached_input: String,
    /// Prompt tokens written to a cache.
    pub cache_write: String,
    /// Answer tokens.
    pub output: String,
    /// Reasoning tokens.
    pub reasoning: String,
    /// Requests the row stands for; 1 without it.
    pub requests: String,
    /// Whether the answer was streamed.
    pub streamed: String,
}

/// Why a `[[source]]` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappedSourceError {
    /// The file pattern is not one.
    #[error(
        "source {name:?}: `files` is {files:?}: {reason}; expected a pattern such as \"*.csv\""
    )]
    Files {
        /// The source's name.
        name: String,
        /// The pattern.
        files: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A column that every source needs has no name.
    #[error("source {name:?}: `columns` does not name {missing}, without which rows have no use")]
    Column {
        /// The source's name.
        name: String,
        /// What is missing.
        missing: &'static str,
    },
    /// One column is named for two fields.
    #[error("source {name:?}: column {column:?} is named for two fields; a column is one field")]
    Twice {
        /// The source's name.
        name: String,
        /// The column.
        column: String,
    },
}

impl TryFrom<MappedSourceText> for MappedSource {
    type Error = MappedSourceError;

    fn try_from(text: MappedSourceText) -> Result<Self, Self::Error> {
        let MappedSourceText {
            name,
            files,
            columns,
            input_excludes_cached,
        } = text;
        let pattern = match glob::Pattern::new(&files) {
            Ok(pattern) if !files.is_empty() => pattern,
            Ok(_) => {
                return Err(MappedSourceError::Files {
                    name,
                    files,
                    reason: "empty",
                });
            }
            Err(error) => {
                return Err(MappedSourceError::Files {
                    name,
                    files,
                    reason: error.msg,
                });
            }
        };
        let missing = if columns.time.is_empty() {
            Some("`time`")
        } else if columns.input.is_empty()
            && columns.output.is_empty()
            && columns.requests.is_empty()
        {
            Some("any of `input`, `output` and `requests`")
        } else {
            None
        };
        if let Some(missing) = missing {
            return Err(MappedSourceError::Column { name, missing });
        }
        let mut named: Vec<_> = columns.named().map(|(_, column)| column).collect();
        named.sort_unstable();
        if let Some(pair) = named.windows(2).find(|pair| pair[0] == pair[1]) {
            let column = pair[0].to_owned();
            return Err(MappedSourceError::Twice { name, column });
        }
        Ok(Self {
            name,
            files: pattern,
            columns,
            input_excludes_cached,
        })
    }
}

impl From<MappedSource> for MappedSourceText {
    fn from(source: MappedSource) -> Self {
        Self {
            name: source.name,
            files: source.files.as_str().to_owned(),
            columns: source.columns,
            input_excludes_cached: source.input_excludes_cached,
        }
    }
}

impl MappedSource {
    /// The source's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file pattern.
    pub fn files(&self) -> &str {
        self.files.as_str()
    }

    /// Whether this source reads the input shown as `path`: by its file name, or all of it.
    pub fn reads(&self, path: &str) -> bool {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        self.files.matches(name) || self.files.matches(path)
    }

    /// The columns it reads.
    pub(crate) fn vocabulary(&self) -> Vocabulary {
        Vocabulary::new(self.columns.named())
    }

    /// How it counts cached tokens.
    pub(crate) const fn cached(&self) -> CachedTokens {
        if self.input_excludes_cached {
            CachedTokens::Beside
        } else {
            CachedTokens::Included
        }
    }

    /// The name of its column for `slot`, if any.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (Slot, &str)> {
        self.columns.named()
    }
}

impl MappedColumns {
    /// Every field that has a column.
    fn named(&self) -> impl Iterator<Item = (Slot, &str)> {
        let all = [
            (Slot::Time, &self.time),
            (Slot::RequestId, &self.request_id),
            (Slot::Subscription, &self.subscription),
            (Slot::Product, &self.product),
            (Slot::App, &self.app),
            (Slot::User, &self.user),
            (Slot::Api, &self.api),
            (Slot::Operation, &self.operation),
            (Slot::Deployment, &self.deployment),
            (Slot::Model, &self.model),
            (Slot::Backend, &self.backend),
            (Slot::Region, &self.region),
            (Slot::SpilledFrom, &self.spilled_from),
            (Slot::Status, &self.status),
            (Slot::Input, &self.input),
            (Slot::CachedInput, &self.cached_input),
            (Slot::CacheWrite, &self.cache_write),
            (Slot::Output, &self.output),
            (Slot::Reasoning, &self.reasoning),
            (Slot::Requests, &self.requests),
            (Slot::Streamed, &self.streamed),
        ];
        all.into_iter()
            .map(|(slot, column)| (slot, column.as_str()))
            .filter(|(_, column)| !column.is_empty())
    }
}

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    context.derive_api(row.text(Slot::Api));
    context.derive_region(row.text(Slot::Region));
    context.derive_user(row.text(Slot::User));
    let request = match row.text(Slot::RequestId) {
        "" => request_of_content(row),
        id => request_of(id),
    };
    let prompt = row.count(Slot::Input)?;
    let output = row.count(Slot::Output)?;
    let cached_input = row.count(Slot::CachedInput)?.unwrap_or(0);
    let cache_write = row.count(Slot::CacheWrite)?.unwrap_or(0);
    let requests = row.count(Slot::Requests)?.unwrap_or(1);
    let input = match context.cached {
        CachedTokens::Included => prompt.unwrap_or(0),
        CachedTokens::Beside => prompt
            .unwrap_or(0)
            .checked_add(cached_input)
            .and_then(|input| input.checked_add(cache_write))
            .ok_or_else(too_many)?,
    };
    if cached_input > input {
        return Err(more_cached_than_input());
    }
    Ok(Fragment {
        request,
        row_key: 0,
        part: Part::Whole,
        time: row.time(context.clock)?,
        dimensions: dimensions(row, context),
        status: row.status()?,
        input,
        cached_input,
        cache_write,
        output: output.unwrap_or(0),
        reasoning: row.count(Slot::Reasoning)?.unwrap_or(0),
        total: None,
        requests,
        streamed: row.flag(Slot::Streamed),
        cache_hit: false,
        quality: match (prompt, output) {
            _ if requests > 1 => Quality::Aggregated,
            (None, None) => Quality::Missing,
            _ => Quality::Exact,
        },
        source: context.source,
        line: context.line,
    })
}

fn dimensions<'a>(row: &'a Row, context: &'a Context) -> Dimensions<&'a str> {
    Dimensions {
        subscription: row.text(Slot::Subscription),
        product: row.text(Slot::Product),
        app: row.text(Slot::App),
        user: &context.derived.user,
        api: &context.derived.api,
        operation: row.text(Slot::Operation),
        deployment: row.text(Slot::Deployment),
        model: row.text(Slot::Model),
        backend: row.text(Slot::Backend),
        region: &context.derived.region,
        spilled_from: row.text(Slot::SpilledFrom),
    }
}

/// The hash of everything mapped: rows that agree in it are one row delivered twice.
fn request_of_content(row: &Row) -> u128 {
    let mut content = String::with_capacity(256);
    for slot in Slot::ALL {
        match row.value(*slot) {
            Some(Value::Text { .. }) => content.push_str(row.text(*slot)),
            Some(Value::Integer(number)) => {
                write!(content, "{number}").expect("writing to a string never fails");
            }
            Some(Value::Flag(truth)) => content.push_str(truth.word()),
            None => {}
        }
        content.push('\0');
    }
    request_of(&content)
}
