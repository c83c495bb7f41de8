//! Which files the user means: files, folders and globs become a sorted list of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use walkdir::WalkDir;

/// One input file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    /// The name shown to the user: the path as given, with forward slashes.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Files that are read from folders; a file that is named is read whatever its ending.
#[derive(Clone, Copy, Debug)]
pub struct Endings {
    /// Their endings, lower case, without those of compression.
    pub read: &'static [&'static str],
    /// What they are called in messages.
    pub what: &'static str,
}

impl Endings {
    /// Log files.
    pub const LOGS: Self = Self {
        read: &["json", "jsonl", "ndjson", "csv", "tsv", "txt"],
        what: "log",
    };

    fn has(&self, path: &Path) -> bool {
        let outer = ending(path);
        if COMPRESSED.contains(&outer.as_str()) {
            let inner = ending(Path::new(path.file_stem().unwrap_or_default()));
            return inner.is_empty() || self.read.contains(&inner.as_str());
        }
        self.read.contains(&outer.as_str())
    }
}

const COMPRESSED: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

fn ending(path: &Path) -> String {
    let ending = path.extension().map(|ending| ending.to_string_lossy());
    ending.unwrap_or_default().to_lowercase()
}

impl InputFile {
    /// Whether its ending says that it is compressed.
    pub fn is_packed(&self) -> bool {
        COMPRESSED.contains(&ending(&self.path).as_str())
    }
}

/// Finds the log files that `patterns` name: as [`find_with`].
pub fn find(patterns: &[String], base: &Path) -> anyhow::Result<Vec<InputFile>> {
    find_with(patterns, base, &Endings::LOGS)
}

/// Finds the files that `patterns` name, relative to `base`: sorted by name, each once. Of folders
/// those with `endings`.
pub fn find_with(
    patterns: &[String],
    base: &Path,
    endings: &Endings,
) -> anyhow::Result<Vec<InputFile>> {
    let mut found = BTreeMap::new();
    for pattern in patterns {
        let paths = expand(pattern, base, endings)?;
        if paths.is_empty() {
            bail!(
                "{pattern} names no {} file; expected a file, a folder with {} files, or a glob \
                 such as exports/*.csv",
                endings.what,
                endings.read.join("/")
            );
        }
        for path in paths {
            let real = path.canonicalize().with_context(|| cannot_read(&path))?;
            found.entry(real).or_insert(path);
        }
    }
    let mut files: Vec<InputFile> = found
        .into_values()
        .map(|path| InputFile {
            name: display_name(&path),
            path,
        })
        .collect();
    files.sort();
    Ok(files)
}

fn cannot_read(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

/// The files one pattern names; empty when a folder or glob holds none.
fn expand(pattern: &str, base: &Path, endings: &Endings) -> anyhow::Result<Vec<PathBuf>> {
    let path = base.join(pattern);
    if path.is_dir() {
        return files_below(&path, endings);
    }
    let is_glob = pattern.contains(['*', '?', '[']);
    if path.exists() || !is_glob {
        // A file that does not exist is an error here, with the name the user gave.
        std::fs::metadata(&path).with_context(|| cannot_read(&path))?;
        return Ok(vec![path]);
    }
    let text = path
        .to_str()
        .with_context(|| format!("{pattern} is not valid UTF-8"))?;
    let visible = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let matches =
        glob::glob_with(text, visible).with_context(|| format!("{pattern} is not a valid glob"))?;
    let mut files = Vec::new();
    for entry in matches {
        let entry = entry.with_context(|| format!("cannot follow the glob {pattern}"))?;
        if entry.is_dir() {
            files.extend(files_below(&entry, endings)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}

/// Files in a folder and its subfolders; hidden files and other endings are passed over.
fn files_below(folder: &Path, endings: &Endings) -> anyhow::Result<Vec<PathBuf>> {
    files_where(folder, |path| endings.has(path))
}

/// Visible files in a folder and its subfolders that are `wanted`.
fn files_where(folder: &Path, wanted: impl Fn(&Path) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder)
        .follow_links(true)
        .into_iter()
        .filter_entry(visible)
    {
        let entry = entry.with_context(|| cannot_read(folder))?;
        if entry.file_type().is_file() && wanted(entry.path()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Names the files that the folders among `patterns` hold and that no log is looked for in, as a note;
/// empty where there are none. A day that came in an archive is missed in silence otherwise.
pub fn passed_over(patterns: &[String]) -> anyhow::Result<String> {
    let mut names = Vec::new();
    for pattern in patterns
        .iter()
        .filter(|pattern| Path::new(pattern).is_dir())
    {
        for path in files_where(Path::new(pattern), |path| !Endings::LOGS.has(path))? {
            names.push(display_name(&path));
        }
    }
    names.sort();
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    Ok(match names.len() {
        0 => String::new(),
        count if count > shown.len() => format!(
            "note: {count} files that are no logs by their ending were passed over: {}, …",
            shown.join(", ")
        ),
        _ => format!(
            "note: passed over, as no log by its ending: {}",
            shown.join(", ")
        ),
    })
}

fn display_name(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_globs_and_files_are_found_once_each_and_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        std::fs::create_dir_all(base.join("logs/deep")).unwrap();
        for name in [
            "logs/b.csv",
            "logs/deep/a.json.gz",
            "logs/.hidden.csv",
            "logs/notes.md",
        ] {
            std::fs::write(base.join(name), "x").unwrap();
        }
        let patterns = ["logs", "logs/*.csv", "logs/b.csv"].map(str::to_owned);
        let found = find(&patterns, base).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|file| {
                file.path
                    .strip_prefix(base)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(names, ["logs/b.csv", "logs/deep/a.json.gz"]);
    }

    #[test]
    fn what_names_nothing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for pattern in ["missing.csv", "*.csv", "."] {
            let error = find(&[pattern.to_owned()], folder.path());
            assert!(error.is_err(), "{pattern}");
        }
    }
}
