//! Reads the shapes that made-up apps draw their requests from.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::Context;

use crate::config::Config;
use crate::config::scenario::{ShapeSection, TrafficSection};
use crate::report::text::visible;
use crate::shapes::{Shape, Shapes};

/// `--shape FILE[:NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands) struct ShapeFlag(pub(super) ShapeSection);

/// How names of files of shapes end.
const ENDING: &str = ".toml";

impl FromStr for ShapeFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (file, name) = match text.split_once(&format!("{ENDING}:")) {
            Some((stem, name)) => (format!("{stem}{ENDING}"), Some(name.to_owned())),
            None => (text.to_owned(), None),
        };
        if file == ENDING || !file.ends_with(ENDING) {
            return Err(format!(
                "{text:?} is no file of shapes; expected e.g. shapes.toml, or shapes.toml:chat"
            ));
        }
        Ok(Self(ShapeSection { file, name }))
    }
}

/// A shape of a file.
pub(super) struct NamedShape {
    /// The file, as it was named.
    file: String,
    /// The shape.
    pub(super) shape: Shape,
    /// The models that the deployments serve.
    served: Vec<String>,
}

/// The shape that a section names, relative to `folder`, if it does.
pub(super) fn of_section(
    section: &TrafficSection,
    config: &Config,
    folder: &Path,
) -> anyhow::Result<Option<NamedShape>> {
    let Some(ShapeSection { file, name }) = &section.shape else {
        return Ok(None);
    };
    let path = folder.join(file);
    let shown = path.display();
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
    let shapes = Shapes::parse(&text, &shown.to_string())?;
    let shape = shapes.named(name.as_deref()).map_err(anyhow::Error::msg);
    let shape = shape.with_context(|| shown.to_string())?;
    let deployments = config.policy.deployments.iter();
    let models = deployments.map(|deployment| deployment.model.clone());
    Ok(Some(NamedShape {
        file: shown.to_string(),
        shape: shape.clone(),
        served: models.collect(),
    }))
}

impl NamedShape {
    /// What there is to say about the shape.
    pub(super) fn notes(&self) -> Vec<String> {
        let shape = &self.shape;
        let texts = [&shape.name, &shape.model, &shape.about];
        let [name, model, about] = texts.map(|text| visible(text));
        let file = &self.file;
        let mut notes = Vec::new();
        if !about.is_empty() {
            notes.push(format!("shape {name} of {file} is counted from {about}\n"));
        }
        if !model.is_empty() && !self.serves(&model) {
            notes.push(format!(
                "shape {name} of {file} is counted in tokens of {model}, which no deployment \
                 serves; other models may count the same texts otherwise\n"
            ));
        }
        notes
    }

    fn serves(&self, model: &str) -> bool {
        let mut served = self.served.iter();
        served.any(|served| served.eq_ignore_ascii_case(model))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_ending_of_the_file() {
        for (text, file, name) in [
            ("shapes.toml", "shapes.toml", None),
            ("a/b.toml:chat", "a/b.toml", Some("chat")),
            ("c:\\x.toml:a:b", "c:\\x.toml", Some("a:b")),
        ] {
            let ShapeFlag(found) = text.parse().unwrap();
            assert_eq!((found.file.as_str(), found.name.as_deref()), (file, name));
        }
        for text in ["", "chat", ".toml", ".toml:chat", "shapes.csv:chat"] {
            assert!(text.parse::<ShapeFlag>().is_err(), "{text}");
        }
    }
}
