//! What sources of every carrier give, and what bad ones say.

use std::num::NonZero;

use tollbook::usage::{Fragment, FragmentSink, ReadOptions, ReadOutcome, Source, read};

/// Keeps what it is given, in words.
#[derive(Debug, Default)]
pub struct Collected(pub Vec<String>);

impl FragmentSink for Collected {
    fn add(&mut self, row: &Fragment<'_>) {
        self.0.push(format!("{row:?}"));
    }
}

/// Reads sources of these names and contents, and gives all fragments in a stable order.
pub fn read_all(
    sources: &[(&str, &[u8])],
    options: &ReadOptions<'_>,
) -> (Vec<String>, ReadOutcome<Collected>) {
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, bytes)| Source::from_bytes(*name, *bytes))
        .collect();
    let threads = NonZero::new(2).unwrap();
    let mut outcome = read(&sources, options, Collected::default, threads);
    let mut rows: Vec<_> = outcome
        .sinks
        .iter_mut()
        .flat_map(|sink| std::mem::take(&mut sink.0))
        .collect();
    rows.sort();
    let counts = outcome.rows;
    let kept = u64::try_from(rows.len()).unwrap();
    assert_eq!(counts.read, kept + counts.ignored + counts.quarantined);
    (rows, outcome)
}
