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
    fn the_greatest_of_each_block_is_shown() {
        assert_eq!(sparkline(&[0.0, 0.01, 0.5, 1.0, 2.0], 1.0, 10), " ▁▄██");
        assert_eq!(sparkline(&[0.0, 1.0, 0.5, 0.25], 1.0, 2), "█▄");
        assert_eq!(sparkline(&[], 1.0, 10), "");
        assert_eq!(sparkline(&[3.0], 0.0, 10), " ");
    }
}
