//! The month of Contoso's landing zone: every file of it.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{Datelike, Timelike};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::call::{Call, Carrier, day_and_month, utc};
use super::carriers::portal::{self, GATEWAY_COLUMNS, LLM_COLUMNS};
use super::carriers::table::{Row, gateway_rows, llm_rows};
use super::carriers::{ai_hub, query, resource};
use super::expected;
use super::month::{self, END, START};
use super::rng::Rng;

/// Paths, with `/`, and what the files hold.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Makes the month: `count` calls in October through the hub's gateway, a few around its ends,
/// and a tenth as many through Research's own.
///
/// The whole month is built in memory, some 2 KiB a call; for more rows than that allows there are
/// the flat files.
pub(crate) fn files(seed: u64, count: u32) -> Files {
    let calls = month::calls(seed, count);
    let hub = ai_hub::records(seed.wrapping_add(1), count / 10);
    let mut files = Files::new();
    let of = |carrier| -> Vec<&Call> {
        calls
            .iter()
            .filter(|call| call.carrier == carrier)
            .collect()
    };
    add_blobs(&mut files, &of(Carrier::Storage));
    add_messages(&mut files, seed, &of(Carrier::EventHub));
    add_pages(&mut files, "portal/first", &of(Carrier::PortalFirst), 3);
    add_pages(&mut files, "portal/second", &of(Carrier::PortalSecond), 2);
    add_text(
        &mut files,
        "portal/azurediagnostics.csv",
        portal::diagnostics(&of(Carrier::Diagnostics)),
    );
    add_tables(&mut files, "az-cli", "json", &of(Carrier::AzCli), |rows| {
        query::az_cli(rows).into_bytes()
    });
    add_tables(&mut files, "rest", "json", &of(Carrier::Rest), |rows| {
        query::rest(rows).into_bytes()
    });
    add_tables(
        &mut files,
        "rest",
        "json.gz",
        &of(Carrier::RestGzip),
        |rows| compressed(query::rest(rows).as_bytes()),
    );
    let lines = hub.iter().map(ai_hub::Record::line).collect();
    add_text(&mut files, "ai-hub/research-lab.jsonl", lines);
    add_text(
        &mut files,
        "expected/usage.csv",
        expected::usage(&calls, &hub),
    );
    add_text(
        &mut files,
        "expected/requests.csv",
        expected::requests(&calls, &hub),
    );
    files
}

fn add_text(files: &mut Files, path: &str, text: String) {
    files.insert(path.to_owned(), text.into_bytes());
}

/// One blob per category and hour of arrival, in the folders that diagnostic settings make.
fn add_blobs(files: &mut Files, calls: &[&Call]) {
    let mut hours: BTreeMap<(u32, u32, u32), Vec<&Call>> = BTreeMap::new();
    for call in calls {
        hours.entry(arrival_hour(call)).or_default().push(call);
    }
    for ((month, day, hour), calls) in hours {
        let folder = format!(
            "resourceId={}/y=2026/m={month:02}/d={day:02}/h={hour:02}/m=00",
            resource::RESOURCE_ID
        );
        for (category, records) in [
            ("gatewaylogs", resource::gateway_records(&calls)),
            ("gatewayllmlogs", resource::llm_records(&calls)),
        ] {
            let path = format!("storage/insights-logs-{category}/{folder}/PT1H.json");
            add_text(files, &path, resource::blob(&records));
        }
    }
}

/// Month, day and hour in which a call's rows reach the storage account. Calls in the last
/// minutes before the first hour, and before November, arrive late.
fn arrival_hour(call: &Call) -> (u32, u32, u32) {
    let arrived = match call.at {
        at if at < START => START,
        at if day_and_month(at) == (31, 10) => END,
        at => at,
    };
    let time = utc(arrived);
    (time.month(), time.day(), time.hour())
}

/// One file of messages a day. The last message of a day comes again at the start of the next.
fn add_messages(files: &mut Files, seed: u64, calls: &[&Call]) {
    let mut rng = Rng::new(seed.wrapping_add(2));
    let mut carried: Option<String> = None;
    for calls in calls.chunk_by(|left, right| day_and_month(left.at) == day_and_month(right.at)) {
        let mut records = resource::llm_records(calls);
        records.extend(resource::gateway_records(calls));
        let messages = resource::messages(&mut rng, &records);
        let last = messages.last().cloned();
        let all: Vec<String> = carried.into_iter().chain(messages).collect();
        carried = last;
        let (day, _) = day_and_month(calls[0].at);
        let path = format!("eventhub/2026-10-{day:02}.jsonl");
        add_text(files, &path, all.join("\n") + "\n");
    }
}

/// Pages of both tables, each table cut on its own, neighbours sharing their rows at the cut.
fn add_pages(files: &mut Files, prefix: &str, calls: &[&Call], count: usize) {
    const OVERLAP: usize = 12;
    let tables: [(&str, Vec<Row>, &[&str]); 2] = [
        (
            "gatewaylogs",
            gateway_rows(calls.iter().copied()),
            GATEWAY_COLUMNS,
        ),
        ("llmlog", llm_rows(calls.iter().copied()), LLM_COLUMNS),
    ];
    for (table, rows, columns) in tables {
        for (number, page) in (1..).zip(portal::pages(&rows, count, OVERLAP)) {
            let path = format!("{prefix}-{table}-{number}.csv");
            add_text(files, &path, portal::page(page, columns));
        }
    }
}

/// Both tables, in one file each.
fn add_tables(
    files: &mut Files,
    folder: &str,
    extension: &str,
    calls: &[&Call],
    write: impl Fn(&[Row]) -> Vec<u8>,
) {
    for (table, rows) in [
        ("gatewaylogs", gateway_rows(calls.iter().copied())),
        ("llmlog", llm_rows(calls.iter().copied())),
    ] {
        files.insert(format!("{folder}/{table}.{extension}"), write(&rows));
    }
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}
