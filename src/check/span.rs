//! The days that money is judged for, where nobody asked for a period.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::time::BillingPeriod;

/// Days without a request that set what is before apart from what is after.
const APART: u64 = 31;

/// Fewer requests than this share of those of the fullest span, one in so many, are strays.
const FEW: u64 = 20;

/// The days with requests, told apart from days that are there by mistake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// From the first to the last day of what is no stray; `None` where there is no request.
    pub(super) period: Option<BillingPeriod>,
    /// Days with requests outside it.
    pub(super) strays: BTreeSet<NaiveDate>,
}

impl Span {
    /// The span of so many requests by day. Days are grouped by gaps of more than 31 days; groups
    /// of less than a twentieth of the fullest are strays.
    pub(super) fn of(requests: &BTreeMap<NaiveDate, u64>) -> Self {
        let groups = groups(requests);
        let most = groups.iter().map(|group| group.requests).max().unwrap_or(0);
        let (kept, strays): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.requests.saturating_mul(FEW) >= most);
        let bounds = kept.first().zip(kept.last());
        let period = bounds.and_then(|(first, last)| {
            let end = last.last.checked_add_days(Days::new(1))?;
            BillingPeriod::new(first.first, end)
        });
        let strays = strays
            .iter()
            .flat_map(|group| requests.range(group.first..=group.last));
        Self {
            period,
            strays: strays.map(|(day, _)| *day).collect(),
        }
    }
}

/// Days near each other.
struct Group {
    first: NaiveDate,
    last: NaiveDate,
    requests: u64,
}

fn groups(requests: &BTreeMap<NaiveDate, u64>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (&day, &count) in requests {
        match groups.last_mut() {
            Some(group)
                if day
                    .signed_duration_since(group.last)
                    .num_days()
                    .unsigned_abs()
                    <= APART =>
            {
                group.last = day;
                group.requests += count;
            }
            _ => groups.push(Group {
                first: day,
                last: day,
                requests: count,
            }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn span(days: &[(&str, u64)]) -> Span {
        Span::of(
            &days
                .iter()
                .map(|(text, count)| (day(text), *count))
                .collect(),
        )
    }

    #[test]
    fn few_requests_far_away_are_strays() {
        let found = span(&[("1970-01-01", 1), ("2026-10-01", 20), ("2026-10-31", 3)]);
        let period = found.period.expect("there are requests");
        assert_eq!(
            (period.start(), period.end()),
            (day("2026-10-01"), day("2026-11-01"))
        );
        assert_eq!(found.strays, BTreeSet::from([day("1970-01-01")]));
    }

    #[test]
    fn quiet_months_and_small_samples_are_no_strays() {
        let found = span(&[("2026-07-01", 1), ("2026-10-01", 5)]);
        assert!(found.strays.is_empty());
        assert_eq!(
            found.period.map(BillingPeriod::start),
            Some(day("2026-07-01"))
        );
        assert_eq!(span(&[]), Span::default());
    }
}
