//! The columns of a view for people: which there are, and what they show.

use super::figure;
use super::text::visible;
use super::view::{Bucket, Key, Row, SHARE_DIGITS, View};
use crate::money::MinorUnits;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A text that the rows are grouped by: its place among the row's keys.
    Key(usize, Key),
    /// Priced requests.
    Requests,
    /// Prompt tokens of priced requests.
    InputTokens,
    /// Answer tokens of priced requests.
    OutputTokens,
    /// A part of the amount, with its heading.
    Part(&'static str, &'static [Bucket]),
    /// The amount as charged.
    Amount,
    /// The share of the total.
    Share,
}

/// How much is told, from everything to the amount alone. At every level the parts that are
/// shown add up to the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Usage, every part of the amount, amount, share.
    Full,
    /// Usage; what was paid per token, for PTU, and otherwise; amount, share.
    Usage,
    /// Every part of the amount, amount, share.
    Parts,
    /// What was paid per token, for PTU, and otherwise; amount, share.
    Compact,
    /// Amount and share.
    Shares,
    /// The amount.
    Amount,
}

/// Every part of an amount by itself.
const EVERY_PART: [Column; 9] = [
    Column::Part("standard", &[Bucket::Standard]),
    Column::Part("priority", &[Bucket::Priority]),
    Column::Part("batch", &[Bucket::Batch]),
    Column::Part("flex", &[Bucket::Flex]),
    Column::Part("spillover", &[Bucket::Spillover]),
    Column::Part("PTU used", &[Bucket::PtuUsed]),
    Column::Part("PTU idle", &[Bucket::PtuIdle]),
    Column::Part("shared", &[Bucket::Shared]),
    Column::Part("adjustments", &[Bucket::Adjustments]),
];

/// The same in three.
const THREE_PARTS: [Column; 3] = [
    Column::Part(
        "per token",
        &[
            Bucket::Standard,
            Bucket::Priority,
            Bucket::Batch,
            Bucket::Flex,
            Bucket::Spillover,
        ],
    ),
    Column::Part("PTU", &[Bucket::PtuUsed, Bucket::PtuIdle]),
    Column::Part("other", &[Bucket::Shared, Bucket::Adjustments]),
];

/// What stands where there is nothing.
const NOTHING: &str = "–";

impl Detail {
    /// Every level, the fullest first.
    pub const ALL: [Self; 6] = [
        Self::Full,
        Self::Usage,
        Self::Parts,
        Self::Compact,
        Self::Shares,
        Self::Amount,
    ];

    /// The columns of `view` at this level; those that show nothing in any row are left out.
    pub fn columns(self, view: &View) -> Vec<Column> {
        let keys = view.grouping.keys().iter().enumerate();
        let mut columns: Vec<Column> = keys.map(|(place, &key)| Column::Key(place, key)).collect();
        if self <= Self::Usage {
            columns.extend([Column::Requests, Column::InputTokens, Column::OutputTokens]);
        }
        match self {
            Self::Full | Self::Parts => columns.extend(EVERY_PART),
            Self::Usage | Self::Compact => columns.extend(THREE_PARTS),
            Self::Shares | Self::Amount => {}
        }
        columns.push(Column::Amount);
        if self < Self::Amount {
            columns.push(Column::Share);
        }
        columns.retain(|column| column.tells_something(view));
        columns
    }
}

impl Column {
    /// The heading; the amount's names the currency.
    pub fn heading(self, currency: &str) -> String {
        match self {
            Self::Key(_, key) => key.heading().to_owned(),
            Self::Requests => "requests".to_owned(),
            Self::InputTokens => "tokens in".to_owned(),
            Self::OutputTokens => "tokens out".to_owned(),
            Self::Part(heading, _) => heading.to_owned(),
            Self::Amount => format!("amount {}", visible(currency)),
            Self::Share => "share".to_owned(),
        }
    }

    /// Whether the column holds names; the others hold figures.
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Key(..))
    }

    /// What the column shows of a row whose amounts have `digits` decimals.
    pub fn cell(self, row: &Row, digits: u32) -> String {
        match self {
            Self::Key(place, key) => name(row.keys.get(place), key),
            Self::Requests => dashed(figure::count(&row.usage.requests)),
            Self::InputTokens => dashed(figure::count(&row.usage.input)),
            Self::OutputTokens => dashed(figure::count(&row.usage.output)),
            Self::Part(_, buckets) => match row.part(buckets) {
                MinorUnits(0) => NOTHING.to_owned(),
                part => figure::amount(part, digits),
            },
            Self::Amount => figure::amount(row.amount, digits),
            Self::Share => row.share.map_or(NOTHING.to_owned(), |share| {
                format!("{} %", figure::amount(share, SHARE_DIGITS))
            }),
        }
    }

    fn tells_something(self, view: &View) -> bool {
        match self {
            Self::Key(..) | Self::Amount => true,
            Self::Share => view.total.share.is_some(),
            Self::Requests => !view.total.usage.requests.is_zero(),
            Self::InputTokens => !view.total.usage.input.is_zero(),
            Self::OutputTokens => !view.total.usage.output.is_zero(),
            Self::Part(_, buckets) => view.rows.iter().any(|row| row.part(buckets).0 != 0),
        }
    }
}

fn name(key_text: Option<&String>, key: Key) -> String {
    let shown = key_text.map(|text| visible(text)).unwrap_or_default();
    if shown.trim().is_empty() {
        key.blank().to_owned()
    } else {
        shown
    }
}

fn dashed(figure: String) -> String {
    if figure == "0" {
        NOTHING.to_owned()
    } else {
        figure
    }
}
