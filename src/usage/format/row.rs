//! One row of named fields, filled again and again.

use std::fmt::Write;

use super::{Fault, Slot, SlotSet};
use crate::diagnostic::Sort;
use crate::time::Timestamp;
use crate::usage::timestamp::{Clock, TimeFault};

/// A value of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    /// Bytes of the row's text.
    Text { start: usize, end: usize },
    /// A whole number, in a field that is meant as one.
    Integer(i64),
    /// A truth value.
    Flag(Truth),
}

/// A truth value, as JSON writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
}

impl Truth {
    /// As CSV writes it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Yes => "true",
            Self::No => "false",
        }
    }
}

/// The fields of one row that some format reads; everything else is never copied here.
///
/// One row is used for all rows of a worker, so that reading allocates nothing per row.
#[derive(Debug)]
pub(crate) struct Row {
    text: String,
    /// Only those of `filled` are of this row.
    values: Vec<Value>,
    /// Fields that the row has, with or without a value.
    present: SlotSet,
    /// Fields that have a value.
    filled: SlotSet,
}

impl Row {
    /// A row without fields.
    pub(crate) fn new() -> Self {
        Self {
            text: String::new(),
            values: vec![Value::Integer(0); Slot::ALL.len()],
            present: SlotSet::default(),
            filled: SlotSet::default(),
        }
    }

    /// Forgets the last row.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.present = SlotSet::default();
        self.filled = SlotSet::default();
    }

    /// Starts a row of these columns from the text of all its fields, one after the other.
    pub(crate) fn start(&mut self, present: SlotSet, text: &str) {
        self.clear();
        self.text.push_str(text);
        self.present = present;
    }

    /// Sets a field to a part of the text it was started with; `None` when that would cut a character.
    pub(crate) fn set_span(&mut self, slot: Slot, start: usize, end: usize) -> Option<()> {
        let text = self.text.get(start..end)?;
        let trimmed = text.trim_ascii_start();
        let start = end - trimmed.len();
        let end = start + trimmed.trim_ascii_end().len();
        if start < end {
            self.set(slot, Value::Text { start, end });
        }
        Some(())
    }

    /// Sets a field; of several columns for one field, the first with a value counts.
    fn set(&mut self, slot: Slot, value: Value) {
        if !self.filled.contains(slot) {
            self.filled.insert(slot);
            self.values[slot as usize] = value;
        }
    }

    /// Notes that the row has the field, with a value to follow or empty.
    pub(crate) const fn mark(&mut self, slot: Slot) {
        self.present.insert(slot);
    }

    /// Sets a field to a text.
    pub(crate) fn set_text(&mut self, slot: Slot, text: &str) {
        let text = text.trim_ascii();
        if !text.is_empty() && !self.filled.contains(slot) {
            let start = self.text.len();
            self.text.push_str(text);
            let end = self.text.len();
            self.set(slot, Value::Text { start, end });
        }
    }

    /// Sets a field to a whole number.
    pub(crate) fn set_integer(&mut self, slot: Slot, number: i64) {
        if slot.is_numeric() {
            self.set(slot, Value::Integer(number));
        } else {
            self.set_display(slot, &number);
        }
    }

    /// Sets a field to a truth value.
    pub(crate) fn set_flag(&mut self, slot: Slot, truth: Truth) {
        self.set(slot, Value::Flag(truth));
    }

    /// Sets a field to a number as it is written.
    pub(crate) fn set_display(&mut self, slot: Slot, number: &dyn std::fmt::Display) {
        if !self.filled.contains(slot) {
            let start = self.text.len();
            write!(self.text, "{number}").expect("writing to a string never fails");
            let end = self.text.len();
            self.set(slot, Value::Text { start, end });
        }
    }

    /// The fields that the row has, with or without a value.
    pub(crate) const fn present(&self) -> SlotSet {
        self.present
    }

    /// Whether the row has the field, with or without a value.
    pub(crate) const fn has(&self, slot: Slot) -> bool {
        self.present.contains(slot)
    }

    /// The field's value, where it has one.
    pub(crate) fn value(&self, slot: Slot) -> Option<Value> {
        self.filled
            .contains(slot)
            .then(|| self.values[slot as usize])
    }

    /// The field's text; empty where it has none.
    pub(crate) fn text(&self, slot: Slot) -> &str {
        match self.value(slot) {
            Some(Value::Text { start, end }) => &self.text[start..end],
            _ => "",
        }
    }

    /// The field's text; a fault where it has none.
    pub(crate) fn required(&self, slot: Slot) -> Result<&str, Fault> {
        match self.text(slot) {
            "" => Err(Fault::missing(slot)),
            text => Ok(text),
        }
    }

    /// A count of tokens or requests; `None` where the field is empty, which is not 0.
    pub(crate) fn count(&self, slot: Slot) -> Result<Option<u32>, Fault> {
        let number = match self.value(slot) {
            None => return Ok(None),
            Some(Value::Integer(number)) => Some(number),
            Some(Value::Text { start, end }) => whole_number(&self.text[start..end]),
            Some(Value::Flag(_)) => None,
        };
        match number.map(u32::try_from) {
            Some(Ok(count)) => Ok(Some(count)),
            _ => Err(self.not_a_count(slot)),
        }
    }

    #[cold]
    fn not_a_count(&self, slot: Slot) -> Fault {
        let shown = match self.value(slot) {
            Some(Value::Integer(number)) => number.to_string(),
            _ => self.text(slot).to_owned(),
        };
        let (sort, what) = if shown.starts_with('-') {
            (Sort::Negative, "is negative")
        } else {
            (Sort::NoCount, "is not a count")
        };
        Fault::new(
            format!("`{}` {what}", slot.name()),
            "expected a whole number from 0 to 4294967295: correct the row",
        )
        .sorted(sort, slot.name())
        .showing(&shown)
    }

    /// The row's time, brought to UTC.
    pub(crate) fn time(&self, clock: Clock) -> Result<Timestamp, Fault> {
        let (time, shown) = match self.value(Slot::Time) {
            None => return Err(Fault::missing(Slot::Time)),
            Some(Value::Integer(number)) => (Clock::read_number(number), ""),
            Some(_) => {
                let text = self.text(Slot::Time);
                (clock.read(text), text)
            }
        };
        time.map_err(|fault| unreadable_time(fault).showing(shown))
    }

    /// Whether the field says yes.
    pub(crate) fn flag(&self, slot: Slot) -> bool {
        match self.value(slot) {
            Some(Value::Flag(truth)) => truth == Truth::Yes,
            Some(Value::Integer(number)) => number == 1,
            Some(Value::Text { .. }) => {
                let text = self.text(slot);
                text.eq_ignore_ascii_case("true") || text == "1"
            }
            None => false,
        }
    }

    /// The HTTP status, where the row has one.
    pub(crate) fn status(&self) -> Result<Option<u16>, Fault> {
        let count = self.count(Slot::Status);
        match count.map_err(|fault| fault.sorted(Sort::NoStatus, Slot::Status.name()))? {
            None => Ok(None),
            Some(status) => match u16::try_from(status) {
                Ok(status) if status < 1000 => Ok(Some(status)),
                _ => Err(Fault::new(
                    "`status` is not an HTTP status",
                    "expected a number from 100 to 599: correct the row",
                )
                .sorted(Sort::NoStatus, Slot::Status.name())
                .showing(&status.to_string())),
            },
        }
    }
}

#[cold]
fn unreadable_time(fault: TimeFault) -> Fault {
    let (what, remedy) = match fault {
        TimeFault::Unknown => (
            "`time` is in no notation known",
            "expected ISO 8601, a date of some culture, or seconds since 1970: correct the row",
        ),
        TimeFault::Unordered => (
            "`time` has day and month in an order not known",
            "the first rows of the file write times otherwise: set `dates` in [reading]",
        ),
        TimeFault::OutOfRange => (
            "`time` is no time of the calendar in the file's order of day and month",
            "correct the row, or set `dates` in [reading]",
        ),
    };
    Fault::new(what, remedy).sorted(Sort::NoTime, Slot::Time.name())
}

/// `15000`, `-1`, `800.0`: a number without a fraction other than zeros.
fn whole_number(text: &str) -> Option<i64> {
    // Counts are mostly whole, so a point is only looked for where that fails.
    text.parse().ok().or_else(|| {
        let (whole, fraction) = text.split_once('.')?;
        let is_whole = fraction.bytes().all(|digit| digit == b'0');
        is_whole.then(|| whole.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Result<Option<u32>, String> {
        let mut row = Row::new();
        row.set_text(Slot::Input, text);
        row.count(Slot::Input).map_err(|fault| fault.problem.what)
    }

    #[test]
    fn counts_are_whole_and_empty_is_not_zero() {
        for (text, expected) in [
            ("15000", Ok(Some(15_000))),
            ("0", Ok(Some(0))),
            ("800.0", Ok(Some(800))),
            ("800.", Ok(Some(800))),
            (" 7 ", Ok(Some(7))),
            ("", Ok(None)),
            ("4294967295", Ok(Some(u32::MAX))),
            ("4294967296", Err("`input tokens` is not a count")),
            ("800.5", Err("`input tokens` is not a count")),
            ("-1", Err("`input tokens` is negative")),
            ("1e3", Err("`input tokens` is not a count")),
            ("many", Err("`input tokens` is not a count")),
            (".", Err("`input tokens` is not a count")),
        ] {
            assert_eq!(count(text), expected.map_err(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn the_first_value_of_a_field_counts() {
        let mut row = Row::new();
        row.set_text(Slot::Model, "");
        row.set_text(Slot::Model, "a");
        row.set_text(Slot::Model, "b");
        assert_eq!(row.text(Slot::Model), "a");
        row.clear();
        assert_eq!(row.text(Slot::Model), "");
    }

    #[test]
    fn numbers_used_as_names_are_texts() {
        let mut row = Row::new();
        row.set_integer(Slot::Subscription, 42);
        row.set_integer(Slot::Input, 42);
        assert_eq!(row.text(Slot::Subscription), "42");
        assert_eq!(row.count(Slot::Input), Ok(Some(42)));
    }
}
