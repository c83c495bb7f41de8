//! Totals of whole minutes, turned into requests.

use super::Bytes;
use super::cell::{Cell, Decimal, whole_number};
use super::csv::Table;
use super::fault;
use super::instant::TimeNotation;
use super::spread::{Places, Spread};
use crate::time::{SimDuration, SimTime};
use crate::units::Requests;
use crate::workload::app::{App, AppId, Apps};
use crate::workload::request::{Request, RequestTokens};
use crate::workload::seed::Stream;
use crate::workload::{Traffic, TrafficError};

/// What totals do not tell.
#[derive(Clone, Debug)]
pub struct MinuteOptions {
    /// Where minute 0 lies, for files that number their minutes.
    pub start: SimTime,
    /// Prompt tokens of a mean request [token]. A file that counts requests uses only the ratio.
    pub input: u32,
    /// Answer tokens of a mean request [token].
    pub output: u32,
    /// Where in its minute a request arrives.
    pub spread: Spread,
    /// Who sends the requests.
    pub app: App,
}

/// The requests of a file of totals a minute.
///
/// The columns are `minute` (counted from 0) or `time`; one of `tokens` (of the minute),
/// `tokens_per_minute` and `tokens_per_second`; and, if known, `requests`. What does not make a
/// whole request is carried to the next minute, so no token is lost but a last fraction of one.
#[derive(Debug)]
pub struct MinuteTotals {
    name: String,
    table: Table,
    columns: TotalColumns,
    options: MinuteOptions,
    stream: Option<Stream>,
    app: Option<AppId>,
    /// Start of the last minute read, and its line.
    last: Option<(SimTime, u64)>,
    /// Not yet given to a request [token × 10⁻⁶].
    carried: u128,
    /// Given to requests so far [token].
    given: u128,
    now: Minute,
    is_over: bool,
}

#[derive(Clone, Copy, Debug)]
struct TotalColumns {
    time: (usize, TimeColumn),
    tokens: usize,
    /// Tokens of the minute for each one in the column.
    factor: u64,
    requests: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum TimeColumn {
    Minute,
    Time,
}

/// The requests of one minute that are still to come.
#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    places: Places,
    /// Tokens of all its requests [token].
    tokens: u64,
}

/// Millionths of a token, the grain of totals.
const GRAIN: u128 = 1_000_000;

/// The columns of a minute's tokens, and how many of them make a minute.
const TOKEN_COLUMNS: [(&str, u64); 3] = [
    ("tokens", 1),
    ("tokens_per_minute", 1),
    ("tokens_per_second", 60),
];

impl MinuteTotals {
    pub(super) fn new(
        bytes: Bytes,
        name: &str,
        options: MinuteOptions,
    ) -> Result<Self, TrafficError> {
        if options.input == 0 && options.output == 0 {
            return Err(TrafficError::new(format!(
                "{name}: the mean request has no tokens; expected its input and output, because \
                 totals do not tell them\nhint: state both, e.g. input 600 and output 134"
            )));
        }
        let table = Table::new(bytes, name)?;
        let columns = TotalColumns::of(&table.header, name)?;
        let stream = options.spread.stream("minutes", options.app.name());
        Ok(Self {
            name: name.to_owned(),
            table,
            columns,
            options,
            stream,
            app: None,
            last: None,
            carried: 0,
            given: 0,
            now: Minute::default(),
            is_over: false,
        })
    }

    /// Tokens of a mean request.
    fn size(&self) -> u64 {
        u64::from(self.options.input) + u64::from(self.options.output)
    }

    /// Reads the next minute; whether there was one.
    fn advance(&mut self) -> Result<bool, TrafficError> {
        let Some((line, record)) = self.table.next(&self.name)? else {
            return Ok(false);
        };
        let refused = |message: String| fault::row(&self.name, line, &message);
        let cell = |place: usize| record.get(place).unwrap_or_default().trim_ascii();
        let columns = self.columns;
        let start = columns.start(cell(columns.time.0), self.options.start);
        let start = start.map_err(refused)?;
        let tokens = columns
            .micro_tokens(cell(columns.tokens))
            .map_err(refused)?;
        let requests = match columns.requests {
            Some(place) => Some(requests(cell(place)).map_err(refused)?),
            None => None,
        };
        if let Some((last, last_line)) = self.last
            && start < last.after(SimDuration::MINUTE)
        {
            return Err(refused(format!(
                "the minute is not after that of line {last_line}; expected one row a minute, in \
                 order"
            )));
        }
        self.last = Some((start, line));
        self.carried += tokens;
        self.now = self
            .minute(start, requests)
            .map_err(|message| fault::row(&self.name, line, &message))?;
        Ok(true)
    }

    /// Takes what a minute's requests need out of what is carried.
    fn minute(&mut self, start: SimTime, requests: Option<Requests>) -> Result<Minute, String> {
        let whole = self.carried / GRAIN;
        let (requests, tokens) = match requests {
            None => {
                let requests = whole / u128::from(self.size());
                (requests, requests * u128::from(self.size()))
            }
            Some(requests) if requests.is_zero() => (0, 0),
            Some(requests) => (u128::from(requests.get()), whole),
        };
        if tokens < requests {
            return Err(format!(
                "{requests} requests have only {tokens} tokens; expected one each at least"
            ));
        }
        let narrow = |count: u128| {
            u64::try_from(count).map_err(|_| "the totals exceed 2^64 tokens".to_owned())
        };
        self.carried -= tokens * GRAIN;
        Ok(Minute {
            places: Places::of(start, SimDuration::MINUTE, narrow(requests)?),
            tokens: narrow(tokens)?,
        })
    }

    /// One last request of what no whole request was left for.
    fn close(&mut self) -> Result<Option<Minute>, TrafficError> {
        let rest = self.carried / GRAIN;
        self.carried = 0;
        let (Some((start, line)), false) = (self.last, rest == 0) else {
            return Ok(None);
        };
        if self.columns.requests.is_some() {
            let message = format!(
                "{rest} tokens are left, but no minute after them has a request; expected \
                 requests with the last tokens"
            );
            return Err(fault::row(&self.name, line, &message));
        }
        let length = SimDuration::from_micros(1);
        let moment = SimDuration::MINUTE.beyond(length);
        Ok(Some(Minute {
            places: Places::of(start.after(moment), length, 1),
            tokens: u64::try_from(rest).expect("less than one mean request is left"),
        }))
    }

    /// The next request of the minute at hand.
    fn draw(&mut self, app: AppId) -> Result<Request, TrafficError> {
        let places = &mut self.now.places;
        let at = places.arrival(self.stream.as_mut());
        let tokens = u128::from(places.part(self.now.tokens));
        places.step();
        let (share, size) = (u128::from(self.options.input), u128::from(self.size()));
        let after = self.given + tokens;
        let input = after * share / size - self.given * share / size;
        self.given = after;
        let narrow = |count: u128| {
            u32::try_from(count).map_err(|_| {
                let line = self.last.map_or(1, |(_, line)| line);
                let message =
                    format!("a request of the minute has {count} tokens; expected fewer than 2^32");
                fault::row(&self.name, line, &message)
            })
        };
        Ok(Request {
            at,
            app,
            tokens: RequestTokens {
                input: narrow(input)?,
                output: narrow(tokens - input)?,
                ..RequestTokens::default()
            },
            max_tokens: None,
            latency: None,
            priority: None,
        })
    }

    fn step(&mut self, apps: &mut Apps) -> Result<Option<Request>, TrafficError> {
        let app = *self
            .app
            .get_or_insert_with(|| apps.id(self.options.app.clone()));
        while self.now.places.is_over() {
            if self.is_over {
                return Ok(None);
            }
            if !self.advance()? {
                self.is_over = true;
                self.now = self.close()?.unwrap_or_default();
            }
        }
        self.draw(app).map(Some)
    }
}

impl TotalColumns {
    fn of(header: &[String], name: &str) -> Result<Self, TrafficError> {
        let place = |name: &str| {
            let mut names = header.iter();
            names.position(|header| header.eq_ignore_ascii_case(name))
        };
        let minute = place("minute").map(|place| (place, TimeColumn::Minute));
        let time = minute.or_else(|| place("time").map(|place| (place, TimeColumn::Time)));
        let found: Vec<_> = TOKEN_COLUMNS
            .into_iter()
            .filter_map(|(name, factor)| Some((place(name)?, factor)))
            .collect();
        let tokens = match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let (Some(time), Some((tokens, factor))) = (time, tokens) else {
            return Err(TrafficError::new(format!(
                "{name}:1: the columns are {}; expected `minute` or `time`, one of `tokens`, \
                 `tokens_per_minute` and `tokens_per_second`, and `requests` if known\nhint: \
                 rename the columns of the file",
                header.join(", ")
            )));
        };
        Ok(Self {
            time,
            tokens,
            factor,
            requests: place("requests"),
        })
    }

    /// The start of the minute that `cell` names.
    fn start(self, cell: &[u8], start: SimTime) -> Result<SimTime, String> {
        let found = String::from_utf8_lossy(cell);
        match self.time.1 {
            TimeColumn::Minute => whole_number(cell)
                .filter(|minute| *minute < LAST_MINUTE)
                .map(|minute| start.after(SimDuration::MINUTE.times(minute)))
                .ok_or_else(|| {
                    format!("`minute` is {found:?}; expected a whole number of minutes from the start")
                }),
            TimeColumn::Time => TimeNotation::Written
                .read(Cell::Text(cell), start)
                .ok()
                .filter(|time| time.micros() % SimDuration::MINUTE.micros() == 0)
                .ok_or_else(|| {
                    format!("`time` is {found:?}; expected the start of a minute such as 2026-10-01T09:00:00Z")
                }),
        }
    }

    /// The tokens of a minute [token × 10⁻⁶].
    fn micro_tokens(self, cell: &[u8]) -> Result<u128, String> {
        Decimal::read(cell)
            .and_then(|number| number.scaled(6))
            .map(|number| u128::from(number) * u128::from(self.factor))
            .ok_or_else(|| {
                let found = String::from_utf8_lossy(cell);
                format!(
                    "tokens are {found:?}; expected a number such as 1250 or 30.1, not negative"
                )
            })
    }
}

/// Minutes from any start stay within simulated time.
const LAST_MINUTE: u64 = 150_000_000;

fn requests(cell: &[u8]) -> Result<Requests, String> {
    whole_number(cell).map(Requests::new).ok_or_else(|| {
        let found = String::from_utf8_lossy(cell);
        format!("`requests` is {found:?}; expected a whole number, not negative")
    })
}

impl Traffic for MinuteTotals {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.step(apps);
        if request.is_err() {
            self.is_over = true;
            self.now = Minute::default();
        }
        request.transpose()
    }
}
