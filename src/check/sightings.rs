//! What rules about single rows saw: counted always, with the first few places of each file.

use std::collections::BTreeMap;

use super::finding::{Finding, Place};
use super::rule::Rule;
use crate::diagnostic::SHOWN;
use crate::usage::Origin;
use crate::usage::assembly::Spots;

/// What was seen, by rule, source and field.
#[derive(Clone, Debug, Default)]
pub(super) struct Sightings {
    seen: BTreeMap<Key, Seen>,
}

/// The rule's id, the place of the source among the sources, and the field at fault.
type Key = (&'static str, u32, &'static str);

#[derive(Clone, Debug)]
struct Seen {
    rule: &'static Rule,
    count: u64,
    /// The smallest lines, each with what stands there; at most [`SHOWN`].
    spots: Vec<(u32, String)>,
}

impl Sightings {
    /// Takes note of a row that breaks `rule` in its `field`; `found` says what is there, and is
    /// only asked where it will be shown.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        origin: Origin,
        field: &'static str,
        found: impl FnOnce() -> String,
    ) {
        let key = (rule.id, origin.source, field);
        let seen = self.seen.entry(key).or_insert(Seen {
            rule,
            count: 0,
            spots: Vec::new(),
        });
        seen.count += 1;
        if seen.has_room_for(origin.line) {
            seen.keep((origin.line, found()));
        }
    }

    /// Takes note of rows of a source at `spots` that break `rule`; `found` says what is in all of them.
    pub(super) fn add_all(
        &mut self,
        rule: &'static Rule,
        (source, spots): (u32, &Spots),
        field: &'static str,
        found: &str,
    ) {
        for line in &spots.lines {
            let origin = Origin {
                source,
                line: *line,
            };
            self.add(rule, origin, field, || found.to_owned());
        }
        if let Some(seen) = self.seen.get_mut(&(rule.id, source, field)) {
            seen.count += spots.count - spots.lines.len() as u64;
        }
    }

    /// Takes over what another thread saw; the result does not depend on the order.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, found) in other.seen {
            let seen = self.seen.entry(key).or_insert(Seen {
                rule: found.rule,
                count: 0,
                spots: Vec::new(),
            });
            seen.count += found.count;
            for spot in found.spots {
                if seen.has_room_for(spot.0) {
                    seen.keep(spot);
                }
            }
        }
    }

    /// One finding for each rule, source and field; `names` are those of the sources.
    pub(super) fn findings(self, names: &[String]) -> impl Iterator<Item = Finding> {
        self.seen
            .into_iter()
            .map(|((_, source, field), seen)| seen.finding(&names[source as usize], field))
    }
}

impl Seen {
    fn has_room_for(&self, line: u32) -> bool {
        self.spots.len() < SHOWN || self.spots.last().is_some_and(|(last, _)| line < *last)
    }

    fn keep(&mut self, spot: (u32, String)) {
        let at = self.spots.partition_point(|kept| *kept <= spot);
        self.spots.insert(at, spot);
        self.spots.truncate(SHOWN);
    }

    fn finding(self, file: &str, field: &'static str) -> Finding {
        let detail = self.spots.first().map_or("", |(_, found)| found.as_str());
        let message = match (self.count, detail) {
            (_, "") => self.rule.summary.to_owned(),
            (1, detail) => format!("{}: {detail}", self.rule.summary),
            (_, detail) => format!("{}: {detail} at the first place", self.rule.summary),
        };
        let places = self
            .spots
            .into_iter()
            .map(|(line, found)| Place::row(file, u64::from(line), field).showing(found));
        Finding {
            places: places.collect(),
            ..Finding::of(self.rule, field, message).times(self.count)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules;

    fn rule() -> &'static Rule {
        rules::all().next().expect("there are rules")
    }

    fn origin(source: u32, line: u32) -> Origin {
        Origin { source, line }
    }

    #[test]
    fn the_first_lines_are_kept_whatever_the_order() {
        let lines = [9, 3, 7, 1, 8, 2, 6];
        let (mut one, mut other, mut all) = (
            Sightings::default(),
            Sightings::default(),
            Sightings::default(),
        );
        for (at, line) in lines.into_iter().enumerate() {
            let part = if at % 2 == 0 { &mut one } else { &mut other };
            for seen in [part, &mut all] {
                seen.add(rule(), origin(0, line), "field", || line.to_string());
            }
        }
        one.merge(other);
        let names = ["a.csv".to_owned()];
        let [merged, whole] = [one, all].map(|seen| seen.findings(&names).collect::<Vec<_>>());
        let lines = |findings: &[Finding]| -> Vec<_> {
            findings[0]
                .places
                .iter()
                .map(|place| place.found.clone())
                .collect()
        };
        assert_eq!(lines(&merged), ["1", "2", "3", "6", "7"]);
        assert_eq!(lines(&merged), lines(&whole));
        assert_eq!((merged[0].count, merged.len()), (7, 1));
    }

    #[test]
    fn files_and_fields_are_findings_of_their_own() {
        let mut seen = Sightings::default();
        for (source, field) in [(0, "a"), (1, "a"), (0, "b")] {
            seen.add(rule(), origin(source, 1), field, String::new);
        }
        let names = ["a.csv", "b.csv"].map(str::to_owned);
        assert_eq!(seen.findings(&names).count(), 3);
    }
}
