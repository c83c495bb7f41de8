//! What images cost, by size and detail.

mod data_url;

use std::str::FromStr;

use super::tally::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::family::ImageMethod;
use crate::tokenizer::request::{Detail, Image};

/// Width and height of an image [pixel].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    width: u32,
    height: u32,
}

impl ImageSize {
    /// A size of at least one pixel each way; `None` for any other.
    pub const fn new(width: u32, height: u32) -> Option<Self> {
        if width == 0 || height == 0 {
            return None;
        }
        Some(Self { width, height })
    }

    /// Both sides, the shorter first.
    fn sides(self) -> (f64, f64) {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        (width.min(height), width.max(height))
    }
}

impl FromStr for ImageSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once(['x', 'X', '×'])
            .and_then(|(width, height)| {
                Self::new(width.trim().parse().ok()?, height.trim().parse().ok()?)
            });
        parsed.ok_or_else(|| format!("{text:?} is no size of an image; expected e.g. 1024x768"))
    }
}

impl Tally<'_> {
    /// An image costs by its size, which stands in the first bytes of its data; an address tells
    /// none. Without any size, the image counts as one of low detail at most.
    pub(super) fn image(&mut self, image: &Image<'_>) {
        self.prefix.opaque(image.source.as_bytes());
        let Some(rules) = self.family.images else {
            return self.count.doubt(Reason::UnknownPart);
        };
        if !rules.agreed {
            self.count.doubt(Reason::ImageRule);
        }
        let size = data_url::size(&image.source).or(self.options.image_size);
        let by_size = tokens(rules.method, image.detail, size);
        if by_size.is_none() {
            self.count.doubt(Reason::ImageSize);
        }
        let least = match rules.method {
            ImageMethod::Tiles { base, .. } => u64::from(base),
            ImageMethod::Patches { .. } => 0,
        };
        let tokens = i64::try_from(by_size.unwrap_or(least)).expect("an image costs little");
        self.frame(Part::Images, tokens);
    }
}

/// The tokens of an image; `None` where its size matters and is not known.
fn tokens(method: ImageMethod, detail: Detail, size: Option<ImageSize>) -> Option<u64> {
    match method {
        ImageMethod::Tiles { base, .. } if detail == Detail::Low => Some(u64::from(base)),
        ImageMethod::Tiles { base, tile } => Some(u64::from(base) + u64::from(tile) * tiles(size?)),
        ImageMethod::Patches {
            cap,
            original_cap,
            percent,
            extra,
        } => {
            let original = detail == Detail::Original;
            let patches = if original {
                capped_patches(size?.sides(), original_cap)
            } else {
                capped_patches(fitted(size?.sides()), cap)
            };
            Some((patches * u64::from(percent)).div_ceil(100) + u64::from(extra))
        }
    }
}

/// The longest side of an image [pixel]; longer ones are made to fit (`OpenAI` docs, images and
/// vision guide).
const LONGEST: f64 = 2048.0;
/// The shorter side of an image that is cut into tiles, at most [pixel].
const SHORT: f64 = 768.0;
/// The side of a tile [pixel].
const TILE: f64 = 512.0;
/// The side of a patch [pixel].
const PATCH: f64 = 32.0;

/// Sides made to fit into a square of 2,048 pixels.
fn fitted((short, long): (f64, f64)) -> (f64, f64) {
    let scale = (LONGEST / long).min(1.0);
    (short * scale, long * scale)
}

/// Tiles of an image: into 2,048 pixels, then the shorter side to at most 768, to whole pixels
/// with halves down, and cut by 512 (the guide; billed requests of 2049 × 513 and 2050 × 513).
fn tiles(size: ImageSize) -> u64 {
    let (short, long) = fitted(size.sides());
    let scale = (SHORT / short).min(1.0);
    let cut = |side: f64| ((side * scale - 0.5).ceil().max(1.0) / TILE).ceil();
    whole(cut(short) * cut(long))
}

/// Patches of an image: cut by 32 pixels; above the cap it is made smaller until a whole number of
/// patches fits (the guide, section on patches).
fn capped_patches((short, long): (f64, f64), cap: u32) -> u64 {
    let cut = |side: f64| (side / PATCH).ceil().max(1.0);
    if cut(short) * cut(long) <= f64::from(cap) {
        return whole(cut(short) * cut(long));
    }
    let shrink = (f64::from(cap) * PATCH * PATCH / (short * long)).sqrt();
    let (wide, high) = (short * shrink / PATCH, long * shrink / PATCH);
    let fit = (wide.floor().max(1.0) / wide).min(high.floor().max(1.0) / high);
    // A side that is whole but for the last bits of its quotient is whole.
    let cut = |side: f64| (side - 1e-6).ceil().max(1.0);
    let patches = cut(wide * fit) * cut(high * fit);
    whole(patches.min(f64::from(cap)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small whole number of tiles or patches"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILES: ImageMethod = ImageMethod::Tiles {
        base: 85,
        tile: 170,
    };

    fn size(text: &str) -> ImageSize {
        text.parse().unwrap()
    }

    #[test]
    fn tiles_are_counted_after_scaling() {
        for (text, count) in [
            ("1x1", 1),
            ("512x512", 1),
            ("513x512", 2),
            ("1024x1024", 4),
            // Fitted to 1024 × 2048, then to 768 × 1536: 2 × 3.
            ("2048x4096", 6),
            // 2049 × 513 becomes 2048 × 512.75, so 513 pixels high; 2050 × 513 becomes 512.5, 512.
            ("2049x513", 8),
            ("2050x513", 4),
            ("8192x1", 4),
        ] {
            assert_eq!(tiles(size(text)), count, "{text}");
        }
    }

    #[test]
    fn patches_are_capped_to_whole_ones() {
        for (text, cap, count) in [
            ("32x32", 1536, 1),
            ("33x32", 1536, 2),
            ("1024x1024", 1536, 1024),
            // The guide's example: 33 × 44.
            ("1800x2400", 1536, 1452),
            ("1x2000000000", 10, 10),
        ] {
            let sides = size(text).sides();
            assert_eq!(capped_patches(sides, cap), count, "{text}");
        }
    }

    #[test]
    fn detail_decides_and_an_unknown_size_is_not_guessed() {
        let patches = ImageMethod::Patches {
            cap: 1536,
            original_cap: 2500,
            percent: 162,
            extra: 1,
        };
        for (method, detail, text, count) in [
            (TILES, Detail::Low, None, Some(85)),
            (TILES, Detail::High, None, None),
            (TILES, Detail::Auto, Some("1024x1024"), Some(85 + 4 * 170)),
            // 1452 × 1.62 = 2352.24.
            (patches, Detail::Low, Some("1800x2400"), Some(2353 + 1)),
            (patches, Detail::Original, Some("1600x1600"), Some(4050 + 1)),
            (patches, Detail::Low, None, None),
        ] {
            let size = text.map(size);
            assert_eq!(tokens(method, detail, size), count, "{text:?} {detail:?}");
        }
    }

    #[test]
    fn sizes_are_read_from_text() {
        assert_eq!("640x480".parse(), Ok(ImageSize::new(640, 480).unwrap()));
        assert_eq!(
            "640x0".parse::<ImageSize>().unwrap_err(),
            "\"640x0\" is no size of an image; expected e.g. 1024x768"
        );
    }
}
