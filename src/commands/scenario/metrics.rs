//! Opens totals of metrics, and says what they tell and what they do not.

use std::fs::File;

use crate::commands::inputs::InputFile;
use crate::report::figure::whole;
use crate::time::SimDuration;
use crate::workload::TrafficError;
use crate::workload::trace::{self, Bytes, Counted, MeteredTraffic, Metrics, MetricsOptions, Told};

/// Whether a file is known as totals by its beginning: metrics in JSON, or a table with a column of
/// prompt tokens for each minute.
pub(super) fn known_by(text: &str) -> bool {
    if text.trim_start().starts_with(['{', '[']) {
        let marks = [
            "\"metricName\"",
            "Microsoft.Insights/metrics",
            "\"timeseries\"",
        ];
        return marks.iter().any(|mark| text.contains(mark));
    }
    let line = text.lines().next().unwrap_or_default().to_ascii_lowercase();
    let columns: Vec<&str> = line.split(',').map(str::trim).collect();
    let has = |name: &str| columns.contains(&name);
    let is_totals = has("minute") || has("time") && has("requests");
    is_totals && has("input")
}

/// Reads the totals of all files; what there is to say goes to `notes`.
pub(super) fn open(
    files: &[InputFile],
    options: MetricsOptions,
    notes: &mut Vec<String>,
) -> Result<MeteredTraffic, TrafficError> {
    let mut opened: Vec<(Bytes, String)> = Vec::new();
    for file in files {
        let handle = File::open(&file.path);
        let handle = handle
            .map_err(|error| TrafficError::new(format!("cannot read {}: {error}", file.name)))?;
        opened.push((Box::new(handle), file.name.clone()));
    }
    let metrics = trace::metrics(opened, options)?;
    notes.push(notes_of(&metrics));
    Ok(metrics.traffic())
}

/// What a reader must know of traffic that was made of totals.
fn notes_of(metrics: &Metrics) -> String {
    let told = metrics.told();
    let mut lines = vec![unknown(told, metrics.grain())];
    let counts = [
        (
            told.refused,
            "requests with another status than success are left out: their size is not known",
        ),
        (
            told.without_tokens,
            "requests are left out, for their span has not as many tokens: they failed or were \
             refused",
        ),
        (
            told.without_requests,
            "spans have tokens and no request: the tokens are given to the next request",
        ),
        (
            told.contradicting,
            "spans have more cached tokens than tokens, or fewer than none: nothing of them is \
             taken as cached",
        ),
        (told.repeats, "totals were delivered again, unchanged"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    lines.extend(counts.map(|(count, what)| format!("{} {what}", whole(*count))));
    if told.counted == Counted::BySource && !told.by_status {
        lines.push(
            "requests are not split by status: refused ones are played as if served".to_owned(),
        );
    }
    lines.join("\n")
}

/// What totals do not tell.
fn unknown(told: &Told, grain: SimDuration) -> String {
    let span = match grain.seconds_up() {
        60 => "minute".to_owned(),
        seconds => format!("{} minutes", seconds / 60),
    };
    let cached = match told.cached {
        Counted::Not => ", cached tokens",
        Counted::BySource => "",
    };
    let counted = match told.counted {
        Counted::Not => ", as many as mean requests fit in",
        Counted::BySource => "",
    };
    format!(
        "{} requests made of totals{counted}: each has an equal part of its {span}'s tokens. \
         Totals tell neither bursts within the {span} nor the sizes of requests, max_tokens, \
         callers{cached}",
        whole(told.requests)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_known_by_their_beginning() {
        for (text, is_metrics) in [
            ("{\"count\":4,\"total\":1,\"metricName\":\"X\"}", true),
            ("\n[{\"metricName\":\"X\"}]", true),
            (
                "{\n  \"value\": [{\"type\": \"Microsoft.Insights/metrics\"",
                true,
            ),
            ("minute,requests,input,cached,output\n0,1,2,0,1\n", true),
            ("Time,Requests,Input\n", true),
            ("time,input,output\n2026-10-01T09:00:00Z,1,1\n", false),
            ("minute,tokens\n0,5\n", false),
            ("{\"time\":\"2026\",\"input\":1,\"output\":2}", false),
        ] {
            assert_eq!(known_by(text), is_metrics, "{text}");
        }
    }
}
