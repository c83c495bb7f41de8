//! Measures assembling alone: made-up rows go straight into the workers, nothing is parsed.
//!
//! `bench_assembly ROWS [THREADS [BITS [whole|halves]]]`, with 2^BITS combinations of texts, prints CPU seconds of each phase and the peak of
//! the memory; `docs/PERFORMANCE.md` has the figures.

use std::io::Write;
use std::thread;

use tollbook::time::Timestamp;
use tollbook::units::Tokens;
use tollbook::usage::assembly::{Assembly, Options, Worker};
use tollbook::usage::totals::Totals;
use tollbook::usage::{Dimensions, Fragment, FragmentSink, Part, Quality, UsageRecord};

const MICROS_OF_A_MONTH: u64 = 31 * 86_400_000_000;
const START: i64 = 1_790_812_800_000_000;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (rows, threads, bits) = (number(1_000_000_u64), number(2_u64), number(17));
    let parts: &[Part] = match arguments.next().as_deref() {
        Some("halves") => &[Part::Gateway, Part::Llm],
        _ => &[Part::Whole],
    };
    let pools = Pools::new(bits);
    let assembly = Assembly::new(Options::new(std::env::temp_dir()));
    let mut out = std::io::stdout().lock();
    writeln!(out, "made     {}", usage())?;
    let workers: Vec<Worker> = thread::scope(|scope| {
        let read = |worker| {
            let (mut sink, pools) = (assembly.worker(), &pools);
            scope.spawn(move || {
                for row in (worker..rows).step_by(usize::try_from(threads).expect("few threads")) {
                    add(&mut sink, pools, row, parts);
                }
                sink
            })
        };
        let spawned: Vec<_> = (0..threads).map(read).collect();
        spawned
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    writeln!(out, "taken in {}", usage())?;
    let thresholds = [Tokens::new(200_000)];
    let mut totals: Vec<_> = (0..threads).map(|_| Totals::new(&thresholds)).collect();
    let mut visitors: Vec<_> = totals
        .iter_mut()
        .map(|totals| |record: &UsageRecord<'_>| totals.add(record))
        .collect();
    let assembled = assembly
        .finish(workers, &[], &mut visitors)
        .map_err(std::io::Error::other)?;
    writeln!(out, "joined   {}", usage())?;
    let mut all = Totals::new(&thresholds);
    for part in totals {
        all.merge(part);
    }
    let sums = all.into_sums();
    writeln!(out, "summed   {}", usage())?;
    writeln!(out, "{} sums, {:?}", sums.len(), assembled.accounting)
}

/// Texts to choose from, as long as real ones are; few enough to stay in the cache, as a row that
/// was just parsed is.
struct Pools {
    /// 2^bits combinations are made of them.
    bits: u64,
    subscriptions: Vec<String>,
    apps: Vec<String>,
    models: Vec<String>,
    backends: Vec<String>,
}

impl Pools {
    fn new(bits: u64) -> Self {
        let pool = |count: usize, name: fn(usize) -> String| (0..count).map(name).collect();
        Self {
            bits,
            subscriptions: pool(400, |n| format!("bu-subscription-{n}")),
            apps: pool(900, |n| format!("5f2b6c1e-8d0a-4f0e-9b1c-{n:012}")),
            models: pool(12, |n| format!("gpt-4.1-2025-04-{n}")),
            backends: pool(16, |n| format!("aoai-backend-{n}")),
        }
    }

    /// One of the combinations, each of the first 2^k as often as each of the next 2^k
    /// together: a few combinations make up most requests, and there is a long tail.
    fn choose(&self, hash: u64) -> Dimensions<&str> {
        let head = 1 << (hash % self.bits);
        let number = usize::try_from(head | ((hash >> 32) & (head - 1))).expect("few bits");
        let of = |pool: &'_ [String], step: usize| number / step % pool.len();
        Dimensions {
            subscription: &self.subscriptions[of(&self.subscriptions, 1)],
            product: &self.models[of(&self.models, 7)],
            app: &self.apps[of(&self.apps, 1)],
            api: "azure-openai-api",
            operation: "ChatCompletions_Create",
            deployment: &self.models[of(&self.models, 1)],
            model: &self.models[of(&self.models, 1)],
            backend: &self.backends[of(&self.backends, 3600)],
            region: "swedencentral",
            ..Dimensions::default()
        }
    }
}

fn add(sink: &mut Worker, pools: &Pools, row: u64, parts: &[Part]) {
    let count = parts.len() as u64;
    let request = row / count;
    let part = parts[usize::try_from(row % count).expect("an index of the parts")];
    let hash = u128::from(mixed(request)) << 64 | u128::from(mixed(!request));
    let counts = u32::try_from(mixed(request) % 5000).expect("below 5000");
    let tokens = if part == Part::Gateway { 0 } else { counts };
    sink.add(&Fragment {
        request: hash,
        row_key: 0,
        part,
        time: Timestamp::from_micros(START + (mixed(request) % MICROS_OF_A_MONTH).cast_signed()),
        dimensions: pools.choose(mixed(request ^ 0x5555)),
        status: (part != Part::Llm).then_some(200),
        input: tokens,
        cached_input: tokens / 2,
        cache_write: 0,
        output: tokens / 4,
        reasoning: 0,
        total: None,
        requests: 1,
        streamed: false,
        cache_hit: false,
        quality: Quality::Exact,
        source: 0,
        line: 0,
    });
}

/// A well-mixed hash of `number` (the finaliser of splitmix64).
const fn mixed(number: u64) -> u64 {
    let x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// CPU time so far [ticks of 10 ms: own code, system] and peak memory, as Linux tells them.
fn usage() -> String {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |index: usize| fields.get(index).copied().unwrap_or("?");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    format!("user {} system {} peak {peak}", ticks(11), ticks(12))
}
