//! Blocks of bytes that did not fit into memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A temporary file that blocks are appended to and read back from.
///
/// It has no name, so the system removes it however the program ends. One file holds the blocks
/// of all partitions of a worker: a file each would run into the limit of open files.
#[derive(Debug)]
pub struct SpillFile {
    file: File,
    directory: PathBuf,
    length: u64,
}

/// Where a block lies in a [`SpillFile`].
#[derive(Clone, Copy, Debug)]
pub struct SpilledBlock {
    offset: u64,
    length: usize,
}

/// Why rows could not be kept in temporary files.
#[derive(Debug, Error)]
#[error(
    "could not {action} a temporary file in `{}`: {error}\nhint: logs that exceed the memory \
     budget are sorted on disk; make room there, or set TMPDIR (on Windows TEMP) to a directory \
     with room for about 80 bytes a row",
    directory.display()
)]
pub struct SpillError {
    action: &'static str,
    directory: PathBuf,
    #[source]
    error: io::Error,
}

impl SpillFile {
    /// An empty file in `directory`.
    pub fn create(directory: &Path) -> Result<Self, SpillError> {
        let file = tempfile::tempfile_in(directory).map_err(|error| SpillError {
            action: "create",
            directory: directory.to_owned(),
            error,
        })?;
        Ok(Self {
            file,
            directory: directory.to_owned(),
            length: 0,
        })
    }

    /// Writes `bytes` behind all earlier blocks.
    pub fn append(&mut self, bytes: &[u8]) -> Result<SpilledBlock, SpillError> {
        let block = SpilledBlock {
            offset: self.length,
            length: bytes.len(),
        };
        self.file
            .seek(SeekFrom::Start(block.offset))
            .and_then(|_| self.file.write_all(bytes))
            .map_err(|error| self.failed("write", error))?;
        self.length += bytes.len() as u64;
        Ok(block)
    }

    /// Reads `block` into `bytes`, in place of what they held.
    pub fn read(&mut self, block: SpilledBlock, bytes: &mut Vec<u8>) -> Result<(), SpillError> {
        bytes.resize(block.length, 0);
        self.file
            .seek(SeekFrom::Start(block.offset))
            .and_then(|_| self.file.read_exact(bytes))
            .map_err(|error| self.failed("read", error))
    }

    fn failed(&self, action: &'static str, error: io::Error) -> SpillError {
        SpillError {
            action,
            directory: self.directory.clone(),
            error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_in_any_order() {
        let directory = tempfile::tempdir().unwrap();
        let mut file = SpillFile::create(directory.path()).unwrap();
        let first = file.append(b"first").unwrap();
        let second = file.append(b"and second").unwrap();
        let mut bytes = Vec::new();
        file.read(second, &mut bytes).unwrap();
        assert_eq!(bytes, b"and second");
        file.read(first, &mut bytes).unwrap();
        assert_eq!(bytes, b"first");
    }

    #[test]
    fn a_directory_that_is_missing_is_named() {
        let missing = tempfile::tempdir().unwrap().path().join("gone");
        let message = SpillFile::create(&missing).unwrap_err().to_string();
        assert!(
            message.contains("gone") && message.contains("TMPDIR"),
            "{message}"
        );
    }
}
