//! The token histograms of clients.

use std::collections::BTreeMap;

use super::Input;
use super::rates::LAST_SECOND;
use super::table::Cells;
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::request::RequestTokens;
use crate::workload::seed::Stream;
use crate::workload::synthetic::Histogram;

/// The length of a window of histograms.
const WINDOW: SimDuration = SimDuration::from_seconds(6 * 3_600);

const COLUMNS: [&str; 5] = ["client", "window_start_s", "field", "tokens", "prob"];
const CLIENT: usize = 0;
const START: usize = 1;
const FIELD: usize = 2;
const TOKENS: usize = 3;
const WEIGHT: usize = 4;

/// Every histogram of the table.
#[derive(Debug)]
pub(super) struct Shapes {
    start: SimTime,
    /// By client and number of the window.
    windows: BTreeMap<(u32, u64), Shape>,
    /// All windows of all clients, each with the same weight.
    pool: Shape,
}

/// The histograms of one window.
#[derive(Debug)]
struct Shape {
    input: Histogram,
    output: Histogram,
    /// The part of the answer that was reasoning, in millionths.
    reasoning: Option<Histogram>,
}

/// Bins of input, output and reasoning.
#[derive(Default)]
struct Bins([Vec<(u32, f64)>; 3]);

const MILLIONTHS: f64 = 1e6;

/// Reads the histograms of every client and window.
pub(super) fn read(input: Input<'_>, start: SimTime) -> Result<Shapes, TrafficError> {
    let name = input.name.to_owned();
    let mut all: BTreeMap<(u32, u64), Bins> = BTreeMap::new();
    let mut cells = Cells::new(input, COLUMNS)?;
    while let Some(row) = cells.next()? {
        let client = row.value(CLIENT, "the number of a client", |_: &u32| true)?;
        let window = WINDOW.micros() / 1_000_000;
        let second: u64 = row.value(START, "a multiple of 21600 seconds", |second: &u64| {
            second.is_multiple_of(window) && *second < LAST_SECOND
        })?;
        let weight: f64 = row.value(WEIGHT, "a probability from 0 to 1", |weight| {
            (0.0..=1.0).contains(weight)
        })?;
        let (field, value) = match row.text(FIELD) {
            "input_tokens" => (
                0,
                row.value(TOKENS, "tokens from 1 on", |count| *count > 0)?,
            ),
            "output_tokens" => (1, row.value(TOKENS, "tokens from 0 on", |_| true)?),
            "reason_ratio" => {
                let ratio = row.value(TOKENS, "a share from 0 to 1", |ratio: &f64| {
                    (0.0..=1.0).contains(ratio)
                })?;
                (2, millionths(ratio))
            }
            _ => {
                let expected = "input_tokens, output_tokens or reason_ratio";
                return Err(row.refused(FIELD, expected));
            }
        };
        let bins = all.entry((client, second / window)).or_default();
        bins.0[field].push((value, weight));
    }
    let refused = |problem: String| TrafficError::new(format!("{name}: {problem}"));
    let pool = Bins::pooled(all.values()).shape().map_err(refused)?;
    let windows = all
        .into_iter()
        .map(|(key, bins)| Ok((key, bins.shape()?)))
        .collect::<Result<_, String>>()
        .map_err(refused)?;
    Ok(Shapes {
        start,
        windows,
        pool,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1"
)]
fn millionths(ratio: f64) -> u32 {
    (ratio * MILLIONTHS).round() as u32
}

impl Bins {
    /// All bins of `all`, equal values as one.
    fn pooled<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        let mut sums: [BTreeMap<u32, f64>; 3] = Default::default();
        for (field, (value, weight)) in all.flat_map(Self::each) {
            *sums[field].entry(value).or_default() += weight;
        }
        Self(sums.map(|sums| sums.into_iter().collect()))
    }

    fn each(&self) -> impl Iterator<Item = (usize, (u32, f64))> {
        let fields = self.0.iter().enumerate();
        fields.flat_map(|(field, bins)| bins.iter().map(move |bin| (field, *bin)))
    }

    fn shape(self) -> Result<Shape, String> {
        let [input, output, reasoning] = self.0;
        Ok(Shape {
            input: Histogram::new(input)?,
            output: Histogram::new(output)?,
            reasoning: (!reasoning.is_empty())
                .then(|| Histogram::new(reasoning))
                .transpose()?,
        })
    }
}

impl Shapes {
    /// Whether there are histograms of `client`.
    pub(super) fn knows(&self, client: u32) -> bool {
        self.windows
            .range((client, 0)..=(client, u64::MAX))
            .next()
            .is_some()
    }

    /// The tokens of a request of `client` at a time, from its own histograms where there are.
    pub(super) fn draw(&self, client: u32, at: SimTime, stream: &mut Stream) -> RequestTokens {
        let window = at.since(self.start).micros() / WINDOW.micros();
        let shape = self.windows.get(&(client, window)).unwrap_or(&self.pool);
        let input = shape.input.draw(stream);
        let output = shape.output.draw(stream);
        let part = shape.reasoning.as_ref().map_or(0, |part| part.draw(stream));
        let reasoning = u64::from(output) * u64::from(part) / 1_000_000;
        RequestTokens {
            input,
            output,
            reasoning: u32::try_from(reasoning).expect("a part of the answer"),
            ..RequestTokens::default()
        }
    }
}
