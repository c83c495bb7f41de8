//! All rules: one file per family, each with the table of its rules and what judges them.

mod attribution;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod case;
mod completeness;
pub(super) mod format;
mod money;
mod payers;
mod policy;
mod prices;
pub(super) mod privacy;
pub(super) mod records;
mod share;
mod weekend;
mod written;

pub(super) use format::of_files;
pub use policy::{from_config_error, own_facts, scenario};

use super::evidence::Evidence;
use super::finding::Finding;
use super::rule::{Family, Rule};

/// Every rule, in the order of ids.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        format::RULES,
        records::RULES,
        completeness::RULES,
        attribution::RULES,
        prices::RULES,
        money::RULES,
        policy::RULES,
        privacy::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of this id or name.
pub fn find(text: &str) -> Option<&'static Rule> {
    all().find(|rule| {
        [rule.id, rule.name]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(text))
    })
}

/// Whether a rule about the policy judges what was charged by it.
pub(super) fn is_about_use(rule: &Rule) -> bool {
    policy::OF_USE.iter().any(|one| one.id == rule.id)
}

/// What the families of which `wanted` are some find in the whole of the evidence.
pub(super) fn judge(evidence: &Evidence<'_>, wanted: &[&'static Rule]) -> Vec<Finding> {
    type Judge = fn(&Evidence<'_>) -> Vec<Finding>;
    let judges: [(Family, Judge); 5] = [
        (Family::Completeness, completeness::judge),
        (Family::Attribution, attribution::judge),
        (Family::Prices, prices::judge),
        (Family::Money, money::judge),
        (Family::Policy, policy::judge),
    ];
    let is_wanted = |family: Family| wanted.iter().any(|rule| rule.family == family);
    judges
        .iter()
        .filter(|(family, _)| is_wanted(*family))
        .flat_map(|(_, judge)| judge(evidence))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_names_are_unique_and_in_order() {
        let ids: Vec<_> = all().map(|rule| rule.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        let names: BTreeSet<_> = all().map(|rule| rule.name).collect();
        assert_eq!(names.len(), ids.len());
        for rule in all() {
            let digits = rule.id.strip_prefix("TB").expect("ids start with TB");
            assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()));
            for text in [rule.summary, rule.why, rule.fix] {
                assert!(!text.is_empty(), "{rule}");
            }
        }
    }

    /// Summaries and fixes go on after other words; a why stands by itself.
    #[test]
    fn texts_have_one_form() {
        let is_upper = |text: &str, at| text.chars().nth(at).is_some_and(char::is_uppercase);
        for rule in all() {
            for text in [rule.summary, rule.fix] {
                let abbreviation = is_upper(text, 1);
                assert!(abbreviation || !is_upper(text, 0), "{rule}: {text}");
                assert!(!text.ends_with('.'), "{rule}: {text}");
            }
            assert!(is_upper(rule.why, 0), "{rule}: {}", rule.why);
            assert!(
                rule.why.trim_end_matches(')').ends_with('.'),
                "{rule}: {}",
                rule.why
            );
        }
    }
}
