//! Prices that answer one question on one day differently.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::CONFLICTING_PRICE;
use super::applied::ptu_prices;
use crate::azure::{DeploymentKind, region_name};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::rate_card::{OwnPrice, OwnPtuPrice, Regions};

/// When an own price holds, and for what.
struct Scope {
    from: NaiveDate,
    until: Option<NaiveDate>,
    kind: Option<DeploymentKind>,
    region: Option<String>,
}

impl Scope {
    fn of_tokens(own: &OwnPrice) -> Self {
        Self {
            from: own.from,
            until: own.until,
            kind: own.kind,
            region: own.region.as_deref().map(region_name),
        }
    }

    fn of_ptu(own: &OwnPtuPrice) -> Self {
        Self {
            from: own.from,
            until: own.until,
            kind: Some(own.kind),
            region: own.region.as_deref().map(region_name),
        }
    }

    /// The first day from `start` on that both hold on.
    fn common_day(&self, other: &Self, start: NaiveDate) -> Option<NaiveDate> {
        let first = self.from.max(other.from).max(start);
        let holds = |one: &Self| one.until.is_none_or(|until| first < until);
        (holds(self) && holds(other)).then_some(first)
    }

    /// Whether both hold for some deployment.
    fn meets(&self, other: &Self, regions: &Regions) -> bool {
        let kinds = self.kind.is_none() || other.kind.is_none() || self.kind == other.kind;
        let regions = match (&self.region, &other.region) {
            (Some(a), Some(b)) => {
                regions.names(a).contains(&b.as_str()) || regions.names(b).contains(&a.as_str())
            }
            _ => true,
        };
        kinds && regions
    }

    fn narrowness(&self) -> usize {
        usize::from(self.kind.is_some()) + usize::from(self.region.is_some())
    }

    /// Whether dates decide between them against what one would expect: they start together, or
    /// the wider one later.
    fn is_unclear(&self, other: &Self) -> bool {
        let (early, late) = if self.from <= other.from {
            (self, other)
        } else {
            (other, self)
        };
        early.from == late.from || late.narrowness() < early.narrowness()
    }

    fn conflicts(&self, other: &Self, evidence: &Evidence<'_>) -> Option<NaiveDate> {
        let start = evidence.start();
        let regions = evidence.facts.rates.regions();
        (self.is_unclear(other) && self.meets(other, regions))
            .then(|| self.common_day(other, start))
            .flatten()
    }
}

/// Own prices that disagree.
pub(super) fn own(evidence: &Evidence<'_>) -> Vec<Finding> {
    let config = evidence.config;
    let tokens = pairs(&config.prices).filter_map(|((a, first), (b, second))| {
        let classes = differing(first, second)?;
        let day = Scope::of_tokens(first).conflicts(&Scope::of_tokens(second), evidence)?;
        let what = format!("{} {}", first.tier, first.model);
        let message = format!(
            "[[price]] {} and {} both price {what} on {day}, differently: {classes}",
            a + 1,
            b + 1
        );
        let subject = subject(&what, [Scope::of_tokens(first), Scope::of_tokens(second)]);
        Some(("price", a, b, subject, message))
    });
    let ptu = pairs(&config.ptu_prices).filter_map(|((a, first), (b, second))| {
        let same = first.term == second.term && first.kind == second.kind;
        if !same || first.price == second.price {
            return None;
        }
        let day = Scope::of_ptu(first).conflicts(&Scope::of_ptu(second), evidence)?;
        let what = format!("{} PTU ({})", first.kind, first.term);
        let message = format!(
            "[[ptu_price]] {} and {} both price a {what} on {day}, differently: {} and {} USD",
            a + 1,
            b + 1,
            first.price,
            second.price
        );
        let subject = subject(&what, [Scope::of_ptu(first), Scope::of_ptu(second)]);
        Some(("ptu_price", a, b, subject, message))
    });
    let found = tokens.chain(ptu).map(|(section, a, b, subject, message)| {
        Finding::of(&CONFLICTING_PRICE, subject, message)
            .written(config, &entry(section, b, "from"))
            .written(config, &entry(section, a, "from"))
    });
    found.collect()
}

/// What tells a conflict from others: what is priced, and for what and from when the two hold.
fn subject(what: &str, scopes: [Scope; 2]) -> String {
    let [first, second] = scopes.map(|scope| {
        let kind = scope.kind.map(|kind| format!("{kind} "));
        let region = scope.region.map(|region| format!("{region} "));
        let (kind, region) = (kind.unwrap_or_default(), region.unwrap_or_default());
        format!("{kind}{region}{}", scope.from)
    });
    format!("own {what}: {first} and {second}")
}

/// Every two entries of a list, with their places.
fn pairs<T>(list: &[T]) -> impl Iterator<Item = ((usize, &T), (usize, &T))> {
    let firsts = list.iter().enumerate();
    firsts.flat_map(move |(a, first)| {
        let seconds = list.iter().enumerate().skip(a + 1);
        seconds.map(move |second| ((a, first), second))
    })
}

/// The classes that both price and not alike; `None` where they are about other tokens.
fn differing(first: &OwnPrice, second: &OwnPrice) -> Option<String> {
    let same = first.model == second.model
        && first.version == second.version
        && first.tier == second.tier
        && first.input_above == second.input_above;
    let prices = [
        ("input", first.input, second.input),
        ("cached_input", first.cached_input, second.cached_input),
        ("cache_write", first.cache_write, second.cache_write),
        ("output", first.output, second.output),
    ];
    let differ = prices.iter().filter_map(|(class, a, b)| {
        let (a, b) = ((*a)?, (*b)?);
        (a != b).then(|| format!("{class} {a} and {b}"))
    });
    let listed: Vec<String> = differ.collect();
    (same && !listed.is_empty()).then(|| listed.join(", "))
}

/// Bundled prices that were applied while another source disagrees from the same day.
pub(super) fn bundled(evidence: &Evidence<'_>) -> Vec<Finding> {
    let rates = evidence.facts.rates;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let uses = evidence.charges.iter().flat_map(|charges| &charges.priced);
    for one in uses.filter(|one| !one.price.source.own) {
        let (price, source) = (one.price.price, &one.price.source);
        let query = one.query(one.days.1);
        for rival in rates.rivals(&query) {
            let other = &rival.price.source;
            if !other.own && other.effective_from == source.effective_from {
                let message = disagree(
                    &query.to_string(),
                    (&price, &source.text),
                    (&rival.price.price, &other.text),
                );
                found.insert(query.to_string(), message);
            }
        }
    }
    for one in ptu_prices(evidence) {
        let (price, source) = (&one.price.price, &one.price.source);
        for rival in rates.ptu_rivals(&one.query) {
            let other = &rival.price.source;
            if !source.own && !other.own && other.effective_from == source.effective_from {
                let message = disagree(
                    &one.query.to_string(),
                    (price, &source.text),
                    (&rival.price.price, &other.text),
                );
                found.insert(one.query.to_string(), message);
            }
        }
    }
    let findings = found.into_iter();
    findings
        .map(|(what, message)| Finding::of(&CONFLICTING_PRICE, what, message))
        .collect()
}

fn disagree<P: std::fmt::Display>(what: &str, used: (&P, &str), other: (&P, &str)) -> String {
    let ((price, source), (rival, other)) = (used, other);
    format!("{what}: {price} USD was applied ({source}), and another source says {rival} ({other})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_of_one_model_are_told_apart() {
        let scope = |from: &str, region: Option<&str>| Scope {
            from: from.parse().unwrap(),
            until: None,
            kind: Some(DeploymentKind::Global),
            region: region.map(str::to_owned),
        };
        let of = |from, region| subject("gpt", [scope("2026-01-01", None), scope(from, region)]);
        assert_eq!(
            of("2026-07-01", Some("eastus")),
            "own gpt: global 2026-01-01 and global eastus 2026-07-01"
        );
        assert_ne!(of("2026-07-01", None), of("2026-07-01", Some("eastus")));
    }
}
