//! Small pictures of block characters.

/// Eighths of a block, from nothing to full.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Values as a line of blocks of at most `width` characters, each the greatest of its minutes;
/// `full` is a full block.
pub(super) fn sparkline(values: &[f64], full: f64, width: usize) -> String {
    let size = minutes_a_mark(values.len(), width);
    let greatest = |chunk: &[f64]| chunk.iter().copied().fold(0.0, f64::max);
    values
        .chunks(size)
        .map(|chunk| block(greatest(chunk), full))
        .collect()
}

/// A value as a bar of at most `width` characters; `full` is the longest bar. Anything above
/// nothing is seen.
pub(super) fn bar(value: u64, full: u64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let all = u128::from(value) * width as u128 * 8;
    let eighths = all.div_ceil(u128::from(full.max(1)));
    let eighths = usize::try_from(eighths)
        .unwrap_or(usize::MAX)
        .min(width * 8);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// How many values one mark of a line stands for.
pub(super) fn minutes_a_mark(values: usize, width: usize) -> usize {
    values.div_ceil(width.max(1)).max(1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value lies from 0 to 8"
)]
fn block(value: f64, full: f64) -> char {
    let part = if full > 0.0 {
        (value / full).clamp(0.0, 1.0)
    } else {
        0.0
    };
    // Anything above nothing is seen.
    EIGHTHS[(part * 8.0).ceil() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        for (value, drawn) in [
            (0, ""),
            (1, "▏"),
            (500, "█▌"),
            (1_000, "███"),
            (2_000, "███"),
        ] {
            assert_eq!(bar(value, 1_000, 3), drawn, "{value}");
        }
        assert_eq!(bar(0, 0, 3), "");
    }

    #[test]
    fn the_greatest_of_each_block_is_shown() {
        assert_eq!(sparkline(&[0.0, 0.01, 0.5, 1.0, 2.0], 1.0, 10), " ▁▄██");
        assert_eq!(sparkline(&[0.0, 1.0, 0.5, 0.25], 1.0, 2), "█▄");
        assert_eq!(sparkline(&[], 1.0, 10), "");
        assert_eq!(sparkline(&[3.0], 0.0, 10), " ");
    }
}
