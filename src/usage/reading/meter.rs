//! Counts and hashes the bytes of sources as they are read.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::hex::hex;
use sha2::{Digest, Sha256};

use super::Hashing;

/// Bytes of all sources read so far, told to whoever asked.
pub(super) struct Progress<'a> {
    read: AtomicU64,
    tell: Option<&'a (dyn Fn(u64) + Sync)>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(tell: Option<&'a (dyn Fn(u64) + Sync)>) -> Self {
        Self {
            read: AtomicU64::new(0),
            tell,
        }
    }

    /// Adds what was read since.
    pub(super) fn add(&self, bytes: u64) {
        let total = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(tell) = self.tell {
            tell(total);
        }
    }
}

/// The bytes of one source, shared between whoever decodes them and whoever asks for their sum.
#[derive(Clone)]
pub(super) struct Meter(Arc<Mutex<Metered>>);

struct Metered {
    inner: Box<dyn Read + Send>,
    bytes: u64,
    hasher: Option<Sha256>,
}

impl Meter {
    pub(super) fn new(inner: Box<dyn Read + Send>, hashing: Hashing) -> Self {
        let hasher = match hashing {
            Hashing::None => None,
            Hashing::Sha256 => Some(Sha256::new()),
        };
        let metered = Metered {
            inner,
            bytes: 0,
            hasher,
        };
        Self(Arc::new(Mutex::new(metered)))
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.with(|metered| metered.bytes)
    }

    /// Reads what is left, and gives the size and the hash of the whole.
    pub(super) fn finish(mut self) -> (u64, Option<String>) {
        // A fault here was met before, or lies behind the last row.
        let _ = io::copy(&mut self, &mut io::sink());
        self.with(|metered| {
            let hash = metered.hasher.take().map(|hasher| hex(&hasher.finalize()));
            (metered.bytes, hash)
        })
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Metered) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Read for Meter {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.with(|metered| {
            let count = metered.inner.read(out)?;
            metered.bytes += u64::try_from(count).expect("a count of bytes in memory");
            if let Some(hasher) = &mut metered.hasher {
                hasher.update(&out[..count]);
            }
            Ok(count)
        })
    }
}
