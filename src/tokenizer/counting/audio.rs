//! What audio costs, by its length.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tally::Tally;
use crate::facts::{FactError, Settings};
use crate::tokenizer::count::{Part, Reason};

static PER_SECOND: LazyLock<u64> =
    LazyLock::new(|| per_second().expect("a test reads the bundled table"));

fn per_second() -> Result<u64, FactError> {
    let table = Settings::read("audio.csv", include_str!("../data/audio.csv"))?;
    Ok(u64::from(table.get("input_tokens_per_second")?.get()))
}

impl Tally<'_> {
    /// Audio costs by its length, which a WAV header tells; other formats are not counted.
    pub(super) fn audio(&mut self, data: &str) {
        self.count.doubt(Reason::Audio);
        self.prefix.opaque(data.as_bytes());
        let Some(wav) = Wav::of(data) else { return };
        let tokens = (wav.bytes * *PER_SECOND).div_ceil(wav.bytes_per_second);
        self.frame(Part::Audio, i64::try_from(tokens).unwrap_or(i64::MAX));
    }
}

/// What the header of a WAV file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wav {
    bytes_per_second: u64,
    bytes: u64,
}

/// Base64 that is decoded for a header [byte]; a multiple of 4.
const HEADER: usize = 4 << 10;

impl Wav {
    fn of(base64: &str) -> Option<Self> {
        let start = base64.as_bytes().get(..HEADER.min(base64.len()))?;
        let bytes = STANDARD
            .decode(&start[..start.len() - start.len() % 4])
            .ok()?;
        let total = u64::try_from(base64.len() / 4 * 3).ok()?;
        Self::header(&bytes, total)
    }

    /// Chunk by chunk up to the samples; their stated length is taken if the file has it.
    fn header(bytes: &[u8], total: u64) -> Option<Self> {
        (bytes.get(..4)? == b"RIFF" && bytes.get(8..12)? == b"WAVE").then_some(())?;
        let word = |at: usize| -> Option<u32> {
            Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
        };
        let (mut at, mut rate) = (12, 0);
        while let Some(length) = word(at + 4) {
            match bytes.get(at..at + 4)? {
                b"fmt " => rate = word(at + 16)?,
                b"data" if rate > 0 => {
                    let held = total.saturating_sub(u64::try_from(at + 8).ok()?);
                    return Some(Self {
                        bytes_per_second: u64::from(rate),
                        bytes: u64::from(length).min(held),
                    });
                }
                _ => {}
            }
            at = at
                .checked_add(8)?
                .checked_add(usize::try_from(length).ok()?)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of mono samples of two bytes at 8 kHz, of which it states `bytes`.
    fn wav(bytes: u32) -> Vec<u8> {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(8_000_u32.to_le_bytes());
        wav.extend(16_000_u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data");
        wav.extend(bytes.to_le_bytes());
        wav
    }

    #[test]
    fn the_bundled_table_loads() {
        assert_eq!(per_second().unwrap(), 10);
    }

    #[test]
    fn the_header_tells_rate_and_length() {
        let told = Wav::header(&wav(16_000), 1 << 30);
        let expected = Wav {
            bytes_per_second: 16_000,
            bytes: 16_000,
        };
        assert_eq!(told, Some(expected));
        // A stream states a length that it does not have.
        assert_eq!(Wav::header(&wav(u32::MAX), 44 + 16_000), Some(expected));
    }

    #[test]
    fn what_is_no_wav_has_no_length() {
        for bytes in [&b""[..], b"ID3\x04", b"RIFF\0\0\0\0WAVE", &wav(9)[..40]] {
            assert_eq!(Wav::header(bytes, 100), None);
        }
    }
}
