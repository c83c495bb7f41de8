//! Undoes compression and encoding, by the first bytes.

mod utf16;

use std::io::{self, BufReader, Cursor, Read};

use utf16::{ByteOrder, Utf16};

/// How a source is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, of one or more members.
    Gzip,
    /// Zstandard, of one or more frames.
    Zstd,
}

impl Compression {
    /// Its name on screen.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A reader of any kind.
pub(crate) type Bytes = Box<dyn Read + Send>;

/// Reads ahead of compressed bytes [byte].
const AHEAD: usize = 128 << 10;

/// The bytes of a source without compression.
pub(crate) fn decompressed(bytes: Bytes) -> io::Result<(Compression, Bytes)> {
    let (magic, bytes) = peeked(bytes, 4)?;
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => {
            let bytes = BufReader::with_capacity(AHEAD, bytes);
            let bytes = flate2::bufread::MultiGzDecoder::new(bytes);
            (Compression::Gzip, Box::new(bytes))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => (Compression::Zstd, Box::new(zstd::Decoder::new(bytes)?)),
        _ => (Compression::None, bytes),
    })
}

/// The text of decompressed bytes as UTF-8, without byte order mark.
///
/// UTF-16, which Windows PowerShell writes when output is redirected, is converted.
pub(crate) fn text(bytes: Bytes) -> io::Result<Bytes> {
    let (mark, bytes) = peeked(bytes, 3)?;
    Ok(match mark.as_slice() {
        [0xef, 0xbb, 0xbf] => after(bytes, 3)?,
        [0xff, 0xfe, ..] => Box::new(Utf16::new(after(bytes, 2)?, ByteOrder::Little)),
        [0xfe, 0xff, ..] => Box::new(Utf16::new(after(bytes, 2)?, ByteOrder::Big)),
        _ => bytes,
    })
}

/// The first bytes, at most `count`, and a reader that still has them.
pub(crate) fn peeked(mut bytes: Bytes, count: usize) -> io::Result<(Vec<u8>, Bytes)> {
    let mut first = Vec::with_capacity(count);
    let limit = u64::try_from(count).expect("a small number of bytes");
    bytes.by_ref().take(limit).read_to_end(&mut first)?;
    let again = Cursor::new(first.clone()).chain(bytes);
    Ok((first, Box::new(again)))
}

/// The reader without its first `count` bytes.
pub(crate) fn after(mut bytes: Bytes, count: usize) -> io::Result<Bytes> {
    let limit = u64::try_from(count).expect("a small number of bytes");
    io::copy(&mut bytes.by_ref().take(limit), &mut io::sink())?;
    Ok(bytes)
}
