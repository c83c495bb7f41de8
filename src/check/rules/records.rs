//! Rules about single rows and requests: whether they can be true.

use crate::check::rule::{Family, Rule, Severity};

/// Rows delivered again.
pub(in crate::check) static DUPLICATE: Rule = Family::Records.rule(
    "TB020",
    "duplicate-rows",
    Severity::Note,
    [
        "rows were delivered more than once",
        "Event Hub delivers at least once, and pages of a portal export overlap, so repeats are \
         usual. They are dropped by the id of the request and charged once; tools that only add \
         rows up would charge them twice.",
        "nothing, where at-least-once delivery explains it; otherwise look whether an export was \
         made twice",
    ],
);

/// Rows of one request that contradict each other.
pub(in crate::check) static CONFLICT: Rule = Family::Records.rule(
    "TB021",
    "conflicting-rows",
    Severity::Warning,
    [
        "rows of one request contradict each other",
        "Two rows share a request id and tell different things. The latest is kept, so what the \
         other told is not charged. Retries under one id and mixed exports of two systems do this.",
        "find out whether calls are retried under one id, or whether the exports of different \
         systems were mixed",
    ],
);

/// Counts below zero.
pub(in crate::check) static NEGATIVE: Rule = Family::Records.rule(
    "TB022",
    "negative-count",
    Severity::Error,
    [
        "a count is below zero",
        "No request has fewer than no tokens. Such rows are quarantined: they are not charged.",
        "correct the row at its source; differences of two counters belong into no usage export",
    ],
);

/// Counts that are none.
pub(in crate::check) static NO_COUNT: Rule = Family::Records.rule(
    "TB023",
    "not-a-count",
    Severity::Error,
    [
        "a count is not a whole number",
        "Token counts are whole numbers from 0 to 4294967295; a fraction, a text or a larger number \
         is none. Such rows are quarantined: they are not charged.",
        "export the counts as they were logged, without formatting or averaging",
    ],
);

/// Counts that no request has.
pub(in crate::check) static ABSURD: Rule = Family::Records.rule(
    "TB024",
    "absurd-count",
    Severity::Warning,
    [
        "a request has more tokens than any request",
        "One request, prompt or answer, has more tokens than `request_tokens` of [check.limits] \
         (2000000, beyond every context window). A digit too many, a sum of many requests, or a \
         counter that was never reset look like this.",
        "compare the row with its source; set `request_tokens` where such requests are real",
    ],
);

/// Totals that are no sum.
pub(in crate::check) static TOTAL: Rule = Family::Records.rule(
    "TB025",
    "total-mismatch",
    Severity::Error,
    [
        "total tokens are not prompt and answer together",
        "The row tells prompt, answer and total tokens, and the first two do not add up to the \
         third, with or without cached ones. One of the three is wrong, so what is charged may be.",
        "find out which of the three is wrong at the source; columns that slipped by one do this",
    ],
);

/// More cached tokens than there were.
pub(in crate::check) static CACHED: Rule = Family::Records.rule(
    "TB026",
    "cached-above-prompt",
    Severity::Error,
    [
        "more tokens were read from the cache than the prompt has",
        "Cached tokens are a part of the prompt. A source that counts them beside the prompt would \
         be charged too little, so such rows are quarantined.",
        "where the source counts cached tokens beside the prompt, read it as a [[source]] with \
         `input_excludes_cached = true`",
    ],
);

/// Tokens of requests that failed.
pub(in crate::check) static ON_ERROR: Rule = Family::Records.rule(
    "TB027",
    "tokens-on-error",
    Severity::Warning,
    [
        "a refused or failed request has tokens",
        "Gateways log what they estimated before the backend refused. Azure charges nothing for \
         such calls and neither does tollbook; a tool that adds up all rows would.",
        "nothing for 429; for other statuses look whether the status or the tokens are wrong",
    ],
);

/// Answers without tokens.
pub(in crate::check) static WITHOUT_TOKENS: Rule = Family::Records.rule(
    "TB028",
    "success-without-tokens",
    Severity::Note,
    [
        "a request was served, and no tokens were counted",
        "Azure charges the request, the export knows nothing of it. Mostly these are streams whose \
         client did not ask for the usage chunk. TB045 judges their share.",
        "let the gateway set `stream_options.include_usage` on streamed requests",
    ],
);

/// Times that are yet to come.
pub(in crate::check) static FUTURE: Rule = Family::Records.rule(
    "TB029",
    "future-time",
    Severity::Error,
    [
        "a request lies in the future",
        "The row's time is later than the day of the check (`--as-of`, else today, UTC). Day and \
         month changed places, a zone is wrong, or a clock is.",
        "correct the time at its source; set `dates` in [reading] where day and month changed places",
    ],
);

/// Times outside the period.
pub(in crate::check) static OUTSIDE: Rule = Family::Records.rule(
    "TB030",
    "outside-period",
    Severity::Note,
    [
        "a request lies outside the period",
        "With `--period`, rows of other days are not charged. A few at the edges are usual: exports \
         are cut by the time of arrival.",
        "nothing for a few at the edges; otherwise check the period, or export again",
    ],
);

/// Clocks that differ.
pub(in crate::check) static SKEW: Rule = Family::Records.rule(
    "TB031",
    "clock-skew",
    Severity::Warning,
    [
        "the rows of one request are far apart in time",
        "The gateway's row and the nearest row of the LLM log of one request lie further apart than \
         `clock_skew_minutes` of [check.limits] (10). The gateway's time decides the month, so near \
         its end the request may be charged to the wrong one.",
        "look whether one of the two was exported in local time, or whether a clock is wrong",
    ],
);

/// Counters instead of counts.
pub(in crate::check) static RUNNING: Rule = Family::Records.rule(
    "TB032",
    "running-totals",
    Severity::Warning,
    [
        "the counts of one caller only rise, as a counter's do",
        "In twenty rows or more of one caller, one after the other within a mebibyte of the file, neither prompt nor \
         answer tokens ever fall and their sum always rises; a fall after that is told as a reset. \
         Totals since some start are not the tokens of each request: adding them up charges \
         everything many times.",
        "export the tokens of each request, or the differences between rows",
    ],
);

/// Times far from all others.
pub(in crate::check) static STRAY: Rule = Family::Records.rule(
    "TB033",
    "stray-time",
    Severity::Warning,
    [
        "a request lies far from all others in time",
        "Days more than 31 days away from the days with the others, and with less than a twentieth \
         of their requests. They are left out of the period that money is judged for.",
        "look whether day and month changed places, or whether a clock started at 1970",
    ],
);

/// Fields that must have a value.
pub(in crate::check) static MISSING: Rule = Family::Records.rule(
    "TB034",
    "missing-field",
    Severity::Error,
    [
        "a field that every row needs is empty",
        "Without its time a row belongs to no month, without its id it cannot be told from a \
         repeat. Such rows are quarantined: they are not charged.",
        "export the column, or correct the row",
    ],
);

/// Times that cannot be read.
pub(in crate::check) static NO_TIME: Rule = Family::Records.rule(
    "TB035",
    "unreadable-time",
    Severity::Error,
    [
        "a time cannot be read",
        "The row's time is in no notation known, or is no time of the calendar. Such rows are \
         quarantined: they are not charged.",
        "export times as ISO 8601 in UTC; set `dates` in [reading] for dates such as 3/4/2026",
    ],
);

/// Statuses that are none.
pub(in crate::check) static NO_STATUS: Rule = Family::Records.rule(
    "TB036",
    "not-a-status",
    Severity::Error,
    [
        "a status is not one of HTTP",
        "The status decides whether a request is charged. A row with one that cannot be is \
         quarantined.",
        "export the status code as a number from 100 to 599",
    ],
);

/// More reasoning than answer.
pub(in crate::check) static REASONING: Rule = Family::Records.rule(
    "TB037",
    "reasoning-above-output",
    Severity::Warning,
    [
        "more reasoning tokens than answer tokens",
        "Reasoning tokens are a part of the answer and charged with it. A source that counts them \
         beside the answer is charged too little.",
        "map the sum of both to `output`, where the source counts reasoning beside the answer",
    ],
);

/// Counts that stand for none.
pub(in crate::check) static PLACEHOLDER: Rule = Family::Records.rule(
    "TB038",
    "placeholder-counts",
    Severity::Note,
    [
        "a placeholder stands where tokens were not counted",
        "AI-hub gateways write 1 prompt token and no answer where they saw no usage. Azure charges \
         the request, the export does not know it; TB046 judges their share.",
        "let the gateway set `stream_options.include_usage` on streamed requests",
    ],
);

/// Names that differ.
pub(in crate::check) static NAMES: Rule = Family::Records.rule(
    "TB039",
    "names-differ",
    Severity::Warning,
    [
        "rows of one request name different models or deployments",
        "The name with most tokens is taken for all of them, so some tokens may have the wrong price.",
        "find out why one request is logged under two names; retries on another model do this",
    ],
);

/// The rules of the family.
pub(super) const RULES: &[&Rule] = &[
    &DUPLICATE,
    &CONFLICT,
    &NEGATIVE,
    &NO_COUNT,
    &ABSURD,
    &TOTAL,
    &CACHED,
    &ON_ERROR,
    &WITHOUT_TOKENS,
    &FUTURE,
    &OUTSIDE,
    &SKEW,
    &RUNNING,
    &STRAY,
    &MISSING,
    &NO_TIME,
    &NO_STATUS,
    &REASONING,
    &PLACEHOLDER,
    &NAMES,
];
