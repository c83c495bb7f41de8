//! A clean month of one gateway, as rows that are not written yet.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc, Weekday};

use crate::samples::generator::rng::Rng;

/// Where a month was exported from, which decides its files and fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Carrier {
    /// The two logs of API Management as CSV of the Azure portal.
    Portal,
    /// The same logs as JSON lines of an Event Hub, a file a day.
    EventHub,
    /// Usage records of an AI hub gateway, JSON lines.
    AiHub,
    /// Sums of an hour from a gateway of one's own, CSV read by a `[[source]]`.
    Sums,
}

/// What a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Tokens of a request.
    Llm,
    /// Caller and status of a request.
    Gateway,
    /// All of it.
    Whole,
}

/// A field of a row, whatever the carrier calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Id,
    Part,
    Sequence,
    Caller,
    Product,
    Api,
    Operation,
    Status,
    Backend,
    Region,
    Model,
    Deployment,
    Requests,
    Input,
    Cached,
    Output,
    Reasoning,
    Total,
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) file: String,
    /// Seconds since 1970.
    pub(crate) at: i64,
    /// What stands for the time, where that is not how the carrier writes it.
    pub(crate) time: Option<String>,
    pub(crate) cells: Vec<(Key, String)>,
    /// Fields that a clean export does not have.
    pub(crate) more: Vec<(&'static str, String)>,
}

/// The rows of a month, in the order of time, and the configuration they are charged by.
#[derive(Clone, Debug)]
pub(crate) struct Month {
    pub(crate) carrier: Carrier,
    pub(crate) rows: Vec<Row>,
    pub(crate) policy: String,
}

/// Days of the month.
pub(crate) const DAYS: u32 = 31;

/// Callers, with how many of a hundred requests are theirs.
pub(crate) const CALLERS: [(&str, u32); 5] = [
    ("bu-hr", 30),
    ("bu-finance", 25),
    ("bu-legal", 20),
    ("bu-retail", 15),
    ("bu-research", 10),
];

/// Requests of the hours of a working day of a small gateway.
const RHYTHM: [u32; 24] = [
    1, 0, 1, 0, 1, 0, 1, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 1, 1, 0, 1, 0, 1,
];

/// Midnight of a day of October 2026, seconds since 1970.
pub(crate) fn midnight(day: u32) -> i64 {
    let date = NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
    date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp()
}

/// The moment on the calendar.
pub(crate) fn moment(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

impl Row {
    /// What stands in a field; empty where the row has none.
    pub(crate) fn get(&self, key: Key) -> &str {
        let cell = self.cells.iter().find(|(own, _)| *own == key);
        cell.map_or("", |(_, text)| text)
    }

    /// The number in a field.
    pub(crate) fn number(&self, key: Key) -> u64 {
        self.get(key).parse().unwrap()
    }

    /// Writes a field that the row has.
    pub(crate) fn set(&mut self, key: Key, text: impl std::fmt::Display) {
        let cell = self.cells.iter_mut().find(|(own, _)| *own == key);
        cell.expect("the row has the field").1 = text.to_string();
    }

    /// Whether the row has the field.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.cells.iter().any(|(own, _)| *own == key)
    }

    /// Writes prompt and answer, and the total with them.
    pub(crate) fn count(&mut self, input: u64, output: u64) {
        self.set(Key::Input, input);
        self.set(Key::Output, output);
        if self.has(Key::Total) {
            self.set(Key::Total, input + output);
        }
    }

    /// Its day of the month.
    pub(crate) fn day(&self) -> u32 {
        moment(self.at).day()
    }

    /// Its hour of the day.
    pub(crate) fn hour(&self) -> u32 {
        moment(self.at).hour()
    }
}

impl Month {
    /// A clean month.
    pub(crate) fn clean(carrier: Carrier, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut rows = Vec::new();
        for day in 1..=DAYS {
            for hour in 0..24 {
                match carrier {
                    Carrier::Sums => sums_of_hour(&mut rows, (day, hour), &mut rng),
                    _ => requests_of_hour(&mut rows, carrier, (day, hour), &mut rng),
                }
            }
        }
        rows.sort_by_key(|row| row.at);
        Self {
            carrier,
            rows,
            policy: super::policy::of(carrier),
        }
    }

    /// The places of rows that tell tokens.
    pub(crate) fn counted(&self) -> Vec<usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.kind != Kind::Gateway)
            .map(|(at, _)| at)
            .collect()
    }

    /// One of the rows that tell tokens.
    pub(crate) fn any_counted(&mut self, rng: &mut Rng) -> &mut Row {
        let at = *rng.pick(&self.counted());
        &mut self.rows[at]
    }

    /// One of the rows that tell a status.
    pub(crate) fn any_with(&mut self, key: Key, rng: &mut Rng) -> &mut Row {
        let rows = self.rows.iter().enumerate();
        let places: Vec<usize> = rows
            .filter(|(_, row)| row.has(key))
            .map(|(at, _)| at)
            .collect();
        let at = *rng.pick(&places);
        &mut self.rows[at]
    }

    /// One of all rows.
    pub(crate) fn any(&mut self, rng: &mut Rng) -> &mut Row {
        let at = usize::try_from(rng.below(self.rows.len() as u64)).unwrap();
        &mut self.rows[at]
    }
}

fn is_weekend(day: u32) -> bool {
    let weekday = moment(midnight(day)).weekday();
    matches!(weekday, Weekday::Sat | Weekday::Sun)
}

fn requests_of_hour(rows: &mut Vec<Row>, carrier: Carrier, (day, hour): (u32, u32), rng: &mut Rng) {
    let usual = RHYTHM[hour as usize];
    // Behind the Event Hub are machines, which know no weekend.
    let usual = if is_weekend(day) && carrier != Carrier::EventHub {
        usual.div_ceil(2)
    } else {
        usual
    };
    for _ in 0..usual + u32::from(rng.percent(10)) {
        let at = midnight(day) + i64::from(hour * 3600 + rng.between(0, 3590));
        let caller = rng.pick_weighted(&CALLERS, |(_, weight)| *weight).0;
        match carrier {
            Carrier::AiHub => rows.push(record(at, caller, rng)),
            _ => pair(rows, carrier, (at, caller), rng),
        }
    }
}

/// An id that looks like a correlation id.
pub(crate) fn id(rng: &mut Rng) -> String {
    let (high, low) = (rng.draw(), rng.draw());
    let text = format!("{high:016x}{low:016x}");
    let cut = |from: usize, to: usize| &text[from..to];
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| cut(from, to)).join("-")
}

fn tokens(rng: &mut Rng) -> (u32, u32, u32) {
    let input = rng.between(5_000, 7_000);
    (input, rng.between(0, 16) * 128, rng.between(400, 600))
}

/// The two rows of a request of API Management.
fn pair(rows: &mut Vec<Row>, carrier: Carrier, (at, caller): (i64, &str), rng: &mut Rng) {
    let id = id(rng);
    let (input, cached, output) = tokens(rng);
    let (model, deployment) = *rng.pick_weighted(
        &[
            ("gpt-4.1-2025-04-14", "gpt-4.1"),
            ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ],
        |(model, _)| if model.contains("mini") { 30 } else { 70 },
    );
    let file = |kind| match carrier {
        Carrier::Portal if kind == Kind::Llm => "llmlog.csv".to_owned(),
        Carrier::Portal => "gatewaylogs.csv".to_owned(),
        _ => moment(at).format("hub/%Y-%m-%d.jsonl").to_string(),
    };
    let row = |kind, at, cells: Vec<(Key, String)>| Row {
        kind,
        file: file(kind),
        at,
        time: None,
        cells,
        more: Vec::new(),
    };
    let gateway = [
        (Key::Id, id.as_str()),
        (Key::Caller, caller),
        (Key::Product, "ai-standard"),
        (Key::Api, "azure-openai-api"),
        (Key::Operation, "ChatCompletions_Create"),
        (Key::Status, "200"),
        (Key::Backend, "aoai-sweden"),
    ];
    let llm = [
        (Key::Id, id.clone()),
        (Key::Part, format!("chatcmpl-{:012x}", rng.draw() >> 16)),
        (Key::Sequence, "0".to_owned()),
        (Key::Model, model.to_owned()),
        (Key::Deployment, deployment.to_owned()),
        (Key::Input, input.to_string()),
        (Key::Cached, cached.to_string()),
        (Key::Output, output.to_string()),
        (Key::Total, (input + output).to_string()),
    ];
    let gateway = gateway.map(|(key, text)| (key, text.to_owned()));
    rows.push(row(Kind::Gateway, at, gateway.to_vec()));
    rows.push(row(Kind::Llm, at + 2, llm.to_vec()));
}

/// A usage record of an AI hub.
fn record(at: i64, caller: &str, rng: &mut Rng) -> Row {
    let (input, _, output) = tokens(rng);
    let region = if rng.percent(80) {
        "swedencentral"
    } else {
        "westeurope"
    };
    let cells = [
        (Key::Id, id(rng)),
        (Key::Caller, caller.to_owned()),
        (Key::Product, "ai-standard".to_owned()),
        (Key::Model, "gpt-4.1-2025-04-14".to_owned()),
        (Key::Operation, "ChatCompletions_Create".to_owned()),
        (Key::Backend, format!("aoai-{region}")),
        (Key::Region, region.to_owned()),
        (Key::Deployment, "gpt-4.1".to_owned()),
        (Key::Input, input.to_string()),
        (Key::Output, output.to_string()),
        (Key::Total, (input + output).to_string()),
    ];
    Row {
        kind: Kind::Whole,
        file: format!(
            "hub-{}.jsonl",
            if moment(at).day() <= 15 { "a" } else { "b" }
        ),
        at,
        time: None,
        cells: cells.to_vec(),
        more: Vec::new(),
    }
}

/// Sums of an hour: a row of one caller, one of another in working hours, and one of what spilled
/// over at noon.
fn sums_of_hour(rows: &mut Vec<Row>, (day, hour): (u32, u32), rng: &mut Rng) {
    let usual = 300 + 100 * RHYTHM[hour as usize];
    let usual = if is_weekend(day) {
        usual * 3 / 4
    } else {
        usual
    };
    rows.push(sum((day, hour), (CALLERS[0].0, "aoai-ptu"), usual, rng));
    if (7..19).contains(&hour) {
        rows.push(sum((day, hour), (CALLERS[1].0, "aoai-ptu"), usual, rng));
    }
    if hour == 12 {
        let caller = CALLERS[(day % 2) as usize].0;
        rows.push(sum((day, hour), (caller, "aoai-payg"), usual, rng));
    }
}

fn sum((day, hour): (u32, u32), (caller, backend): (&str, &str), usual: u32, rng: &mut Rng) -> Row {
    let requests = usual + rng.between(0, 9);
    let region = match backend {
        "aoai-ptu" => "swedencentral",
        _ => "westeurope",
    };
    let input = requests * rng.between(5_400, 5_600);
    let output = requests * rng.between(490, 510);
    let cells = [
        (Key::Id, format!("{caller}-{backend}-{day:02}-{hour:02}")),
        (Key::Caller, caller.to_owned()),
        (Key::Model, "gpt-4.1-2025-04-14".to_owned()),
        (Key::Deployment, "gpt-4.1".to_owned()),
        (Key::Backend, backend.to_owned()),
        (Key::Region, region.to_owned()),
        (Key::Status, "200".to_owned()),
        (Key::Requests, requests.to_string()),
        (Key::Input, input.to_string()),
        (Key::Cached, (input / 4).to_string()),
        (Key::Output, output.to_string()),
        (Key::Reasoning, "0".to_owned()),
    ];
    Row {
        kind: Kind::Whole,
        file: "sums.csv".to_owned(),
        at: midnight(day) + i64::from(hour) * 3600,
        time: None,
        cells: cells.to_vec(),
        more: Vec::new(),
    }
}
