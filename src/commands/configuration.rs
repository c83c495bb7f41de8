//! Finds and loads the configuration file.

use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::console::Console;
use crate::config::{Config, Users};
use crate::hex::hex;
use crate::usage::format::PseudonymKey;
use crate::usage::reading::{Hashing, ReadOptions};

/// Name that is looked for.
pub const FILE_NAME: &str = "tollbook.toml";

/// A loaded configuration, and what commands need to know of its file.
pub struct Configuration {
    /// What it says.
    pub config: Config,
    /// The file as the user would name it; `None` where there is no file.
    pub name: Option<String>,
    /// The folder that paths in it are relative to.
    pub folder: PathBuf,
    /// SHA-256 of its text in hexadecimal; `None` where there is no file.
    pub sha256: Option<String>,
}

/// The configuration that the user named, else the nearest `tollbook.toml` from the working
/// directory upwards, else an empty one.
pub fn load(console: &mut Console) -> anyhow::Result<Configuration> {
    let path = match &console.config {
        Some(path) => Some(path.clone()),
        None => nearest(),
    };
    let Some(path) = path else {
        return parse("", "tollbook.toml", PathBuf::new(), None);
    };
    console.detail(&format!("configuration: {}", path.display()));
    load_file(&path)
}

/// The configuration in a file.
pub fn load_file(path: &Path) -> anyhow::Result<Configuration> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    parse(
        &text,
        &path.display().to_string(),
        folder,
        Some(sha256(text.as_bytes())),
    )
}

/// Reads the text of a configuration that is not a file of the user's.
pub fn parse(
    text: &str,
    name: &str,
    folder: PathBuf,
    sha256: Option<String>,
) -> anyhow::Result<Configuration> {
    let config = Config::parse(text, name)?;
    Ok(Configuration {
        config,
        name: sha256.is_some().then(|| name.to_owned()),
        folder,
        sha256,
    })
}

fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let depth = here
        .ancestors()
        .position(|folder| folder.join(FILE_NAME).is_file())?;
    // Relative, so that messages and results do not name the machine's folders.
    let mut path = PathBuf::new();
    for _ in 0..depth {
        path.push("..");
    }
    Some(path.join(FILE_NAME))
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Environment variable that holds the key of pseudonyms.
const PSEUDONYM_KEY: &str = "TOLLBOOK_PSEUDONYM_KEY";

/// How the configuration wants logs read; the key of pseudonyms comes from the environment, so
/// that it is in no file that is shared.
pub fn read_options(config: &Config, hashing: Hashing) -> anyhow::Result<ReadOptions<'static>> {
    let pseudonym_key = match config.reading.users {
        Users::Drop => None,
        Users::Pseudonym => Some(pseudonym_key()?),
    };
    Ok(ReadOptions {
        dates: config.reading.dates,
        pseudonym_key,
        mapped: config.sources.clone(),
        hashing,
        progress: None,
    })
}

fn pseudonym_key() -> anyhow::Result<PseudonymKey> {
    let key = std::env::var(PSEUDONYM_KEY)
        .ok()
        .filter(|key| !key.is_empty());
    let key = key.with_context(|| {
        format!(
            "`users = \"pseudonym\"` needs a key in the environment variable {PSEUDONYM_KEY}; set \
             it to a long random text and keep it, or pseudonyms will not match across months"
        )
    })?;
    Ok(PseudonymKey::new(key.as_bytes()))
}
