//! An input: a name to show and a way to open it, as often as needed.

use std::fmt;
use std::io::{self, Read};

/// Opens the bytes of a source from their start.
type Opener = Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// One input of usage, such as a file.
///
/// Reading needs to open a source more than once: day and month of `03/02/2026` are told apart
/// by all rows of a file, before the first of them is used.
pub struct Source {
    name: String,
    open: Opener,
}

impl Source {
    /// A source shown as `name` (the path as the user gave it), opened by `open`.
    pub fn new<F>(name: impl Into<String>, open: F) -> Self
    where
        F: Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    {
        Self {
            name: name.into(),
            open: Box::new(open),
        }
    }

    /// A source of bytes that are already in memory (embedded samples, tests).
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<std::sync::Arc<[u8]>>) -> Self {
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        Self::new(name, move || {
            Ok(Box::new(io::Cursor::new(std::sync::Arc::clone(&bytes))))
        })
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes as given, from their start.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        (self.open)()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}
