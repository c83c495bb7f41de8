//! Measures assembling alone: made-up rows go straight into the workers, nothing is parsed.
//!
//! `bench_assembly ROWS [THREADS [WHOLE|halves]]` prints CPU seconds of each phase and the peak of
//! the memory; `docs/PERFORMANCE.md` has the figures.

use std::io::Write;
use std::thread;

use tollbook::time::Timestamp;
use tollbook::units::Tokens;
use tollbook::usage::assembly::{Assembly, Options, Worker};
use tollbook::usage::totals::Totals;
use tollbook::usage::{Dimensions, Fragment, FragmentSink, Part, Quality, UsageRecord};

/// Different combinations of texts.
const COMBINATIONS: u64 = 100_000;
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
    let (rows, threads) = (number(1_000_000_u64), number(2_u64));
    let halves = arguments.next().is_some_and(|text| text == "halves");
    let texts: Vec<_> = (0..COMBINATIONS).map(texts).collect();
    let assembly = Assembly::new(Options::new(std::env::temp_dir()));
    let mut out = std::io::stdout().lock();
    writeln!(out, "made     {}", usage())?;
    let workers: Vec<Worker> = thread::scope(|scope| {
        let read = |worker| {
            let (mut sink, texts) = (assembly.worker(), &texts);
            scope.spawn(move || {
                for row in (worker..rows).step_by(usize::try_from(threads).expect("few threads")) {
                    add(&mut sink, texts, row, halves);
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
        .map(|totals| |record: &UsageRecord| totals.add(record))
        .collect();
    let assembled = assembly
        .finish(workers, &[], &mut visitors)
        .map_err(std::io::Error::other)?;
    writeln!(out, "joined   {}", usage())?;
    let mut all = Totals::new(&thresholds);
    totals.into_iter().for_each(|part| all.merge(part));
    let sums = all.into_sums();
    writeln!(out, "summed   {}", usage())?;
    writeln!(out, "{} sums, {:?}", sums.len(), assembled.accounting)
}

/// The texts of combination `number`, as long as real ones are.
fn texts(number: u64) -> Dimensions {
    Dimensions {
        subscription: format!("bu-subscription-{}", number % 400),
        product: format!("ai-product-{}", number % 20),
        app: format!("5f2b6c1e-8d0a-4f0e-9b1c-{:012}", number % 1000),
        api: "azure-openai-api".to_owned(),
        operation: "ChatCompletions_Create".to_owned(),
        deployment: format!("gpt-4.1-{}", number % 5),
        model: format!("gpt-4.1-2025-04-{}", number % 12),
        backend: format!("aoai-backend-{number}"),
        region: "swedencentral".to_owned(),
        ..Dimensions::default()
    }
}

fn add(sink: &mut Worker, texts: &[Dimensions], row: u64, halves: bool) {
    let request = if halves { row / 2 } else { row };
    let hash = u128::from(mixed(request)) << 64 | u128::from(mixed(!request));
    // A skewed choice: a few combinations make up most requests.
    let chosen = (mixed(request ^ 0x5555) >> 32) * (mixed(request ^ 0xAAAA) >> 32) >> 32;
    let chosen = usize::try_from(chosen * COMBINATIONS >> 32).expect("an index of the texts");
    let counts = u32::try_from(mixed(request) % 5000).expect("below 5000");
    let part = match (halves, row % 2) {
        (false, _) => Part::Whole,
        (true, 0) => Part::Gateway,
        (true, _) => Part::Llm,
    };
    let tokens = if part == Part::Gateway { 0 } else { counts };
    let own = &texts[chosen];
    sink.add(&Fragment {
        request: hash,
        row_key: 0,
        part,
        time: Timestamp::from_micros(START + (mixed(request) % MICROS_OF_A_MONTH).cast_signed()),
        dimensions: Dimensions {
            subscription: &own.subscription,
            product: &own.product,
            app: &own.app,
            user: &own.user,
            api: &own.api,
            operation: &own.operation,
            deployment: &own.deployment,
            model: &own.model,
            backend: &own.backend,
            region: &own.region,
            spilled_from: &own.spilled_from,
        },
        status: (part != Part::Llm).then_some(200),
        input: tokens,
        cached_input: tokens / 2,
        cache_write: 0,
        output: tokens / 4,
        reasoning: 0,
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
