//! How often prompts are how large, as bars.

use crate::report::chart::bar;
use crate::report::figure;
use crate::tokenizer::profile::Distribution;

/// Prompts of much the same size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    /// The least size [token].
    pub(super) least: u64,
    /// The size after the largest [token].
    pub(super) beyond: u64,
    /// How many there are.
    pub(super) requests: u64,
}

/// The percentiles that are marked [thousandth].
const MARKED: [(u16, &str); 4] = [(500, "p50"), (900, "p90"), (950, "p95"), (990, "p99")];

/// Bins that start at 1, 2 and 5 times a power of ten, from the smallest size to the largest;
/// sizes of 0 are a bin of their own.
pub(super) fn bins(sizes: &Distribution) -> Vec<Bin> {
    let (Some(least), Some(most)) = (sizes.percentile(0), sizes.most()) else {
        return Vec::new();
    };
    let powers = (0..=19).map(|exponent| 10_u64.pow(exponent));
    let steps = powers.flat_map(|power| [1, 2, 5].map(|step| power.saturating_mul(step)));
    let starts: Vec<u64> = std::iter::once(0).chain(steps).collect();
    let bins = starts.windows(2).map(|pair| Bin {
        least: pair[0],
        beyond: pair[1],
        requests: sizes.within(&(pair[0]..pair[1])),
    });
    bins.filter(|bin| bin.beyond > least && bin.least <= most)
        .collect()
}

/// The bins as bars of at most `width` characters; nothing where all sizes are in one bin.
pub(super) fn lines(sizes: &Distribution, width: u16) -> Vec<String> {
    let bins = bins(sizes);
    if bins.len() < 2 {
        return Vec::new();
    }
    let rows: Vec<[String; 3]> = bins
        .iter()
        .map(|bin| {
            let (least, most) = (figure::whole(bin.least), figure::whole(bin.beyond - 1));
            [least, most, figure::whole(bin.requests)]
        })
        .collect();
    let widest = |place: usize| {
        let texts = rows.iter().map(|row| row[place].chars().count());
        texts.max().unwrap_or(0)
    };
    let (least, most, count) = (widest(0), widest(1), widest(2));
    let marks: usize = MARKED.iter().map(|(_, mark)| mark.len() + 1).sum();
    let room = usize::from(width).saturating_sub(least + most + count + marks + 6);
    let full = bins.iter().map(|bin| bin.requests).max().unwrap_or(0);
    let row = |(bin, row): (&Bin, &[String; 3])| {
        let range = format!("{:>least$} – {:>most$}", row[0], row[1]);
        let bar = bar(bin.requests, full, room.max(SHORTEST_BAR));
        let line = format!("{range}  {:>count$} {bar}{}", row[2], marked(sizes, bin));
        line.trim_end().to_owned()
    };
    bins.iter().zip(&rows).map(row).collect()
}

/// A bar that is shorter tells nothing [character].
const SHORTEST_BAR: usize = 4;

/// The percentiles that lie in a bin.
fn marked(sizes: &Distribution, bin: &Bin) -> String {
    let inside = MARKED.iter().filter(|(per_mille, _)| {
        let size = sizes.percentile(*per_mille);
        size.is_some_and(|size| (bin.least..bin.beyond).contains(&size))
    });
    let marks: Vec<&str> = inside.map(|(_, mark)| *mark).collect();
    match marks.as_slice() {
        [] => String::new(),
        marks => format!(" {}", marks.join(" ")),
    }
}
