//! What was wrong with the input: counted always, shown with place and remedy.

use std::collections::BTreeMap;
use std::fmt;

/// What sort of fault it is, for whoever has to tell faults apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// The row cannot be taken for what its carrier holds: no JSON, no text, no known fields.
    #[default]
    Unreadable,
    /// The row, or the file around it, ends too early.
    CutOff,
    /// The row has more or fewer fields than its header.
    Ragged,
    /// A field that must have a value has none.
    Missing,
    /// A count is below zero.
    Negative,
    /// A count is no whole number, or larger than any count.
    NoCount,
    /// A time cannot be read.
    NoTime,
    /// A status is none of HTTP.
    NoStatus,
    /// More tokens were read from a cache than there were in the prompt.
    Cached,
    /// Another row of the same request says otherwise.
    Conflict,
    /// Rows of one request name different models or deployments.
    Names,
}

/// A kind of fault in the input; one kind has one remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// What sort of fault it is.
    pub sort: Sort,
    /// The field at fault, by its name in messages; empty where no single one is.
    pub field: &'static str,
    /// What was found, e.g. "`PromptTokens` is negative".
    pub what: String,
    /// What was expected, and what to do.
    pub remedy: String,
}

/// One fault at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The input's name as the user gave it.
    pub source: String,
    /// Line (text) or record number (other carriers), from 1; 0 for the whole input.
    pub line: u64,
    /// The kind of fault.
    pub problem: Problem,
    /// The offending value, shortened; empty where there is none.
    pub found: String,
}

/// All faults, in a stable order: every kind with its counts and first few places by source.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kinds: BTreeMap<Problem, Kind>,
}

/// One kind of fault in each source, by its name.
type Kind = BTreeMap<String, Spots>;

#[derive(Clone, Debug, Default)]
struct Spots {
    count: u64,
    /// The smallest places, at most [`SHOWN`].
    places: Vec<Diagnostic>,
}

/// Places kept of each kind of fault in a source, and shown of each kind.
pub const SHOWN: usize = 5;

impl Diagnostics {
    /// Counts `diagnostic` and keeps it when it is among the first of its kind in its source.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        let kind = self.kinds.entry(diagnostic.problem.clone()).or_default();
        let spots = kind.entry(diagnostic.source.clone()).or_default();
        spots.count += 1;
        spots.keep(diagnostic);
    }

    /// Takes over what another reader found; the result does not depend on the order.
    pub fn merge(&mut self, other: Self) {
        for (problem, kind) in other.kinds {
            let known = self.kinds.entry(problem).or_default();
            for (source, found) in kind {
                let spots = known.entry(source).or_default();
                spots.count += found.count;
                for place in found.places {
                    spots.keep(place);
                }
            }
        }
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many faults there are.
    pub fn count(&self) -> u64 {
        let counts = self.by_source().map(|(_, _, count, _)| count);
        counts.sum()
    }

    /// Every kind of fault: what it is, how often it was met, its first places.
    pub fn kinds(&self) -> impl Iterator<Item = (&Problem, u64, Vec<&Diagnostic>)> {
        self.kinds.iter().map(|(problem, kind)| {
            let count = kind.values().map(|spots| spots.count).sum();
            let places = kind.values().flat_map(|spots| &spots.places);
            (problem, count, places.take(SHOWN).collect())
        })
    }

    /// Every kind of fault in each source: what it is, the source, how often it was met there, and
    /// its first places there.
    pub fn by_source(&self) -> impl Iterator<Item = (&Problem, &str, u64, &[Diagnostic])> {
        self.kinds.iter().flat_map(|(problem, kind)| {
            kind.iter().map(move |(source, spots)| {
                let places = spots.places.as_slice();
                (problem, source.as_str(), spots.count, places)
            })
        })
    }
}

impl Spots {
    fn keep(&mut self, place: Diagnostic) {
        let at = self.places.partition_point(|kept| *kept <= place);
        if at < SHOWN {
            self.places.insert(at, place);
            self.places.truncate(SHOWN);
        }
    }
}

/// What is wrong with a row, and the value that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub problem: Problem,
    /// The offending value, shortened; empty where showing it could give away what is private.
    pub found: String,
}

/// Characters of a value that are shown.
const LONGEST_FOUND: usize = 40;

impl Fault {
    /// A fault without a value to show.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            problem: Problem {
                sort: Sort::Unreadable,
                field: "",
                what: what.into(),
                remedy: remedy.into(),
            },
            found: String::new(),
        }
    }

    /// The same, of another sort than unreadable, with the field at fault.
    #[must_use]
    pub fn sorted(mut self, sort: Sort, field: &'static str) -> Self {
        self.problem.sort = sort;
        self.problem.field = field;
        self
    }

    /// The same, showing the start of `found`.
    #[must_use]
    pub fn showing(mut self, found: &str) -> Self {
        self.found = found.chars().take(LONGEST_FOUND).collect();
        self
    }

    /// The fault at its place.
    pub fn at(self, source: &str, line: u64) -> Diagnostic {
        Diagnostic {
            source: source.to_owned(),
            line,
            problem: self.problem,
            found: self.found,
        }
    }
}

impl fmt::Display for Diagnostic {
    /// Writes `file:line: what (found "value")`, as compilers do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.problem.what)?;
        if self.found.is_empty() {
            Ok(())
        } else {
            write!(f, ": found {:?}", self.found)
        }
    }
}
