//! Rules about files: whether they can be read at all, and are what they should be.

mod files;

pub(in crate::check) use files::of_files;

use crate::check::rule::{Family, Rule, Severity};

/// Files that cannot be opened or read.
pub(in crate::check) static UNREADABLE: Rule = Family::Format.rule(
    "TB001",
    "unreadable-file",
    Severity::Error,
    [
        "a file cannot be read",
        "The system gave an error before the end of the file, so what is in it is not known.",
        "check that the file is there and may be read, and copy it again",
    ],
);

/// Files that end too early.
pub(in crate::check) static TRUNCATED: Rule = Family::Format.rule(
    "TB002",
    "truncated",
    Severity::Error,
    [
        "a file, or a row of it, ends too early",
        "Compressed data without its end, JSON without its last bracket, or a quote that never \
         closes: rows may be missing, and nobody can tell how many.",
        "copy or export the file again; it was not written to its end",
    ],
);

/// Files that are no text.
pub(in crate::check) static NOT_TEXT: Rule = Family::Format.rule(
    "TB003",
    "not-text",
    Severity::Error,
    [
        "a file is neither CSV nor JSON",
        "Archives, workbooks and Parquet files are not read as logs.",
        "export the log as CSV or JSON; unpack archives and workbooks first",
    ],
);

/// Files of no known format.
pub(in crate::check) static UNKNOWN: Rule = Family::Format.rule(
    "TB004",
    "unknown-format",
    Severity::Error,
    [
        "a file has the fields of no log format known",
        "What a file is is told from its fields. None of its first rows has those of a known log.",
        "name its columns in a [[source]] of the configuration",
    ],
);

/// Files of another schema.
pub(in crate::check) static SCHEMA: Rule = Family::Format.rule(
    "TB005",
    "wrong-schema",
    Severity::Error,
    [
        "a file states a schema that is no usage export",
        "The document names its schema, such as a statement that tollbook wrote, or one of a newer \
         version. It holds results, not requests.",
        "name the logs that it was made from; compare statements with `tollbook diff`",
    ],
);

/// Files of several systems.
pub(in crate::check) static MIXED: Rule = Family::Format.rule(
    "TB006",
    "mixed-formats",
    Severity::Warning,
    [
        "a file mixes the rows of systems that count the same requests",
        "Rows that tell a whole request stand beside rows of a gateway's log. If they tell the same \
         calls under different ids, everything is charged twice. (The two logs of API Management \
         belong together, and are no finding.)",
        "export each system to files of its own, and read only one that counts a request",
    ],
);

/// Dates that may be read in two ways.
pub(in crate::check) static AMBIGUOUS: Rule = Family::Format.rule(
    "TB007",
    "ambiguous-dates",
    Severity::Error,
    [
        "day and month cannot be told apart",
        "Dates such as 3/4/2026 are read by the file's order of day and month, which no row of the \
         file tells: all days are below 13.",
        "set `dates = \"month-first\"` or `dates = \"day-first\"` in [reading]",
    ],
);

/// Dates of two orders.
pub(in crate::check) static MIXED_DATES: Rule = Family::Format.rule(
    "TB008",
    "mixed-dates",
    Severity::Error,
    [
        "some dates have the month first and some the day",
        "A file has one order of day and month. One with two was put together from several exports, \
         or rewritten by a spreadsheet, and dates below the 13th may be wrong without a sign.",
        "export the parts separately, or set `dates` in [reading] to quarantine the other rows",
    ],
);

/// Times in a zone of their own.
pub(in crate::check) static LOCAL: Rule = Family::Format.rule(
    "TB009",
    "local-times",
    Severity::Error,
    [
        "times are in no known offset from UTC",
        "The header names a zone whose offset changes over the year, so an hour a year is twice \
         there and the first and last hours of a month are in doubt.",
        "export the log with times in UTC",
    ],
);

/// Rows that cannot be read.
pub(in crate::check) static ROW: Rule = Family::Format.rule(
    "TB010",
    "unreadable-row",
    Severity::Error,
    [
        "a row cannot be read",
        "The row is no JSON, no UTF-8, longer than any row, or of no known kind. Such rows are \
         quarantined: they are not charged.",
        "export the file again",
    ],
);

/// Columns that are not there.
pub(in crate::check) static COLUMN: Rule = Family::Format.rule(
    "TB011",
    "missing-column",
    Severity::Error,
    [
        "a column that charging needs is not there",
        "A column that a [[source]] names, or one without which rows of this log have no owner, no \
         price or no tokens. The schema of the export changed, or the query leaves it out.",
        "export the column; correct `columns` of the [[source]] where it has another name",
    ],
);

/// Files without rows.
pub(in crate::check) static EMPTY: Rule = Family::Format.rule(
    "TB012",
    "empty-file",
    Severity::Warning,
    [
        "a file has no rows",
        "An export that failed often leaves an empty file or a header behind, and a month without \
         its usage looks like a cheap one.",
        "fine where nothing was called; otherwise export again",
    ],
);

/// Rows of another width.
pub(in crate::check) static RAGGED: Rule = Family::Format.rule(
    "TB013",
    "ragged-row",
    Severity::Error,
    [
        "a row has more or fewer fields than its header",
        "A quote or delimiter is missing, or the row is half-written, so nobody can tell which value \
         belongs to which column. Such rows are quarantined.",
        "export the file again; quote texts that hold the delimiter",
    ],
);

/// Rows of other logs.
pub(in crate::check) static FOREIGN: Rule = Family::Format.rule(
    "TB014",
    "foreign-rows",
    Severity::Note,
    [
        "rows of other logs were passed over",
        "An Event Hub or a legacy table holds several categories of a gateway's logs. Those that \
         tell no usage are passed over and counted.",
        "nothing, where the export is meant to hold other logs too",
    ],
);

/// Headers in the middle.
pub(in crate::check) static HEADER: Rule = Family::Format.rule(
    "TB015",
    "repeated-header",
    Severity::Note,
    [
        "the header stands in the middle of a file",
        "Files were put together with their headers. They are passed over; a part with other \
         columns would not be noticed so.",
        "nothing, where the parts have the same columns",
    ],
);

/// Files told again by others.
pub(in crate::check) static COPY: Rule = Family::Format.rule(
    "TB016",
    "copied-file",
    Severity::Warning,
    [
        "most rows of a file are rows of another file too",
        "More than half of its rows repeat those of one other file: either is a copy, or an export ran \
         twice. Repeats are charged once; what each has of its own is charged too.",
        "remove one of the two, and look why the export ran twice",
    ],
);

/// Columns that stand twice.
pub(in crate::check) static TWICE: Rule = Family::Format.rule(
    "TB017",
    "repeated-column",
    Severity::Error,
    [
        "a column that is read stands twice in the header",
        "Two columns have one name, as joins and spreadsheets make them. The first that has a value \
         is read, so half of the truth may be charged.",
        "export the column once, or give the other another name",
    ],
);

/// The rules of the family.
pub(super) const RULES: &[&Rule] = &[
    &UNREADABLE,
    &TRUNCATED,
    &NOT_TEXT,
    &UNKNOWN,
    &SCHEMA,
    &MIXED,
    &AMBIGUOUS,
    &MIXED_DATES,
    &LOCAL,
    &ROW,
    &COLUMN,
    &EMPTY,
    &RAGGED,
    &FOREIGN,
    &HEADER,
    &COPY,
    &TWICE,
];
