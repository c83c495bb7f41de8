//! Which input moves the answer most.

use super::{Case, DepthCase, SizeCost, Swing};

/// What the depth of the bucket is called among inputs.
const DEPTH: &str = "bucket depth";

/// Inputs by how far the cheapest cost moves over their cases and the traffic as it is, the
/// farthest first; in the order of the cases at a tie. The first case is the traffic as it is.
pub(super) fn swings(cases: &[Case], depths: &[DepthCase]) -> Vec<Swing> {
    let Some((plain, varied)) = cases.split_first() else {
        return Vec::new();
    };
    let mut swings: Vec<Swing> = Vec::new();
    if !depths.is_empty() {
        let mut swing = Swing::at(DEPTH, &plain.best);
        for depth in depths {
            let name = format!("{} s", seconds(depth));
            swing.widen(&name, depth.cheapest());
        }
        swings.push(swing);
    }
    for case in varied {
        let known = swings.iter().position(|swing| swing.input == case.input);
        let place = known.unwrap_or_else(|| {
            swings.push(Swing::at(&case.input, &plain.best));
            swings.len() - 1
        });
        swings[place].widen(&case.name, &case.best);
    }
    swings.sort_by_key(|swing| {
        let (least, greatest) = swing.costs.clone();
        std::cmp::Reverse(greatest - least)
    });
    swings
}

#[expect(clippy::cast_precision_loss, reason = "a name")]
fn seconds(depth: &DepthCase) -> f64 {
    depth.depth.micros() as f64 / 1e6
}

impl Swing {
    fn at(input: &str, best: &SizeCost) -> Self {
        Self {
            input: input.to_owned(),
            cases: Vec::new(),
            sizes: (best.ptu, best.ptu),
            costs: (best.cost.clone(), best.cost.clone()),
            ends: (best.clone(), best.clone()),
        }
    }

    fn widen(&mut self, name: &str, best: &SizeCost) {
        self.cases.push(name.to_owned());
        self.sizes.0 = self.sizes.0.min(best.ptu);
        self.sizes.1 = self.sizes.1.max(best.ptu);
        if best.cost < self.costs.0 {
            self.costs.0 = best.cost.clone();
            self.ends.0 = best.clone();
        }
        if best.cost > self.costs.1 {
            self.costs.1 = best.cost.clone();
            self.ends.1 = best.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::uncertainty::tests::{case, sizes};
    use crate::time::SimDuration;
    use crate::units::Ptu;

    /// | case | cheapest | moves |
    /// |---|---|---|
    /// | as it is | 15 at 10 | |
    /// | volume 80 %, 120 % | 0 at 8, 20 at 13 | 8 … 13: 5 |
    /// | price +10 % | 20 at 11 | 10 … 11: 1 |
    /// | 1 s, 60 s deep | 0 at 12, 15 at 10 | 10 … 12: 2 |
    #[test]
    fn what_moves_the_cost_most_comes_first() {
        let cases = [
            case("as it is", "", &[(0, 12), (15, 10), (20, 14)]),
            case("price +10 %", "price", &[(0, 15), (15, 12), (20, 11)]),
            case("volume -20 %", "volume", &[(0, 8), (15, 10), (20, 14)]),
            case("volume +20 %", "volume", &[(0, 18), (15, 16), (20, 13)]),
        ];
        let depths = [(1, [(0, 12), (15, 13)]), (60, [(0, 12), (15, 10)])];
        let depths = depths.map(|(depth, costs)| {
            let sizes = sizes(&costs);
            DepthCase {
                depth: SimDuration::from_seconds(depth),
                best: Ptu::new(if depth == 1 { 0 } else { 15 }),
                sizes,
            }
        });
        let found: Vec<String> = swings(&cases, &depths)
            .iter()
            .map(|swing| {
                let ((small, large), (least, most)) = (&swing.sizes, &swing.costs);
                let cases = swing.cases.join(", ");
                let (cheap, dear) = (&swing.ends.0, &swing.ends.1);
                assert_eq!((&cheap.cost, &dear.cost), (least, most));
                format!(
                    "{}: {small}..{large} {least} at {}..{most} at {} ({cases})",
                    swing.input, cheap.ptu, dear.ptu
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "volume: 0..20 8 at 0..13 at 20 (volume -20 %, volume +20 %)",
                "bucket depth: 0..15 10 at 15..12 at 0 (1 s, 60 s)",
                "price: 15..20 10 at 15..11 at 20 (price +10 %)",
            ]
        );
        assert_eq!(swings(&[], &[]), []);
    }
}
