//! Measures reading alone: CPU is for `time` to tell. Usage: `reading_speed FILE THREADS`.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::fs::File;
use std::num::NonZero;

use tollbook::usage::{Fragment, FragmentSink, ReadOptions, Source, read};

/// Adds up, so that nothing is left out by the compiler.
#[derive(Default)]
struct Sums(u64, u128);

impl FragmentSink for Sums {
    fn add(&mut self, row: &Fragment<'_>) {
        self.0 += u64::from(row.input) + u64::from(row.output);
        self.1 ^= row.request;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let threads: NonZero<usize> = arguments.next().ok_or("how many threads?")?.parse()?;
    let source = Source::new(path.clone(), move || Ok(Box::new(File::open(&path)?)));
    let outcome = read(&[source], &ReadOptions::default(), Sums::default, threads);
    let tokens: u64 = outcome.sinks.iter().map(|sums| sums.0).sum();
    let requests = outcome.sinks.iter().fold(0, |all, sums| all ^ sums.1);
    println!(
        "{:?} {tokens} {requests:x} {:?}",
        outcome.rows, outcome.sources
    );
    for (problem, count, _) in outcome.diagnostics.kinds() {
        println!("{count} × {}", problem.what);
    }
    for error in outcome.errors {
        println!("{error}");
    }
    Ok(())
}
