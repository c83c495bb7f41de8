//! What counting costs: the engines as they are used against the bare crates, and hostile texts,
//! at two sizes each.

#[path = "../simulate/cpu_time.rs"]
mod cpu_time;

use std::fs;
use std::hint::black_box;
use std::path::Path;

use cpu_time::CpuTime;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tollbook::tokenizer::splitting::{Splitter, split};
use tollbook::tokenizer::{EncodingName, Engine, Engines, Load, SpecialTokens};
use walkdir::WalkDir;

const SIZES: [usize; 2] = [256 << 10, 1 << 20];
const RECORD: usize = 4 << 10;

/// A stream that looks random and needs no generator: multiples of the golden ratio.
fn scattered(number: usize) -> usize {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}

/// `count` characters of a range, the first ones most often.
fn characters(first: char, last: char, count: usize) -> impl Iterator<Item = char> {
    let width = last as usize - first as usize + 1;
    let number = move |at| scattered(at) % (1 + scattered(at + count) % width);
    let code = move |at| u32::try_from(first as usize + number(at)).ok();
    (0..count).filter_map(code).filter_map(char::from_u32)
}

/// The repository's own code, prose, tables and logs, with a tenth of generated Chinese: pieces
/// of one record each, from all kinds in turn.
fn corpus(size: usize) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let chinese: String = characters('一', '龥', 40_000).collect();
    let mut kinds = vec![chinese];
    for folder in ["src", "docs", "samples", "tests"] {
        let files = WalkDir::new(root.join(folder)).sort_by_file_name();
        let files = files.into_iter().filter_map(Result::ok);
        kinds.push(
            files
                .filter_map(|file| fs::read_to_string(file.path()).ok())
                .collect(),
        );
    }
    let kinds: Vec<Vec<&str>> = kinds
        .iter()
        .map(|text| split(text, RECORD).collect())
        .collect();
    let mut records: Vec<String> = Vec::new();
    let mut total = 0;
    for round in 0.. {
        for kind in &kinds {
            let record = kind[round % kind.len()];
            records.push(record.to_owned());
            total += record.len();
            if total >= size {
                return records;
            }
        }
    }
    records
}

fn engine(load: Load, encoding: EncodingName) -> &'static dyn Engine {
    Engines::new(load, SpecialTokens::Text).get(encoding)
}

/// Tokens of a long text, cut as a file is.
fn count_in_parts(engine: &dyn Engine, text: &str, ids: &mut Vec<u32>) -> u64 {
    let mut splitter = Splitter::new(64 << 10, 16 << 20);
    let (mut rest, mut tokens) = (text, 0);
    while let Some(cut) = splitter.cut(rest.as_bytes()) {
        let (part, more) = rest.split_at(cut.at);
        tokens += engine.count(part, ids);
        rest = more;
    }
    tokens + engine.count(rest, ids)
}

fn mixed(criterion: &mut Criterion<CpuTime>) {
    let bare = toktok::Tokenizer::builtin("o200k_base").expect("an encoding of the crate");
    let (reference, third) = (
        tiktoken_rs::o200k_base_singleton(),
        bpe_openai::o200k_base(),
    );
    let bulk = engine(Load::Bulk, EncodingName::O200kBase);
    for size in SIZES {
        let records = corpus(size);
        let text = records.concat();
        let mut group = criterion.benchmark_group(format!("mixed text, {size} bytes"));
        group
            .throughput(Throughput::Elements(text.len() as u64))
            .sample_size(10);
        let mut ids = Vec::new();
        group.bench_function("bare toktok", |bencher| {
            bencher.iter(|| {
                let count = |record: &String| {
                    ids.clear();
                    bare.encode_into(record.as_bytes(), &mut ids);
                    ids.len()
                };
                black_box(&records).iter().map(count).sum::<usize>()
            });
        });
        let mut ids = Vec::new();
        group.bench_function("bulk engine", |bencher| {
            bencher.iter(|| {
                let records = black_box(&records).iter();
                records
                    .map(|record| bulk.count(record, &mut ids))
                    .sum::<u64>()
            });
        });
        let mut ids = Vec::new();
        group.bench_function("bulk engine, one text in parts", |bencher| {
            bencher.iter(|| count_in_parts(bulk, black_box(&text), &mut ids));
        });
        group.bench_function("tiktoken-rs", |bencher| {
            bencher.iter(|| {
                let records = black_box(&records).iter();
                records
                    .map(|record| reference.encode_ordinary(record).len())
                    .sum::<usize>()
            });
        });
        group.bench_function("bpe-openai", |bencher| {
            bencher.iter(|| {
                let records = black_box(&records).iter();
                records
                    .map(|record| third.count(record.as_str()))
                    .sum::<usize>()
            });
        });
    }
}

/// Texts on which tokenizers have been slow or failed.
fn hostile(bytes: usize) -> [(&'static str, String); 8] {
    let repeated = |unit: &str| unit.repeat(bytes / unit.len());
    [
        ("one letter", repeated("a")),
        ("blanks", repeated(" ")),
        ("blanks, then a letter", repeated(" ") + "x"),
        ("tab and blank", repeated("\t ")),
        ("line ends", repeated("\n")),
        ("one Han letter", repeated("天")),
        ("exclamation marks", repeated("!")),
        (
            "base64",
            characters('A', 'z', bytes)
                .map(|c| if c.is_ascii_alphabetic() { c } else { '7' })
                .collect(),
        ),
    ]
}

fn hostile_texts(criterion: &mut Criterion<CpuTime>) {
    for encoding in [EncodingName::O200kBase, EncodingName::P50kBase] {
        let engine = engine(Load::Bulk, encoding);
        let mut group = criterion.benchmark_group(format!("hostile text in {encoding}"));
        for size in [100_000, 1_000_000] {
            group
                .throughput(Throughput::Elements(size as u64))
                .sample_size(10);
            for (name, text) in hostile(size) {
                let mut ids = Vec::new();
                group.bench_function(BenchmarkId::new(name, size), |bencher| {
                    bencher.iter(|| engine.count(black_box(&text), &mut ids));
                });
            }
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = mixed, hostile_texts
}
criterion_main!(benches);
