//! Why a body is no request.

use thiserror::Error;

/// Why a body is no request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// The bytes are not JSON.
    #[error("not valid JSON at byte {at}: {problem}; expected one JSON object")]
    Json {
        /// Where, from 0 [byte].
        at: usize,
        /// What the reader says.
        problem: String,
    },
    /// Brackets in brackets in brackets.
    #[error("JSON is nested over {most} levels deep; expected a request body")]
    Nested {
        /// Levels that are read.
        most: usize,
    },
    /// A field holds what it cannot.
    #[error("`{path}`: {problem}")]
    Field {
        /// The field, e.g. `messages[2].content`.
        path: String,
        /// What was found, and what was expected.
        problem: String,
    },
    /// A key is missing without which there is nothing to count.
    #[error("no {expected}; expected the body of a request")]
    Missing {
        /// The keys looked for.
        expected: &'static str,
    },
}

impl RequestError {
    /// What the JSON reader says about `bytes`, with the field that it was in.
    #[cold]
    pub(super) fn of(error: &sonic_rs::Error, bytes: &[u8]) -> Self {
        let at = error.offset().min(bytes.len());
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        let problem = line.split(" at line ").next().unwrap_or(line).to_owned();
        if error.is_unmatched_type() {
            let path = super::place::path(&bytes[..at]);
            return Self::Field { path, problem };
        }
        Self::Json { at, problem }
    }
}
