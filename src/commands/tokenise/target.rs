//! What the arguments mean: texts, or files, folders and globs.

use std::path::Path;

/// What one argument means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A text.
    Text(String),
    /// Standard input.
    Stdin,
    /// A file, a folder or a glob.
    Files(String),
}

impl Target {
    /// What `argument` means: a file that exists is that file; anything with whitespace is a text,
    /// and so is a word that looks like no path, glob or file name.
    pub(super) fn of(argument: &str) -> Self {
        if argument == "-" {
            return Self::Stdin;
        }
        let exists = Path::new(argument).exists();
        if exists || !argument.contains(char::is_whitespace) && looks_like_files(argument) {
            return Self::Files(argument.to_owned());
        }
        Self::Text(argument.to_owned())
    }
}

/// Whether a word without whitespace is a path, a glob, or the name of a file.
fn looks_like_files(word: &str) -> bool {
    word.contains(['/', '\\', '*', '[']) || has_ending(word)
}

/// Whether a word ends as names of files do: a full stop, then a few letters or digits.
fn has_ending(word: &str) -> bool {
    let is_ending = |ending: &str| {
        (1..=LONGEST_ENDING).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let ending = word.rsplit_once('.').filter(|(name, _)| !name.is_empty());
    ending.is_some_and(|(_, ending)| is_ending(ending))
}

/// The longest ending of a file's name: `markdown`.
const LONGEST_ENDING: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_files() {
        for text in [
            "hello",
            "hello world",
            "Is it 1/2?",
            "What is a.b c",
            "done.",
            "",
            "Hi!",
            "?",
        ] {
            assert_eq!(Target::of(text), Target::Text(text.to_owned()), "{text}");
        }
        for files in [
            "Cargo.toml",
            "src",
            "missing.jsonl",
            "no/such",
            "*.jsonl",
            "a[12]",
            "x.md",
        ] {
            assert_eq!(
                Target::of(files),
                Target::Files(files.to_owned()),
                "{files}"
            );
        }
        assert_eq!(Target::of("-"), Target::Stdin);
    }
}
