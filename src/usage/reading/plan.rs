//! How one source is read: all that is decided before its first row.

use std::sync::Arc;

use super::{ReadOptions, SourceError};
use crate::usage::carrier::{Layout, Shape};
use crate::usage::format::{CachedTokens, MappedSource, Reader, Slot, Vocabulary, known_names};
use crate::usage::source::Source;
use crate::usage::timestamp::{Clock, DateOrder, Dates, Label};

/// How one source is read.
#[derive(Clone)]
pub(super) struct Plan {
    /// Its place among the sources.
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) reader: Reader,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) clock: Clock,
    pub(super) cached: CachedTokens,
}

/// Fields that a message names.
const SHOWN: usize = 40;

impl Plan {
    /// The plan for a source before its content is looked at.
    pub(super) fn new(index: usize, source: &Source, options: &ReadOptions<'_>) -> Self {
        let mapped = mapped_source(source, options);
        let order = match options.dates {
            Dates::Auto => None,
            Dates::MonthFirst => Some(DateOrder::MonthFirst),
            Dates::DayFirst => Some(DateOrder::DayFirst),
        };
        Self {
            index,
            name: source.name().to_owned(),
            shape: Shape::Empty,
            reader: mapped.map_or(Reader::Detect, |_| Reader::Mapped),
            vocabulary: Arc::new(
                mapped.map_or_else(Vocabulary::of_formats, MappedSource::vocabulary),
            ),
            clock: Clock {
                order,
                offset_minutes: 0,
            },
            cached: mapped.map(MappedSource::cached).unwrap_or_default(),
        }
    }

    /// Takes the columns of a header into account.
    pub(super) fn see_header(
        &mut self,
        layout: &Layout,
        mapped: Option<&MappedSource>,
    ) -> Result<(), SourceError> {
        if let Some(mapped) = mapped {
            let missing = mapped
                .columns()
                .find(|(slot, _)| !layout.present.contains(*slot));
            if let Some((_, column)) = missing {
                return Err(SourceError::MissingColumn {
                    name: self.name.clone(),
                    source_name: mapped.name().to_owned(),
                    column: column.to_owned(),
                    found: listed(layout.header.iter().map(String::as_str)),
                });
            }
        }
        if !self.reader.knows(layout.present) {
            return Err(self.unknown_fields(layout.header.iter().map(String::as_str)));
        }
        match layout.zone {
            Label::Offset(minutes) => self.clock.offset_minutes = minutes,
            Label::Unknown => {
                let times = layout.wanted.iter().filter(|(_, slot)| *slot == Slot::Time);
                let column = times.map(|(column, _)| layout.header[*column].as_str());
                return Err(SourceError::LocalTime {
                    name: self.name.clone(),
                    column: column.collect::<Vec<_>>().join(", "),
                });
            }
        }
        Ok(())
    }

    pub(super) fn unknown_fields<'f>(&self, found: impl Iterator<Item = &'f str>) -> SourceError {
        SourceError::UnknownFields {
            name: self.name.clone(),
            found: listed(found),
            known: known_names(),
            schema: None,
        }
    }
}

/// The `[[source]]` that reads a source, if any.
pub(super) fn mapped_source<'o>(
    source: &Source,
    options: &'o ReadOptions<'_>,
) -> Option<&'o MappedSource> {
    options
        .mapped
        .iter()
        .find(|mapped| mapped.reads(source.name()))
}

/// Names in quotes, the first of them if there are many. What does not look like names is not shown:
/// a file that lost its header begins with a row.
fn listed<'f>(names: impl Iterator<Item = &'f str>) -> String {
    let names: Vec<&str> = names.collect();
    if !names.iter().all(|name| is_title(name)) {
        return format!(
            "of its first row ({}), not all of which look like names of columns; is the header \
             missing?",
            names.len()
        );
    }
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{name:?}"))
        .collect();
    if names.len() > SHOWN {
        shown.push("…".to_owned());
    }
    if shown.is_empty() {
        "(none)".to_owned()
    } else {
        shown.join(", ")
    }
}

/// Whether a text may be the name of a column: short, of few words, and neither number nor address.
fn is_title(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || " _.-/()[]$:#".contains(c);
    let digits = text.split(|c: char| !c.is_ascii_digit());
    let text = text.trim();
    text.is_empty()
        || text.starts_with(|c: char| c.is_alphabetic() || "_$#".contains(c))
            && text.chars().count() <= SHOWN
            && text.chars().all(is_part)
            && text.split(' ').count() <= 4
            && digits.into_iter().all(|run| run.len() < 6)
}
