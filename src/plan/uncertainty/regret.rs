//! Regret: what a size costs more than the one that would have been right, in each case.

use super::{Case, RESERVATION, Regret};
use crate::money::Money;

/// Every size of the grid by its greatest regret, the least first; the smaller size at a tie.
///
/// (Minimax regret, L. J. Savage, The Theory of Statistical Decision, 1951: it needs no chance of
/// any case, only that each could come.)
pub(super) fn regrets(cases: &[Case]) -> Vec<Regret> {
    let sizes = cases.first().map_or(&[][..], |case| &case.sizes);
    let mut regrets: Vec<Regret> = sizes
        .iter()
        .enumerate()
        .map(|(place, size)| {
            let by_case: Vec<Money> = cases
                .iter()
                .map(|case| case.sizes[place].cost.clone() - case.best.cost.clone())
                .collect();
            let chosen_for = cases.iter().zip(&by_case);
            let chosen_for = chosen_for.filter(|(case, _)| case.input != RESERVATION);
            let greatest = chosen_for.map(|(_, regret)| regret).max();
            Regret {
                ptu: size.ptu,
                greatest: greatest.cloned().unwrap_or_default(),
                by_case,
            }
        })
        .collect();
    regrets.sort_by(|one, other| (&one.greatest, one.ptu).cmp(&(&other.greatest, other.ptu)));
    regrets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::uncertainty::tests::case;

    /// | size | as it is | more | regret | |
    /// |---|---|---|---|---|
    /// | 0 | 10 | 30 | 0 | 12 |
    /// | 15 | 12 | 20 | 2 | 2 |
    /// | 20 | 15 | 18 | 5 | 0 |
    #[test]
    fn the_least_of_the_greatest_comes_first() {
        let cases = [
            case("as it is", "", &[(0, 10), (15, 12), (20, 15)]),
            case("more", "volume", &[(0, 30), (15, 20), (20, 18)]),
        ];
        let found: Vec<(u32, Vec<String>, String)> = regrets(&cases)
            .into_iter()
            .map(|regret| {
                let by_case = regret.by_case.iter().map(Money::to_string).collect();
                (regret.ptu.get(), by_case, regret.greatest.to_string())
            })
            .collect();
        let row = |ptu, by_case: [&str; 2], greatest: &str| {
            (
                ptu,
                by_case.map(str::to_owned).to_vec(),
                greatest.to_owned(),
            )
        };
        assert_eq!(
            found,
            [
                row(15, ["2", "2"], "2"),
                row(20, ["5", "0"], "5"),
                row(0, ["0", "12"], "12"),
            ]
        );
    }

    #[test]
    fn what_can_be_given_up_is_not_regretted() {
        let cases = [
            case("as it is", "", &[(0, 12), (15, 10)]),
            case("reservation expires", RESERVATION, &[(0, 10), (15, 90)]),
        ];
        let found = regrets(&cases);
        assert_eq!(
            (found[0].ptu.get(), found[0].greatest.is_zero()),
            (15, true)
        );
        assert_eq!(found[0].by_case[1].to_string(), "80");
    }

    #[test]
    fn of_two_alike_the_smaller_comes_first() {
        let cases = [case("as it is", "", &[(0, 5), (15, 5), (20, 4)])];
        let order: Vec<u32> = regrets(&cases).iter().map(|one| one.ptu.get()).collect();
        assert_eq!(order, [20, 0, 15]);
        assert_eq!(regrets(&[]), []);
    }
}
