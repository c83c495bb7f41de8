//! The cheapest sizes of members that share reservations and quota, exact by dynamic programming.
//!
//! What reservations and quota ask of sizes is only what they add up to. So for each sum that the
//! first members can have, the cheapest way to it is kept, and the next member is added.

use std::collections::BTreeMap;

use crate::money::Money;
use crate::units::Ptu;

/// A size that a member can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sized {
    /// The size.
    pub ptu: Ptu,
    /// What tokens cost with it, against any fixed point [USD].
    pub cost: Money,
}

/// Members whose throughput is covered by the same reservations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The sizes of each member.
    pub members: Vec<Vec<Sized>>,
    /// What is reserved already and costs nothing more.
    pub owned: Ptu,
    /// What a PTU beyond that costs [USD].
    pub per_ptu: Money,
}

/// Pools that share a quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The pools.
    pub pools: Vec<Pool>,
    /// The most that all of them may deploy together; no limit if not given.
    pub quota: Option<Ptu>,
}

/// Sizes for every member, in the order of pools and of members in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Solution {
    /// What they cost [USD].
    pub cost: Money,
    /// The sizes.
    pub sizes: Vec<Ptu>,
}

/// The cheapest solution for each sum of sizes [PTU].
type BySum = BTreeMap<Ptu, Solution>;

/// The cheapest solution; of equals, the one whose sizes come first. `None` where the quota is less
/// than the smallest sizes.
pub fn of(group: &Group) -> Option<Solution> {
    let pools = group.pools.iter();
    let pools = pools.map(|pool| pool.by_sum(group.quota));
    let all = pools.fold(nothing(), |sums, pool| added(&sums, &pool, group.quota));
    all.into_values().min()
}

fn nothing() -> BySum {
    BTreeMap::from([(Ptu::new(0), Solution::default())])
}

impl Pool {
    fn by_sum(&self, quota: Option<Ptu>) -> BySum {
        let mut sums = nothing();
        for member in &self.members {
            let member = member.iter().map(|sized| {
                let alone = Solution {
                    cost: sized.cost.clone(),
                    sizes: vec![sized.ptu],
                };
                (sized.ptu, alone)
            });
            sums = added(&sums, &member.collect(), quota);
        }
        for (sum, solution) in &mut sums {
            let bought = sum.get().saturating_sub(self.owned.get());
            solution.cost += &self.per_ptu.times_whole(bought.into());
        }
        sums
    }
}

/// Every sum of both within the quota, the cheapest way to each.
fn added(sums: &BySum, more: &BySum, quota: Option<Ptu>) -> BySum {
    let mut both = BySum::new();
    for (sum, first) in sums {
        for (ptu, then) in more {
            let whole = *sum + *ptu;
            if quota.is_some_and(|quota| whole > quota) {
                break;
            }
            let cost = first.cost.clone() + then.cost.clone();
            let known = both.get(&whole);
            if known.is_some_and(|known: &Solution| known.cost < cost) {
                continue;
            }
            let sizes = first.sizes.iter().chain(&then.sizes).copied().collect();
            let solution = Solution { cost, sizes };
            if known.is_none_or(|known| solution < *known) {
                both.insert(whole, solution);
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sizes(costs: &[(u32, i64)]) -> Vec<Sized> {
        let sized = |(ptu, cost): &(u32, i64)| Sized {
            ptu: Ptu::new(*ptu),
            cost: cost.to_string().parse().unwrap(),
        };
        costs.iter().map(sized).collect()
    }

    fn pool(members: &[&[(u32, i64)]], owned: u32, per_ptu: &str) -> Pool {
        Pool {
            members: members.iter().map(|member| sizes(member)).collect(),
            owned: Ptu::new(owned),
            per_ptu: per_ptu.parse().unwrap(),
        }
    }

    fn solved(group: &Group) -> Option<(String, Vec<u32>)> {
        let solution = of(group)?;
        let sizes = solution.sizes.iter().map(|size| size.get());
        Some((solution.cost.to_string(), sizes.collect()))
    }

    /// Tokens cost 100, 60 or 40 with the first member, 100, 50 or 45 with the second.
    const FIRST: &[(u32, i64)] = &[(0, 100), (15, 60), (20, 40)];
    const SECOND: &[(u32, i64)] = &[(0, 100), (15, 50), (20, 45)];

    #[test]
    fn reservations_are_shared_and_more_is_bought_while_it_pays() {
        for (owned, per_ptu, quota, cost, found) in [
            // 5 PTU more save 20 or 5: at 2 each the first takes them, the second does not.
            (0, "2", None, "160", [20, 15]),
            // At 4 each only the second's first 15 do not even pay: 60 > 50.
            (0, "4", None, "200", [0, 0]),
            // 20 PTU are paid: best spent by the first, whose 20 save 60.
            (20, "4", None, "140", [20, 0]),
            // What is free is used up, even where it saves little.
            (40, "4", None, "85", [20, 20]),
            (40, "4", Some(35), "90", [20, 15]),
            // Either alone costs 180; the smaller sizes come first.
            (0, "2", Some(20), "180", [0, 15]),
            (0, "2", Some(0), "200", [0, 0]),
        ] {
            let group = Group {
                pools: vec![pool(&[FIRST, SECOND], owned, per_ptu)],
                quota: quota.map(Ptu::new),
            };
            let expected = (cost.to_owned(), found.to_vec());
            assert_eq!(
                solved(&group),
                Some(expected),
                "{owned} {per_ptu} {quota:?}"
            );
        }
    }

    #[test]
    fn a_quota_below_the_smallest_sizes_has_no_solution() {
        let group = Group {
            pools: vec![pool(&[&[(15, 0)], &[(15, 0)]], 0, "1")],
            quota: Some(Ptu::new(29)),
        };
        assert_eq!(solved(&group), None);
    }

    /// Every combination, one after the other.
    fn by_trying(group: &Group) -> Option<Solution> {
        let members = group.pools.iter().flat_map(|pool| &pool.members);
        let mut all: Vec<Vec<&Sized>> = vec![Vec::new()];
        for member in members {
            let mut longer = Vec::new();
            for chosen in &all {
                for sized in member {
                    longer.push(chosen.iter().copied().chain([sized]).collect());
                }
            }
            all = longer;
        }
        let solutions = all.iter().filter_map(|chosen| costed(group, chosen));
        solutions.min()
    }

    fn costed(group: &Group, chosen: &[&Sized]) -> Option<Solution> {
        let mut rest = chosen.iter();
        let mut solution = Solution::default();
        for pool in &group.pools {
            let mut sum = 0;
            for sized in rest.by_ref().take(pool.members.len()) {
                sum += sized.ptu.get();
                solution.cost += &sized.cost;
                solution.sizes.push(sized.ptu);
            }
            let bought = sum.saturating_sub(pool.owned.get());
            solution.cost += &pool.per_ptu.times_whole(bought.into());
        }
        let whole: Ptu = solution.sizes.iter().copied().sum();
        let fits = group.quota.is_none_or(|quota| whole <= quota);
        fits.then_some(solution)
    }

    fn members() -> impl Strategy<Value = Vec<Vec<Sized>>> {
        let member = prop::collection::btree_map(0_u32..12, -20_i64..60, 1..5);
        let member = member.prop_map(|costs| sizes(&costs.into_iter().collect::<Vec<_>>()));
        prop::collection::vec(member, 1..4)
    }

    proptest! {
        #[test]
        fn no_combination_is_cheaper(
            pools in prop::collection::vec((members(), 0_u32..20, 0_u32..6), 1..3),
            quota in prop::option::of(0_u32..40),
        ) {
            let pools = pools.into_iter().map(|(members, owned, price)| Pool {
                members,
                owned: Ptu::new(owned),
                per_ptu: price.to_string().parse().unwrap(),
            });
            let group = Group { pools: pools.collect(), quota: quota.map(Ptu::new) };
            let (found, tried) = (of(&group), by_trying(&group));
            prop_assert_eq!(
                found.as_ref().map(|one| &one.cost),
                tried.as_ref().map(|one| &one.cost)
            );
            if let Some(found) = found {
                let whole: u32 = found.sizes.iter().map(|size| size.get()).sum();
                prop_assert!(quota.is_none_or(|quota| whole <= quota));
            }
        }
    }
}
