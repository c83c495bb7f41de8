//! Looks for what should not be in an export: keys, texts of messages, addresses of people.
//!
//! Most of it is found in the bytes of the rows, whatever their fields are: marks that are rare in
//! logs (`@`, `eyJ`, `Bearer `, …) are looked for at the speed of memory, and only where one stands
//! are its surroundings looked at. Texts of messages are told by the names of their fields. What is
//! found is never kept.

mod fields;
mod marks;
mod mask;

pub(super) use mask::masked;

use super::rule::Rule;
use super::rules::privacy;
use super::sightings::Sightings;
use crate::usage::{Lie, Origin, RowTexts};
use fields::{Fields, Holds};
use marks::{Secrets, addresses, mails};

/// Looks at runs of rows.
#[derive(Debug)]
pub(super) struct Scanner {
    secrets: Secrets,
    fields: Fields,
}

impl Scanner {
    /// A scanner that has seen nothing.
    pub(super) fn new() -> Self {
        Self {
            secrets: Secrets::new(),
            fields: Fields::new(),
        }
    }

    /// Looks at the texts of some rows.
    pub(super) fn scan(&self, rows: &RowTexts<'_>, seen: &mut Sightings) {
        let text = rows.text;
        tell(rows, self.secrets.places(text), &privacy::KEY, seen);
        tell(rows, mails(text), &privacy::MAIL, seen);
        tell(rows, addresses(text), &privacy::ADDRESS, seen);
        let (mut messages, mut keys) = (Vec::new(), Vec::new());
        self.fields.find(rows, |holds, at| match holds {
            Holds::Message => messages.push(at),
            Holds::Key => keys.push(at),
        });
        tell(rows, messages.into_iter(), &privacy::MESSAGE, seen);
        tell(rows, keys.into_iter(), &privacy::KEY, seen);
    }
}

/// Takes note of every row (of CSV: every line of the file) that has one of these places, once.
fn tell(
    rows: &RowTexts<'_>,
    places: impl Iterator<Item = usize>,
    rule: &'static Rule,
    seen: &mut Sightings,
) {
    let mut numbers = Numbers::of(rows);
    let mut last = None;
    for at in places {
        let origin = numbers.origin_of(at);
        if last != Some(origin) {
            last = Some(origin);
            seen.add(rule, origin, "", String::new);
        }
    }
}

/// Gives the numbers of rows by the places of their bytes, in ascending order of places.
struct Numbers<'a> {
    rows: RowTexts<'a>,
    /// The place looked at last, and the number of the row there.
    place: usize,
    number: u64,
    /// Rows that lie at ranges: the one that the place is in.
    range: usize,
}

impl<'a> Numbers<'a> {
    const fn of(rows: &RowTexts<'a>) -> Self {
        Self {
            rows: *rows,
            place: 0,
            number: rows.first,
            range: 0,
        }
    }

    fn origin_of(&mut self, at: usize) -> Origin {
        let number = match self.rows.lie {
            Lie::Objects(ranges) | Lie::Arrays(ranges, _) => {
                let passed = ranges[self.range..].iter();
                self.range += passed.take_while(|range| range.end <= at).count();
                self.rows.first + self.range as u64
            }
            Lie::Csv { .. } | Lie::Lines => {
                let passed = self.rows.text.get(self.place..at).unwrap_or_default();
                self.number += memchr::memchr_iter(b'\n', passed).count() as u64;
                self.place = at.max(self.place);
                self.number
            }
        };
        Origin {
            source: self.rows.source,
            line: u32::try_from(number).unwrap_or(u32::MAX),
        }
    }
}
