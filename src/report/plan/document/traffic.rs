//! What the traffic is.

use serde_json::{Map, Value, json};

use super::share;
use crate::money::Factor;
use crate::report::plan::Report;
use crate::sim::outcome::Tally;
use crate::time::{SimDuration, SimTime};

pub(super) fn value(report: &Report) -> Value {
    let (plan, candidate) = (&report.plan, &report.plan.study.curves[0].candidate);
    let (survey, per_ptu) = (&plan.study.survey, candidate.tpm_per_ptu());
    let apps = survey.apps.iter().map(|(name, tally)| {
        let mut row = Map::new();
        row.insert("app".to_owned(), name.as_str().into());
        row.extend(counts(tally));
        Value::Object(row)
    });
    let gaps = survey.gaps().into_iter().map(|(from, minutes)| {
        json!({ "start": from.timestamp().to_string(), "minutes": minutes.to_string() })
    });
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put(
        "start",
        plan.study.span.start.timestamp().to_string().into(),
    );
    put("end", plan.study.span.end.timestamp().to_string().into());
    put("hours", share(&plan.study.span.hours()).into());
    put("spans_per_month", share(&plan.study.span.monthly()).into());
    put(
        "mean_ptu",
        number(survey.mean_ptu(plan.study.span, per_ptu)).into(),
    );
    put(
        "peak_minute_ptu",
        number(survey.peak_minute_ptu(per_ptu)).into(),
    );
    put(
        "peak_second_ptu",
        survey.peak_second_ptu(per_ptu).to_string().into(),
    );
    put("busiest_minute", busiest(report).into());
    put("stating_requests", survey.stated.0.to_string().into());
    put("stated_tokens", survey.stated.1.to_string().into());
    put("gaps", gaps.collect());
    put("apps", apps.collect());
    row.extend(counts(&survey.all));
    Value::Object(row)
}

fn number(value: f64) -> String {
    format!("{value:.6}")
}

/// When the busiest minute starts; nothing without traffic.
fn busiest(report: &Report) -> Option<String> {
    let minutes = report.plan.study.survey.minutes.iter();
    let (minute, _) = minutes.rev().max_by_key(|(_, demand)| demand.weighted)?;
    let start = SimTime::from_micros(minute * SimDuration::MINUTE.micros());
    Some(start.timestamp().to_string())
}

/// Requests, their tokens, and what they weigh.
pub(super) fn counts(tally: &Tally) -> Map<String, Value> {
    let weighted = Factor::ratio(tally.weighted.into(), 1_000);
    let fields = [
        ("requests", tally.requests.to_string()),
        ("input_tokens", tally.tokens.input.to_string()),
        ("cached_input_tokens", tally.tokens.cached_input.to_string()),
        ("output_tokens", tally.tokens.output.to_string()),
        ("weighted_tokens", share(&weighted)),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}
