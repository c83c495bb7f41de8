//! Robust statistics of exact figures.

use std::cmp::Ordering;

use crate::money::Factor;

/// What makes the median absolute deviation of normal figures their standard deviation: 1.4826.
pub(super) fn normal() -> Factor {
    Factor::ratio(14_826, 10_000)
}

/// Where figures lie, and how far they scatter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    /// The median.
    pub(super) median: Factor,
    /// The robust standard deviation: 1.4826 times the median of the distances from the median, at
    /// least a twentieth of the median, for figures that are nearly all alike tell no scatter.
    pub(super) deviation: Factor,
}

impl Spread {
    /// The spread of some figures; `None` of none.
    pub(super) fn of(figures: &[Factor]) -> Option<Self> {
        let median = median(figures)?;
        let distances: Vec<Factor> = figures.iter().map(|one| distance(one, &median)).collect();
        let deviation = self::median(&distances)?.times(&normal());
        let least = median.times(&Factor::ratio(1, 20));
        Some(Self {
            deviation: deviation.max(least),
            median,
        })
    }

    /// How many deviations a figure lies from the median; never below 0.
    pub(super) fn score(&self, figure: &Factor) -> Factor {
        distance(figure, &self.median).divided_by(&self.deviation)
    }
}

/// The median; of an even number, the middle of the two in the middle. `None` of none.
pub(super) fn median(figures: &[Factor]) -> Option<Factor> {
    let mut sorted: Vec<&Factor> = figures.iter().collect();
    sorted.sort_unstable();
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get(sorted.len().checked_sub(1)? / 2)?;
    Some(lower.plus(upper).times(&Factor::ratio(1, 2)))
}

/// How far apart two figures are; never below 0.
pub(super) fn distance(one: &Factor, other: &Factor) -> Factor {
    match one.cmp(other) {
        Ordering::Less => other.minus(one),
        Ordering::Equal | Ordering::Greater => one.minus(other),
    }
}

/// By how much `figure` differs from `usual` [percent of it]; 0 where nothing is usual.
pub(super) fn percent_off(figure: &Factor, usual: &Factor) -> Factor {
    let hundred = Factor::ratio(100, 1);
    distance(figure, usual).times(&hundred).divided_by(usual)
}

/// A figure for statistics only.
pub(super) fn approximate(figure: &Factor) -> f64 {
    figure.to_decimal(12).parse().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(texts: &[&str]) -> Vec<Factor> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_median_and_the_distances_from_it() {
        let spread = Spread::of(&figures(&["9", "1", "5", "4", "6"])).unwrap();
        assert_eq!(spread.median.to_string(), "5");
        // Distances 4, 4, 0, 1, 1.
        assert_eq!(spread.deviation.to_string(), "1.4826");
        let score = spread.score(&"9".parse().unwrap());
        assert_eq!(score.to_decimal(3), "2.698");
        assert_eq!(
            median(&figures(&["1", "2", "4", "8"])).unwrap().to_string(),
            "3"
        );
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn figures_that_are_alike_scatter_by_a_twentieth() {
        let spread = Spread::of(&figures(&["100", "100", "100", "180"])).unwrap();
        assert_eq!(spread.deviation.to_string(), "5");
        assert_eq!(spread.score(&"180".parse().unwrap()).to_string(), "16");
        let nothing = Spread::of(&figures(&["0", "0", "7"])).unwrap();
        assert!(nothing.score(&"7".parse().unwrap()).is_zero());
    }

    #[test]
    fn differences_are_percent_of_what_is_usual() {
        let off = |figure: &str, usual: &str| {
            percent_off(&figure.parse().unwrap(), &usual.parse().unwrap()).to_string()
        };
        assert_eq!(off("150", "100"), "50");
        assert_eq!(off("25", "100"), "75");
        assert_eq!(off("25", "0"), "0");
    }
}
