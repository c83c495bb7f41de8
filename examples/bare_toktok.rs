//! The bulk engine's own bare loop, for `benches/tokenise.py`: reads a whole file and prints its
//! tokens. Usage: `bare_toktok FILE ENCODING THREADS`. The parts end where a line that starts with
//! a letter follows one that is not blank, so they have the tokens of the whole.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use toktok::Tokenizer;

/// Least length of a part [byte].
const PART: usize = 64 << 10;

fn parts(text: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 2..text.len() {
        let is_border = text[at - 1] == b'\n'
            && text[at - 2].is_ascii_graphic()
            && text[at].is_ascii_alphabetic();
        if is_border && at - start >= PART {
            parts.push(&text[start..at]);
            start = at;
        }
    }
    parts.push(&text[start..]);
    parts
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let encoding = arguments.next().ok_or("which encoding?")?;
    let threads: usize = arguments.next().ok_or("how many threads?")?.parse()?;
    let tokenizer = Tokenizer::builtin(&encoding)?;
    let text = fs::read(path)?;
    let parts = parts(&text);
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut ids, mut tokens) = (Vec::new(), 0);
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            ids.clear();
            tokenizer.encode_into(part, &mut ids);
            tokens += ids.len();
        }
        tokens
    };
    let total: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let counts = workers.into_iter().map(thread::ScopedJoinHandle::join);
        counts
            .map(|count| count.expect("counting does not panic"))
            .sum()
    });
    println!("{total}");
    Ok(())
}
