//! Reads the fields of one JSON row.
//!
//! Only wanted values are copied; all others are skipped by `sonic-rs`.

use std::fmt;

use memchr::memchr2_iter;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::layout::Layout;
use crate::carrier::{Keys, extent};
use crate::diagnostic::Sort;
use crate::usage::format::{Fault, Meaning, Row, Slot, Truth, Vocabulary};

/// What a JSON text turned out to be.
pub(crate) enum Read {
    /// A row.
    Row,
    /// An object that may hold rows instead of being one.
    Envelope,
    /// Not a row that can be read.
    Broken(Fault),
}

/// Reads JSON rows of one source.
pub(crate) struct JsonReader<'v> {
    vocabulary: &'v Vocabulary,
    keys: Keys<Meaning>,
    /// JSON inside a text, waiting to be read.
    nested: String,
    envelope: bool,
}

/// Brackets within brackets that are read; skipping deeper ones could overrun the stack.
const DEEPEST: usize = 128;

/// JSON in a text in a text, and so on, that is read.
pub(crate) const DEEPEST_NESTED: usize = 3;

impl<'v> JsonReader<'v> {
    /// A reader that knows fields by these names.
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            keys: Keys::new(Meaning::Other),
            nested: String::new(),
            envelope: false,
        }
    }

    /// The keys met so far, in the order they were first met.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.names()
    }

    /// Reads an object into `row`.
    pub(crate) fn object(&mut self, text: &str, row: &mut Row) -> Read {
        row.clear();
        self.envelope = false;
        self.keys.start();
        let fill = Fill {
            json: self,
            row,
            kind: Part::Fields,
        };
        match parse(text, fill) {
            Ok(()) if self.envelope => Read::Envelope,
            Ok(()) => self.nested(row),
            Err(fault) => Read::Broken(fault),
        }
    }

    /// Reads an array in the order of `layout` into `row`.
    pub(crate) fn array(&mut self, text: &str, layout: &Layout, row: &mut Row) -> Read {
        row.start(layout.present, "");
        match parse(
            text,
            Columns {
                json: self,
                row,
                layout,
            },
        ) {
            Ok(true) => self.nested(row),
            Ok(false) => Read::Broken(
                Fault::new(
                    "row has more or fewer values than the table has columns",
                    "save the answer of the query as it came",
                )
                .sorted(Sort::Ragged, ""),
            ),
            Err(fault) => Read::Broken(fault),
        }
    }

    /// Reads a text that holds further fields of `row` as JSON.
    pub(crate) fn properties(&mut self, text: &str, row: &mut Row) -> Read {
        self.nested.push_str(text);
        self.nested(row)
    }

    /// Reads what waits in `nested`.
    fn nested(&mut self, row: &mut Row) -> Read {
        for _ in 0..DEEPEST_NESTED {
            if self.nested.is_empty() {
                return Read::Row;
            }
            let text = std::mem::take(&mut self.nested);
            let fill = Fill {
                json: self,
                row,
                kind: Part::Properties,
            };
            let read = parse(&text, fill);
            if let Err(fault) = read {
                return Read::Broken(fault);
            }
            if self.nested.is_empty() {
                // Keeps the allocation for the next row.
                self.nested = text;
                self.nested.clear();
            }
        }
        self.nested.clear();
        Read::Row
    }
}

/// Reads one JSON value and nothing after it.
fn parse<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, Fault> {
    if !is_shallow(text.as_bytes()) {
        return Err(Fault::new(
            "JSON is nested too deeply",
            "no log row is nested over 128 levels: correct the row",
        ));
    }
    let mut json = sonic_rs::Deserializer::from_str(text);
    let value = seed
        .deserialize(&mut json)
        .map_err(|error| invalid(&error))?;
    json.end().map_err(|error| invalid(&error))?;
    Ok(value)
}

/// Whether no value is nested too deeply to be read.
pub(crate) fn is_shallow(text: &[u8]) -> bool {
    let brackets = memchr2_iter(b'{', b'[', text);
    brackets.take(DEEPEST + 1).count() <= DEEPEST || extent(text).deepest <= DEEPEST
}

#[cold]
fn invalid(error: &sonic_rs::Error) -> Fault {
    let (sort, what) = if error.is_eof() {
        (Sort::CutOff, "JSON row ends early")
    } else {
        (Sort::Unreadable, "row is not valid JSON")
    };
    Fault::new(
        what,
        "the row is half-written or damaged: export the file again",
    )
    .sorted(sort, "")
}

/// A key on its way to its meaning.
struct KeySeed<'k>(&'k mut Keys<Meaning>, &'k Vocabulary);

impl Visitor<'_> for KeySeed<'_> {
    type Value = Meaning;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Meaning, E> {
        Ok(self.0.meaning(name, |name| self.1.meaning(name)))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Meaning, D::Error> {
        json.deserialize_str(self)
    }
}

/// Which part of a row a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The object itself.
    Fields,
    /// An object, or a text holding one, with further fields.
    Properties,
    /// An array that may hold rows.
    Envelope,
    /// One field.
    Field(Slot),
}

/// Fills a row from a value.
struct Fill<'a, 'v> {
    json: &'a mut JsonReader<'v>,
    row: &'a mut Row,
    kind: Part,
}

impl<'de> DeserializeSeed<'de> for Fill<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        match self.kind {
            Part::Fields => json.deserialize_map(self),
            _ => json.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Fill<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if !matches!(self.kind, Part::Fields | Part::Properties) {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let vocabulary = self.json.vocabulary;
        while let Some(meaning) = map.next_key_seed(KeySeed(&mut self.json.keys, vocabulary))? {
            let kind = match meaning {
                Meaning::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Meaning::Field(slot) => {
                    self.row.mark(slot);
                    Part::Field(slot)
                }
                Meaning::Properties => Part::Properties,
                Meaning::Envelope => Part::Envelope,
            };
            map.next_value_seed(Fill {
                json: self.json,
                row: self.row,
                kind,
            })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.json.envelope |= self.kind == Part::Envelope;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.kind {
            Part::Field(slot) => self.row.set_text(slot, text),
            Part::Properties => self.json.nested.push_str(text.trim()),
            Part::Fields | Part::Envelope => {}
        }
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        if let Part::Field(slot) = self.kind {
            self.row.set_integer(slot, number);
        }
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        if let Part::Field(slot) = self.kind {
            match i64::try_from(number) {
                Ok(number) => self.row.set_integer(slot, number),
                Err(_) => self.row.set_display(slot, &number),
            }
        }
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        if let Part::Field(slot) = self.kind {
            self.row.set_display(slot, &number);
        }
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        if let Part::Field(slot) = self.kind {
            let truth = if truth { Truth::Yes } else { Truth::No };
            self.row.set_flag(slot, truth);
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Fills a row from an array; whether it had a value for every column.
struct Columns<'a, 'v> {
    json: &'a mut JsonReader<'v>,
    row: &'a mut Row,
    layout: &'a Layout,
}

impl<'de> DeserializeSeed<'de> for Columns<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Columns<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let Self { json, row, layout } = self;
        let mut wanted = layout.wanted.iter().copied().peekable();
        for column in 0..layout.header.len() {
            let kind = match wanted.next_if(|(at, _)| *at == column) {
                Some((_, slot)) => Part::Field(slot),
                None if layout.properties == Some(column) => Part::Properties,
                None => {
                    if seq.next_element::<IgnoredAny>()?.is_none() {
                        return Ok(false);
                    }
                    continue;
                }
            };
            if seq.next_element_seed(Fill { json, row, kind })?.is_none() {
                return Ok(false);
            }
        }
        let mut complete = true;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            complete = false;
        }
        Ok(complete)
    }
}
