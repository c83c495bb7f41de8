//! What is left to chance: draws from a seeded stream.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of draws. Equal seeds give equal streams, on every machine.
#[derive(Clone, Debug)]
pub(super) struct Chance(Pcg64Mcg);

/// Who draws: each has its own stream, so one's draws do not move the other's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Drawer {
    /// The gateway.
    Gateway = 1,
    /// Clients that try again.
    Clients = 2,
}

impl Chance {
    /// The stream of `drawer` in the run of `seed`.
    pub(super) fn new(seed: u64, drawer: Drawer) -> Self {
        let state = (u128::from(seed) << 64) | drawer as u128;
        Self(Pcg64Mcg::from_seed(state.to_le_bytes()))
    }

    /// A number below `bound`, all alike to 2⁻³² of a chance; 0 for a bound of 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(scaled >> 32).expect("a part of a 32-bit bound has 32 bits")
    }

    /// A number from 0 up to, not including, 1, uniform in steps of 2⁻³².
    pub(super) fn fraction(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_draw_alike_and_drawers_do_not() {
        let draws = |seed, drawer| {
            let mut chance = Chance::new(seed, drawer);
            [0; 4].map(|_| chance.below(1000))
        };
        assert_eq!(draws(7, Drawer::Gateway), draws(7, Drawer::Gateway));
        assert_ne!(draws(7, Drawer::Gateway), draws(7, Drawer::Clients));
        assert_ne!(draws(7, Drawer::Gateway), draws(8, Drawer::Gateway));
    }

    #[test]
    fn draws_are_spread_evenly() {
        let mut chance = Chance::new(1, Drawer::Gateway);
        let mut seen = [0_u32; 3];
        for _ in 0..30_000 {
            seen[chance.below(3) as usize] += 1;
            assert!((0.0..1.0).contains(&chance.fraction()));
        }
        assert!(
            seen.iter().all(|count| (9_700..10_300).contains(count)),
            "{seen:?}"
        );
    }
}
