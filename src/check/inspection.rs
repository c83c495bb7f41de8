//! Looks at every row on its way to being put together with the others of its request.

mod running;

use super::private::Scanner;
use super::rules::records;
use super::settings::Settings;
use super::sightings::Sightings;
use crate::usage::assembly::Worker;
use crate::usage::collection::Wrapped;
use crate::usage::{Fragment, FragmentSink, Origin, RowTexts};
use running::Running;

/// Looks at what one thread reads, and passes it on.
pub(super) struct Inspector<'a> {
    worker: Worker,
    /// Most tokens of one request, by source.
    request_tokens: &'a [u32],
    scanner: Scanner,
    running: Running,
    seen: Sightings,
}

impl<'a> Inspector<'a> {
    /// An inspector in front of `worker`.
    pub(super) fn new(worker: Worker, request_tokens: &'a [u32]) -> Self {
        Self {
            worker,
            request_tokens,
            scanner: Scanner::new(),
            running: Running::default(),
            seen: Sightings::default(),
        }
    }
}

/// The limit of tokens of one request for each source.
pub(super) fn request_tokens(settings: &Settings, names: &[String]) -> Vec<u32> {
    let limit = |name: &String| settings.limits_of_file(name).request_tokens;
    let limits = names.iter().map(limit);
    limits
        .map(|limit| u32::try_from(limit).unwrap_or(u32::MAX))
        .collect()
}

impl FragmentSink for Inspector<'_> {
    fn add(&mut self, fragment: &Fragment<'_>) {
        let origin = Origin {
            source: fragment.source,
            line: fragment.line,
        };
        let most = self.request_tokens[fragment.source as usize];
        counts(fragment, origin, most, &mut self.seen);
        self.running.see(fragment, origin, &mut self.seen);
        self.worker.add(fragment);
    }

    fn look_at(&mut self, rows: &RowTexts<'_>) {
        self.running.start();
        self.scanner.scan(rows, &mut self.seen);
    }
}

impl Wrapped for Inspector<'_> {
    type Seen = Sightings;

    fn unwrap(self) -> (Worker, Sightings) {
        (self.worker, self.seen)
    }
}

/// Whether the counts of a row can be true.
fn counts(fragment: &Fragment<'_>, origin: Origin, most: u32, seen: &mut Sightings) {
    let Fragment { input, output, .. } = *fragment;
    if let Some(total) = fragment.total
        && !is_sum(fragment, total)
    {
        let detail = || format!("{input} + {output} is not {total}");
        seen.add(&records::TOTAL, origin, "total tokens", detail);
    }
    if fragment.requests <= 1 {
        for (field, count) in [("input tokens", input), ("output tokens", output)] {
            if count > most {
                seen.add(&records::ABSURD, origin, field, || count.to_string());
            }
        }
    }
    if fragment.reasoning > output {
        let detail = || format!("{} of {output}", fragment.reasoning);
        seen.add(&records::REASONING, origin, "reasoning tokens", detail);
    }
    if fragment.cached_input > input {
        let detail = || format!("{} of {input}", fragment.cached_input);
        seen.add(&records::CACHED, origin, "cached input tokens", detail);
    }
}

/// Whether the row's own total is prompt and answer; some providers leave cached tokens out of both
/// prompt and total, and what tollbook takes for the prompt has them.
fn is_sum(fragment: &Fragment<'_>, total: u32) -> bool {
    let [input, cached, output, total] = [
        fragment.input,
        fragment.cached_input,
        fragment.output,
        total,
    ]
    .map(u64::from);
    total == input + output || total + cached == input + output
}
