//! What a reader must find in the month, worked out from the calls themselves and not from the
//! files: the samples' own answer sheet.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::call::{Call, Story};
use super::carriers::ai_hub;
use super::month::{END, START};

/// Usage that has a price, by owner and deployment, of October.
pub(crate) fn usage(calls: &[Call], hub: &[ai_hub::Record]) -> String {
    let mut sums: BTreeMap<[&str; 4], [u64; 4]> = BTreeMap::new();
    let priced = calls
        .iter()
        .filter(|call| in_october(call))
        .filter(|call| matches!(call.story, Story::Served | Story::NoGatewayRow));
    for call in priced {
        let (input, cached, output) = call.logged_tokens();
        let cached = if call.carrier.tells_cached() {
            cached
        } else {
            0
        };
        add(&mut sums, key(call), [1, input, cached, output]);
    }
    for record in hub.iter().filter(|record| !record.is_placeholder) {
        let (unit, app) = match record.caller {
            Some(_) => ("Research", "Lab notebook"),
            None => UNATTRIBUTED,
        };
        let key = [unit, app, ai_hub::DEPLOYMENT, "gpt-4.1-mini"];
        add(&mut sums, key, [1, record.input, 0, record.output]);
    }
    let mut csv = String::from(
        "business_unit,app,deployment,model,requests,input_tokens,of_which_cached,output_tokens\n",
    );
    for (key, [requests, input, cached, output]) in sums {
        let key = key.join(",");
        writeln!(csv, "{key},{requests},{input},{cached},{output}")
            .expect("writing to memory does not fail");
    }
    csv
}

const UNATTRIBUTED: (&str, &str) = ("__unattributed__", "");

fn add<'a>(sums: &mut BTreeMap<[&'a str; 4], [u64; 4]>, key: [&'a str; 4], values: [u32; 4]) {
    let sum = sums.entry(key).or_default();
    for (total, value) in sum.iter_mut().zip(values) {
        *total += u64::from(value);
    }
}

fn key(call: &Call) -> [&'static str; 4] {
    let (unit, app) = match (call.anonymous, call.story) {
        (true, _) | (_, Story::NoGatewayRow) => UNATTRIBUTED,
        _ => (call.app.business_unit, call.app.name),
    };
    let deployment = match call.deployment.overflow {
        Some((backend, name)) if backend == call.backend => name,
        _ => call.deployment.name,
    };
    [unit, app, deployment, undated(call.model)]
}

/// The model without its date.
fn undated(model: &str) -> &str {
    model
        .find("-20")
        .map_or(model, |position| &model[..position])
}

fn in_october(call: &Call) -> bool {
    (START..END).contains(&call.at)
}

/// Requests by what became of them, in October and outside.
pub(crate) fn requests(calls: &[Call], hub: &[ai_hub::Record]) -> String {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for call in calls {
        let period = if in_october(call) {
            "2026-10"
        } else {
            "outside"
        };
        *counts.entry((period, disposition(call.story))).or_default() += 1;
    }
    for record in hub {
        let disposition = if record.is_placeholder {
            "2xx-without-tokens"
        } else {
            "billable"
        };
        *counts.entry(("2026-10", disposition)).or_default() += 1;
    }
    let mut csv = String::from("period,disposition,requests\n");
    for ((period, disposition), count) in counts {
        writeln!(csv, "{period},{disposition},{count}").expect("writing to memory does not fail");
    }
    csv
}

const fn disposition(story: Story) -> &'static str {
    match story {
        Story::Served => "billable",
        Story::StreamWithoutUsage => "2xx-without-tokens",
        Story::Throttled => "error",
        Story::Probe => "not-an-llm-call",
        Story::NoLlmRow => "no-llm-row",
        Story::NoGatewayRow => "no-gateway-row",
    }
}
