//! Shapes from text: every fault with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::{RequestKind, Shape, Shapes};

/// Why a file of shapes cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct ShapesError {
    file: String,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    problem: String,
}

/// The version alone: files of other versions may hold anything else.
#[derive(Deserialize)]
struct Versioned {
    version: Spanned<u32>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(default)]
    shape: Vec<WrittenShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenShape {
    name: Spanned<String>,
    #[serde(default)]
    model: String,
    #[serde(default)]
    about: String,
    requests: Spanned<Vec<Spanned<RequestKind>>>,
}

/// A fault and where it is [byte].
type Fault = (Range<usize>, String);

pub(super) fn parse(text: &str, file: &str) -> Result<Shapes, ShapesError> {
    let shapes = read(text).map_err(|(span, problem)| {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        ShapesError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem,
        }
    })?;
    Ok(Shapes { shape: shapes })
}

fn read(text: &str) -> Result<Vec<Shape>, Fault> {
    let not_toml = |error: toml::de::Error| {
        let place = error.span().unwrap_or_default();
        (place, error.message().to_owned())
    };
    let versioned: Versioned = toml::from_str(text).map_err(not_toml)?;
    let version = versioned.version;
    if *version.get_ref() != Shapes::VERSION {
        let problem = format!(
            "the file has version {}; this program reads version {}",
            version.get_ref(),
            Shapes::VERSION
        );
        return Err((version.span(), problem));
    }
    let written: Written = toml::from_str(text).map_err(not_toml)?;
    if written.shape.is_empty() {
        let problem = "there is no [[shape]]; a file of shapes has one at least";
        return Err((0..0, problem.to_owned()));
    }
    let mut names = BTreeSet::new();
    let shapes = written.shape.into_iter();
    shapes.map(|shape| shape.checked(&mut names)).collect()
}

impl WrittenShape {
    fn checked(self, names: &mut BTreeSet<String>) -> Result<Shape, Fault> {
        let place = self.name.span();
        let name = self.name.into_inner();
        if !names.insert(name.clone()) {
            return Err((place, format!("there are two shapes {name:?}; rename one")));
        }
        let place = self.requests.span();
        let requests = self.requests.into_inner();
        let mut count = 0_u64;
        for kind in &requests {
            let fault = |problem| (kind.span(), problem);
            check(kind.get_ref()).map_err(fault)?;
            let sum = count.checked_add(kind.get_ref().count.get());
            count = sum.ok_or_else(|| fault("there are more requests than 64 bits hold".into()))?;
        }
        if count == 0 {
            return Err((place, format!("shape {name:?} has no requests")));
        }
        Ok(Shape {
            name,
            model: self.model,
            about: self.about,
            requests: requests.into_iter().map(Spanned::into_inner).collect(),
        })
    }
}

fn check(kind: &RequestKind) -> Result<(), String> {
    let RequestKind { input, cached, .. } = kind;
    if cached > input {
        return Err(format!(
            "{cached} cached tokens are more than the {input} of the whole prompt"
        ));
    }
    if *input == 0 && kind.output == Some(0) {
        return Err("a request has neither input nor output; expected one of them".to_owned());
    }
    Ok(())
}
