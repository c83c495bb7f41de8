//! Sharing whole minor units out by largest remainder.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use serde::Serialize;

/// A whole number of minor units of a currency [e.g. cent].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MinorUnits(pub i128);

impl Add for MinorUnits {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for MinorUnits {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for MinorUnits {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for MinorUnits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// Gives `total` out over `parts` (in minor units): each part gets its whole units towards zero,
/// then the missing units go one each to the largest remainders, ties to the earlier part.
///
/// When `total` is further from the sum of the parts than one unit a part (a parent that was
/// itself rounded differently, or no parts with any value), whole rounds are given to all.
pub(super) fn largest_remainder(total: MinorUnits, parts: &[BigRational]) -> Vec<MinorUnits> {
    let mut shares: Vec<i128> = parts
        .iter()
        .map(|part| {
            part.trunc()
                .to_integer()
                .to_i128()
                .expect("amounts of money fit 128 bits")
        })
        .collect();
    let missing = total.0 - shares.iter().sum::<i128>();
    if shares.is_empty() || missing == 0 {
        return shares.into_iter().map(MinorUnits).collect();
    }
    let step = missing.signum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |index: usize| parts[index].fract();
    order.sort_by(|&left, &right| {
        let by_remainder = remainder(left).cmp(&remainder(right));
        let towards_step = if step > 0 {
            by_remainder.reverse()
        } else {
            by_remainder
        };
        towards_step.then(left.cmp(&right))
    });
    let eligible: Vec<usize> = order
        .iter()
        .copied()
        .filter(|&index| !parts[index].is_zero())
        .collect();
    let receivers = if eligible.is_empty() { order } else { eligible };
    let rounds = missing.unsigned_abs();
    let count = receivers.len() as u128;
    for (place, index) in receivers.into_iter().enumerate() {
        let given = rounds / count + u128::from((place as u128) < rounds % count);
        shares[index] += step * i128::try_from(given).expect("amounts of money fit 128 bits");
    }
    shares.into_iter().map(MinorUnits).collect()
}

/// Shares `total` minor units out in proportion to whole-number `weights` by largest remainder;
/// `None` when all weights are zero, for then there is no proportion.
pub fn apportion(total: MinorUnits, weights: &[u128]) -> Option<Vec<MinorUnits>> {
    let whole: BigRational = weights
        .iter()
        .map(|&weight| BigRational::from_integer(weight.into()))
        .sum();
    if whole.is_zero() {
        return None;
    }
    let amount = BigRational::from_integer(total.0.into());
    let parts: Vec<BigRational> = weights
        .iter()
        .map(|&weight| &amount * BigRational::from_integer(weight.into()) / &whole)
        .collect();
    debug_assert!(!whole.is_negative());
    Some(largest_remainder(total, &parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_allocation_of_150_sums_to_150() {
        // Costing workbook: 150.00 by requests 147, 121, 49, 25 of 342. Exact shares are
        // 64.4737, 53.0702, 21.4912, 10.9649; rounded down they sum to 149.99. The missing cent
        // goes to the largest remainder in cents: .37, .02, .12, .49.
        let shares = apportion(MinorUnits(15_000), &[147, 121, 49, 25]).unwrap();
        assert_eq!(shares, [6447, 5307, 2149, 1097].map(MinorUnits));
    }

    #[test]
    fn ties_go_to_the_earlier_part_and_signs_are_symmetric() {
        assert_eq!(
            apportion(MinorUnits(2), &[1, 1, 1]).unwrap(),
            [1, 1, 0].map(MinorUnits)
        );
        assert_eq!(
            apportion(MinorUnits(-2), &[1, 1, 1]).unwrap(),
            [-1, -1, 0].map(MinorUnits)
        );
        assert_eq!(apportion(MinorUnits(5), &[0, 0]), None);
    }
}
