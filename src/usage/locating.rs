//! Where rows and their fields stand in a file, as an editor counts.
//!
//! Reading tells rows by line or number, which is all that a row costs then. Whoever shows a few
//! of them looks them up here: the file is cut once more, as for reading, and only the rows that
//! are wanted are looked into. Memory is bounded as for reading.

mod csv_row;
mod json_row;
mod privacy;
mod tape;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::carrier::{
    Block, Body, CutFault, Layout, Shape, cut, cut_json_slice, rows_of, sniffed, start_of,
};
use super::format::{MappedSource, Slot, Vocabulary};
use super::source::Source;
use crate::carrier::extent;
use crate::decoding::{decompressed, text};
use csv_row::CsvRow;
use json_row::{Mark, Search};
use tape::{Point, Stretch, Tape, characters};

/// A row of a file, and the field of it that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Line (text) or record number (other carriers), from 1, as diagnostics have it.
    pub number: u64,
    /// The field by its name in messages; empty for the whole row.
    pub field: &'w str,
    /// What the field is known to start with, where several rows share a line; or empty.
    pub found: &'w str,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1 [character].
    pub column: u64,
    /// How wide it is on its line; at least 1 [character].
    pub width: u64,
    /// What the file calls the field; empty for a whole row.
    pub title: String,
    /// The field's value, shortened; empty for a whole row, and where it may be private.
    pub value: String,
}

/// Finds every place that is wanted, in the order given.
///
/// A field that is not found is the row; a row that is not found is its line where the file has
/// lines for rows, and else the first line.
pub fn locate(source: &Source, mapped: &[MappedSource], wanted: &[Wanted<'_>]) -> Vec<Position> {
    let own = mapped.iter().find(|mapped| mapped.reads(source.name()));
    let vocabulary = own.map_or_else(Vocabulary::of_formats, MappedSource::vocabulary);
    let mut lookup = Lookup::new(&vocabulary, wanted);
    // What cannot be read was told when it was read first; its places are not found.
    let _ = lookup.read(source);
    lookup.positions()
}

/// Looks places up.
struct Lookup<'a> {
    vocabulary: &'a Vocabulary,
    wanted: &'a [Wanted<'a>],
    /// The places in `wanted` of each row.
    rows: BTreeMap<u64, Vec<usize>>,
    found: Vec<Option<Position>>,
    /// Whether what was found is what is known of it.
    is_sure: Vec<bool>,
    tape: Tape,
    /// Bytes of lines cut so far: JSON that follows them counts from there.
    lines_cut: u64,
    /// The last line seen, where rows are told by line.
    last_line: u64,
}

/// The delimiter and columns of CSV.
type Csv = (u8, Arc<Layout>);

impl<'a> Lookup<'a> {
    fn new(vocabulary: &'a Vocabulary, wanted: &'a [Wanted<'a>]) -> Self {
        let mut rows: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (index, one) in wanted.iter().enumerate() {
            rows.entry(one.number).or_default().push(index);
        }
        Self {
            vocabulary,
            wanted,
            rows,
            found: vec![None; wanted.len()],
            is_sure: vec![false; wanted.len()],
            tape: Tape::new(),
            lines_cut: 0,
            last_line: 0,
        }
    }

    fn read(&mut self, source: &Source) -> Result<(), CutFault> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let (_, bytes) = decompressed(source.open()?)?;
        let Some((shape, bytes)) = sniffed(text(bytes)?, self.vocabulary)? else {
            return Ok(());
        };
        let csv = match &shape {
            Shape::Csv(csv) => Some((csv.delimiter, Arc::clone(&csv.layout))),
            Shape::Empty | Shape::JsonLines | Shape::Json => None,
        };
        let bytes = match csv {
            Some(_) => bytes,
            None => self.tape.recording(bytes),
        };
        let vocabulary = self.vocabulary;
        cut(&shape, bytes, vocabulary, &mut |block| {
            self.block(&block, csv.as_ref());
            if self.found.iter().all(Option::is_some) {
                return Err(CutFault::Stopped);
            }
            Ok(())
        })
    }

    fn block(&mut self, block: &Block, csv: Option<&Csv>) {
        match (&block.body, csv) {
            (Body::Csv(text), Some(csv)) => self.csv(text, block.first, csv),
            (Body::Csv(_), None) => {}
            (Body::Lines(text), _) => {
                self.lines(text, block.first);
                self.lines_cut += text.len() as u64;
                self.tape.forget(self.lines_cut);
            }
            (Body::Broken(_), Some(_)) => {
                let at = Point {
                    line: block.first,
                    column: 1,
                };
                self.last_line = block.first;
                self.row(block.first, &Stretch { text: b"", at });
            }
            _ => self.numbered(block),
        }
    }

    /// Rows of CSV.
    fn csv(&mut self, text: &[u8], first: u64, (delimiter, layout): &Csv) {
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        self.last_line = first + lines;
        if self.rows.range(first..=self.last_line).next().is_none() {
            return;
        }
        let mut reader = rows_of(text, *delimiter);
        let mut record = csv::ByteRecord::new();
        // Reading from memory with flexible lengths cannot fail.
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let (start, line) = start_of(&record, text);
            let (number, text) = (first + line, text.get(start..).unwrap_or_default());
            if !self.rows.contains_key(&number) {
                continue;
            }
            let row = CsvRow {
                text,
                delimiter: *delimiter,
                record: &record,
                layout,
            };
            let at = Point {
                line: number,
                column: 1,
            };
            let stretch = Stretch {
                text: &text[..row.length().min(text.len())],
                at,
            };
            self.row(number, &stretch);
            let vocabulary = self.vocabulary;
            self.fields(number, &stretch, |slot| {
                row.find(slot, Search::new(vocabulary, slot))
            });
        }
    }

    /// Rows of JSON lines, of which a line may have several.
    fn lines(&mut self, text: &[u8], first: u64) {
        let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
        let mut start = 0;
        for (number, end) in (first..).zip(ends) {
            let line = &text[start..end];
            start = end + 1;
            self.last_line = number;
            if self.rows.contains_key(&number) {
                self.line(line, number);
            }
        }
    }

    fn line(&mut self, line: &[u8], number: u64) {
        let at = Point {
            line: number,
            column: 1,
        };
        let vocabulary = self.vocabulary;
        let mut pieces = Vec::new();
        let mut push = |block: Block| {
            let layout = match block.body {
                Body::Arrays(_, _, layout) => Some(layout),
                _ => None,
            };
            pieces.extend(block.starts.iter().map(|start| (*start, layout.clone())));
            Ok(())
        };
        // Memory can be read to its end, and nothing above stops.
        let _ = cut_json_slice(line, number, vocabulary, &mut push);
        // Each place is counted from the one before: a line may be all of a file.
        let (mut counted, mut there) = (0, at);
        for (start, layout) in pieces {
            let start = usize::try_from(start).unwrap_or(line.len());
            let start = start.clamp(counted, line.len());
            there = there.after(&line[counted..start]);
            counted = start;
            let text = &line[start..];
            let piece = Stretch { text, at: there };
            self.json(number, &piece, layout.as_deref());
        }
        let text = line.trim_ascii_end();
        self.row(number, &Stretch { text, at });
    }

    /// Rows of any other JSON.
    fn numbered(&mut self, block: &Block) {
        let layout = match &block.body {
            Body::Arrays(_, _, layout) => Some(layout.as_ref()),
            _ => None,
        };
        for (number, start) in (block.first..).zip(&block.starts) {
            if self.rows.contains_key(&number) {
                let tape = self.tape.clone();
                tape.from(self.lines_cut + start, |rest| {
                    self.json(number, rest, layout);
                });
            }
        }
        if let Some(last) = block.starts.last() {
            self.tape.forget(self.lines_cut + last);
        }
    }

    /// A row of JSON; other text may follow it.
    fn json(&mut self, number: u64, rest: &Stretch<'_>, layout: Option<&Layout>) {
        let text = &rest.text[..extent(rest.text).length];
        let stretch = Stretch { text, at: rest.at };
        let vocabulary = self.vocabulary;
        if let Ok(row) = std::str::from_utf8(text) {
            self.fields(number, &stretch, |slot| {
                let search = Search::new(vocabulary, slot);
                match layout {
                    None => search.object(row),
                    Some(layout) => search.array(row, layout),
                }
            });
        }
        self.row(number, &stretch);
    }

    /// Places of fields in the row `number`.
    fn fields(&mut self, number: u64, row: &Stretch<'_>, find: impl Fn(Slot) -> Option<Mark>) {
        for index in self.rows.get(&number).cloned().unwrap_or_default() {
            let wanted = self.wanted[index];
            let slot = Slot::ALL.iter().find(|slot| slot.name() == wanted.field);
            let Some((slot, mark)) = slot.and_then(|slot| Some((*slot, find(*slot)?))) else {
                continue;
            };
            let is_sure = wanted.found.is_empty() || mark.value.starts_with(wanted.found);
            let has_title = self.found[index]
                .as_ref()
                .is_some_and(|found| !found.title.is_empty());
            if !has_title || is_sure && !self.is_sure[index] {
                self.found[index] = Some(position(row, slot, mark));
                self.is_sure[index] = is_sure;
            }
        }
    }

    /// The place of the row `number`, for whatever of it was not found.
    fn row(&mut self, number: u64, row: &Stretch<'_>) {
        for index in self.rows.get(&number).into_iter().flatten() {
            if self.found[*index].is_none() {
                self.found[*index] = Some(place(row, String::new()));
            }
        }
    }

    /// Every place, found or not.
    fn positions(self) -> Vec<Position> {
        let line_of = |wanted: &Wanted<'_>| match wanted.number {
            line if (1..=self.last_line).contains(&line) => line,
            _ => 1,
        };
        let nowhere = |wanted: &Wanted<'_>| {
            let at = Point {
                line: line_of(wanted),
                column: 1,
            };
            place(&Stretch { text: b"", at }, String::new())
        };
        let found = self.found.into_iter().zip(self.wanted);
        found
            .map(|(found, wanted)| found.unwrap_or_else(|| nowhere(wanted)))
            .collect()
    }
}

/// What of `value` may be shown of the field of this name; empty where it may be private.
pub fn showable(field: &str, value: &str) -> String {
    let slot = Slot::ALL.iter().find(|slot| slot.name() == field);
    slot.map_or_else(String::new, |slot| privacy::shown(*slot, value))
}

fn position(row: &Stretch<'_>, slot: Slot, mark: Mark) -> Position {
    let (before, rest) = row.text.split_at(mark.span.start.min(row.text.len()));
    let length = mark.span.len().min(rest.len());
    let stretch = Stretch {
        text: &rest[..length],
        at: row.at.after(before),
    };
    Position {
        value: privacy::shown(slot, &mark.value),
        ..place(&stretch, mark.title)
    }
}

/// A stretch as far as its first line reaches.
fn place(stretch: &Stretch<'_>, title: String) -> Position {
    let line = stretch.text.split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Position {
        line: stretch.at.line,
        column: stretch.at.column,
        width: characters(line).max(1),
        title,
        value: String::new(),
    }
}
