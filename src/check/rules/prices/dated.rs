//! Prices that end, and prices that are only known from a later day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::applied::{AppliedPtu, ptu_prices};
use super::{PRICE_KNOWN_LATER, PROMOTION_ENDED};
use crate::azure::PtuTerm;
use crate::chargeback::{About, PricedUse, Step};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::config::Config;
use crate::rate_card::{RateCard, Source};

/// How long before the last day of a price it is told [day].
const AHEAD: u64 = 30;

/// A change of price: what is priced, and the first day of the new price.
type Change = (String, NaiveDate);

/// What changes on that day, class by class, and the own price that ends.
#[derive(Default)]
struct Rise {
    prices: Vec<String>,
    own: Option<[Step; 3]>,
}

/// A finding for each price that ends and is followed by a higher one or none.
pub(super) fn ended(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut rises: BTreeMap<Change, Rise> = BTreeMap::new();
    for one in evidence.charges.iter().flat_map(|charges| &charges.priced) {
        for end in ends_of_tokens(one, evidence) {
            end.note(&mut rises, evidence.config);
        }
    }
    for one in ptu_prices(evidence) {
        for end in ends_of_ptu(&one, evidence) {
            end.note(&mut rises, evidence.config);
        }
    }
    let findings = rises.into_iter().map(|((what, until), rise)| {
        let last = until.pred_opt().unwrap_or(until);
        let message = format!(
            "the price of {what} ends on {last}: {}",
            rise.prices.join(", ")
        );
        let finding = Finding::of(&PROMOTION_ENDED, format!("{what} {last}"), message);
        match rise.own {
            Some(path) => finding.written(evidence.config, &path),
            None => finding,
        }
    });
    findings.collect()
}

/// The end of one price.
struct End<'a> {
    what: String,
    class: &'static str,
    before: String,
    after: Option<String>,
    source: &'a Source,
    until: NaiveDate,
}

impl End<'_> {
    fn note(&self, rises: &mut BTreeMap<Change, Rise>, config: &Config) {
        let rise = rises.entry((self.what.clone(), self.until)).or_default();
        let after = self.after.as_deref().unwrap_or("no known price");
        let (class, before) = (self.class, &self.before);
        let line = format!("{class} {before} USD before, {after} after");
        if !rise.prices.contains(&line) {
            rise.prices.push(line);
        }
        rise.own = rise.own.or_else(|| own_until(config, self.source));
    }
}

/// The ends of the price that was applied, and of lower ones before it.
fn ends_of_tokens<'a>(one: &'a PricedUse, evidence: &Evidence<'a>) -> Vec<End<'a>> {
    let rates: &'a RateCard = evidence.facts.rates;
    let rows = rates
        .token_entries()
        .map(|entry| &entry.price)
        .filter(|row| row.model == one.name.model);
    let untils = rows.filter_map(|row| row.source.effective_until);
    let days = end_days(untils, (&one.price.source, one.days.1), evidence);
    let ends = days.into_iter().filter_map(|until| {
        let before = rates.token_price(&one.query(until.pred_opt()?)).ok()?;
        let after = rates.token_price(&one.query(until)).ok();
        let rises = after.is_none_or(|after| after.price > before.price);
        (rises && before.source.effective_until == Some(until)).then(|| End {
            what: format!(
                "{} {} {} in {}",
                before.tier, before.kind, one.name, one.region
            ),
            class: before.class.name(),
            before: before.price.to_string(),
            after: after.map(|after| after.price.to_string()),
            source: &before.source,
            until,
        })
    });
    ends.collect()
}

/// The same for PTU hours; terms keep the price of their first day.
fn ends_of_ptu<'a>(one: &AppliedPtu<'a>, evidence: &Evidence<'a>) -> Vec<End<'a>> {
    let rates: &'a RateCard = evidence.facts.rates;
    let query = one.query;
    if query.term != PtuTerm::Hourly {
        return Vec::new();
    }
    let on = |on: NaiveDate| rates.ptu_price(query.kind, query.region, query.term, on);
    let rows = rates.ptu_entries().map(|entry| &entry.price);
    let untils = rows.filter_map(|row| row.source.effective_until);
    let days = end_days(untils, (&one.price.source, query.on), evidence);
    let ends = days.into_iter().filter_map(|until| {
        let before = on(until.pred_opt()?).ok()?;
        let after = on(until).ok();
        let rises = after.is_none_or(|after| after.price > before.price);
        (rises && before.source.effective_until == Some(until)).then(|| End {
            what: format!("a {} PTU in {}", query.kind, query.region),
            class: query.term.name(),
            before: before.price.to_string(),
            after: after.map(|after| after.price.to_string()),
            source: &before.source,
            until,
        })
    });
    ends.collect()
}

/// The near days on which a price may have ended before the last use, and that on which the price
/// that was applied does.
fn end_days(
    untils: impl Iterator<Item = NaiveDate>,
    (applied, last_used): (&Source, NaiveDate),
    evidence: &Evidence<'_>,
) -> BTreeSet<NaiveDate> {
    let past = untils.filter(|until| *until <= last_used);
    let days = past.chain(applied.effective_until);
    days.filter(|until| is_near(*until, evidence)).collect()
}

/// Whether a price that ends before `until` ends in the period, or until some days after the check.
fn is_near(until: NaiveDate, evidence: &Evidence<'_>) -> bool {
    let Some(period) = evidence.period else {
        return false;
    };
    let ahead = evidence.as_of.checked_add_days(Days::new(AHEAD + 1));
    period.start() <= until && until <= period.end().max(ahead.unwrap_or(evidence.as_of))
}

/// Where the end of an own price is written.
fn own_until(config: &Config, source: &Source) -> Option<[Step; 3]> {
    let is_it = |text: &str, span: (NaiveDate, Option<NaiveDate>)| {
        text == source.text && span == (source.effective_from, source.effective_until)
    };
    if !source.own {
        return None;
    }
    let tokens = config.prices.iter();
    let tokens = tokens.map(|own| ("price", is_it(&own.source, (own.from, own.until))));
    let ptu = config.ptu_prices.iter();
    let ptu = ptu.map(|own| ("ptu_price", is_it(&own.source, (own.from, own.until))));
    let numbered = tokens.enumerate().chain(ptu.enumerate());
    let mut own = numbered.filter(|(_, (_, is_it))| *is_it);
    own.next()
        .map(|(at, (section, _))| entry(section, at, "until"))
}

/// Prices that were used before the first day they are known for.
pub(super) fn known_later(evidence: &Evidence<'_>) -> Vec<Finding> {
    let findings = evidence
        .charges
        .iter()
        .flat_map(|charges| &charges.findings);
    let known = findings.filter_map(|finding| match &finding.about {
        About::Price(of, from) => Some((of, from)),
        _ => None,
    });
    let mut found: BTreeMap<&String, &NaiveDate> = BTreeMap::new();
    for (of, from) in known {
        let last = found.entry(of).or_insert(from);
        *last = from.max(last);
    }
    let findings = found.into_iter().map(|(of, from)| {
        let message = format!("the price of {of} is known from {from} only, and was used before");
        Finding::of(&PRICE_KNOWN_LATER, of, message)
    });
    findings.collect()
}
