//! Sizes of images that a request carries as base64.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::ImageSize;

/// Text decoded at first, and at most [byte of base64]: most sizes stand in the first bytes, but
/// those of photographs after their notes and thumbnails.
const FIRST: usize = 1 << 10;
const MOST: usize = 1 << 20;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The size of the image in a data URL; `None` for an address, or for data without a size.
pub(super) fn size(url: &str) -> Option<ImageSize> {
    let data = url.strip_prefix("data:")?;
    let (kind, data) = data.split_once(',')?;
    kind.ends_with("base64").then_some(())?;
    size_of(data, FIRST).or_else(|| size_of(data, MOST))
}

/// The size that stands in the first `most` bytes of base64.
fn size_of(data: &str, most: usize) -> Option<ImageSize> {
    let start = data.as_bytes().get(..most.min(data.len()))?;
    let whole = &start[..start.len() - start.len() % 4];
    let bytes = LENIENT.decode(whole).ok()?;
    let size = imagesize::blob_size(&bytes).ok()?;
    let pixels = |length: usize| u32::try_from(length).ok();
    ImageSize::new(pixels(size.width)?, pixels(size.height)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of 3 × 2 pixels, up to and with its header.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0";
    const GIF: &[u8] = b"GIF89a\x05\0\x04\0\0\0\0";

    fn url(bytes: &[u8]) -> String {
        format!("data:image/png;base64,{}", LENIENT.encode(bytes))
    }

    #[test]
    fn the_header_tells_the_size() {
        assert_eq!(size(&url(PNG)), ImageSize::new(3, 2));
        assert_eq!(size(&url(GIF)), ImageSize::new(5, 4));
        let long = [PNG, &vec![0; 5_000_000]].concat();
        assert_eq!(size(&url(&long)), ImageSize::new(3, 2));
    }

    #[test]
    fn anything_else_tells_none() {
        for text in [
            "https://example.com/a.png",
            "data:image/png;base64,",
            "data:image/png;base64,%%%%",
            "data:image/png,plain",
            "data:",
            "",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
        assert_eq!(size(&url(&PNG[..10])), None);
    }
}
