use super::*;
use crate::check::rules::bench::{Bench, day};

/// What is told of so many joined requests, rows without LLM row and rows without gateway row.
fn told(joined: u64, no_llm_row: u64, no_gateway_row: u64) -> Vec<String> {
    let mut bench = Bench::of("");
    let date = day("2026-10-07");
    for (disposition, requests) in [
        (Disposition::Billable, joined),
        (Disposition::NoLlmRow, no_llm_row),
        (Disposition::NoGatewayRow, no_gateway_row),
    ] {
        bench.sum(("chat", "gpt"), date, disposition, (requests, 1, 1));
    }
    // What lies outside the period is not judged.
    let outside = day("2026-11-07");
    bench.sum(("chat", "gpt"), outside, Disposition::NoLlmRow, (999, 0, 0));
    bench.told(judge)
}

#[test]
fn leftovers_up_to_the_limit_are_not_told() {
    assert!(told(95, 5, 1).is_empty(), "5 % and 1 of 96");
    assert!(told(0, 0, 0).is_empty());
}

#[test]
fn leftovers_above_the_limit_are_told_with_their_share() {
    let expected = "TB043 : 6 of 100 (6.0 %) calls that the gateway served have no row in the LLM \
                    log; at most 5 % are expected; most of them, 6, are of API \"chat-api\"";
    assert_eq!(told(94, 6, 0), [expected]);
    let expected = "TB044 : 3 of 100 (3.0 %) requests of the LLM log have no gateway row; at most \
                    2 % are expected";
    assert_eq!(told(97, 0, 3), [expected]);
}
