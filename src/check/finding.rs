//! What a check found, and where.

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

use super::private::masked;
use super::rule::{Rule, Severity};

/// One finding: a rule, what it is about, and the places that show it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What tells it from other findings of the rule in the same file: a deployment, a caller, a
    /// field; empty where nothing does. Never what changes from day to day: a baseline knows
    /// findings by it.
    pub subject: String,
    /// The business unit it is about, where it is about one.
    pub unit: Option<String>,
    /// What was found and what was expected, in one line.
    pub message: String,
    /// What to do in this case; that of the rule where it is empty.
    pub help: String,
    /// How often it was met; at least 1.
    pub count: u64,
    /// The first places, in order; none where it is about no file.
    pub places: Vec<Place>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the user gave it.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
    /// What is there, shortened; empty where it must not be shown.
    pub found: String,
    /// The spot as an editor counts, where it was looked up.
    pub located: Option<Located>,
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The file as a whole.
    Whole,
    /// A row, and the field of it that is at fault.
    Row {
        /// Line (text) or record number (other carriers), from 1.
        number: u64,
        /// The field by its name in messages; empty for the whole row.
        field: &'static str,
    },
    /// A place in a text.
    Text {
        /// Line, from 1.
        line: u64,
        /// Column, from 1 [character].
        column: u64,
    },
}

/// A spot as an editor counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Located {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1 [character].
    pub column: u64,
    /// How wide it is [character].
    pub width: u64,
    /// What the field is called in the file; empty for a whole row.
    pub title: String,
    /// What to show of the file: the field's value or the line; empty where it may be private.
    pub excerpt: String,
}

/// The fingerprint of findings of a rule about a subject in a file.
pub(super) fn fingerprint(rule: &str, file: &str, subject: &str) -> String {
    let identity = [rule, file, subject].join("\0");
    format!("{:032x}", xxh3_128(identity.as_bytes()))
}

impl Finding {
    /// A finding of `rule` about `subject`, met once, at no place.
    pub fn of(rule: &'static Rule, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            subject: subject.into(),
            unit: None,
            message: message.into(),
            help: String::new(),
            count: 1,
            places: Vec::new(),
        }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// The same about a business unit.
    #[must_use]
    pub fn for_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// The same with a remedy of its own.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same, met so often.
    #[must_use]
    pub const fn times(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// The same without what is private in its texts: names come from logs.
    #[must_use]
    pub(super) fn masked(mut self) -> Self {
        for text in [&mut self.subject, &mut self.message, &mut self.help] {
            *text = masked(text);
        }
        for place in &mut self.places {
            place.found = masked(&place.found);
        }
        self
    }

    /// What to do.
    pub fn remedy(&self) -> &str {
        if self.help.is_empty() {
            self.rule.fix
        } else {
            &self.help
        }
    }

    /// The file it is about; empty where it is about none.
    pub fn file(&self) -> &str {
        self.places.first().map_or("", |place| place.file.as_str())
    }

    /// What tells it from every other finding, in hexadecimal: a hash of rule, file and subject, so
    /// that it stays when rows move.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.rule.id, self.file(), &self.subject)
    }

    /// By what findings are sorted: by file, place and rule; last what is about no file, which
    /// often follows from what is wrong with one.
    pub(super) fn order(&self) -> (bool, &str, Option<&Spot>, &str, &str) {
        let spot = self.places.first().map(|place| &place.spot);
        let is_placeless = self.places.is_empty();
        (is_placeless, self.file(), spot, self.rule.id, &self.subject)
    }
}

impl fmt::Display for Finding {
    /// Writes `file:line:column: message`, as far as the place is known without looking it up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.places.first() {
            f.write_str(&place.file)?;
            match place.spot {
                Spot::Whole => {}
                Spot::Row { number, .. } => write!(f, ":{number}")?,
                Spot::Text { line, column } => write!(f, ":{line}:{column}")?,
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl Place {
    /// A file as a whole.
    pub fn whole(file: impl Into<String>) -> Self {
        Self::new(file, Spot::Whole)
    }

    /// A row of a file, and the field of it that is at fault (empty: the row).
    pub fn row(file: impl Into<String>, number: u64, field: &'static str) -> Self {
        Self::new(file, Spot::Row { number, field })
    }

    /// A place in a text, such as the configuration.
    pub fn text(file: impl Into<String>, line: u64, column: u64) -> Self {
        Self::new(file, Spot::Text { line, column })
    }

    fn new(file: impl Into<String>, spot: Spot) -> Self {
        Self {
            file: file.into(),
            spot,
            found: String::new(),
            located: None,
        }
    }

    /// The same, showing what is there.
    #[must_use]
    pub fn showing(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }
}
