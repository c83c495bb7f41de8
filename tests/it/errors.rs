//! Faults that no golden can show: a reader of ours that goes away, and input without an end in
//! sight.

use std::io::{self, Read};
use std::num::NonZero;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tollbook::usage::{Fragment, FragmentSink, ReadOptions, Source, read};

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [
        &["catalog", "prices", "--on", "2026-10-15"][..],
        &["demo"],
        &["simulate", "samples/scenarios/native-spillover.toml"],
        &[
            "diff",
            "samples/contoso/tollbook.toml",
            "samples/diff/proposal.toml",
            "--period",
            "2026-10",
        ],
        &["man"],
        &["completions", "bash"],
        &["--help"],
        &[
            "chargeback",
            "--period",
            "2026-10",
            "--lines",
            "--format",
            "csv",
            "--config",
            "samples/contoso/tollbook.toml",
        ],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tollbook"))
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        assert!(!errors.contains("error"), "{arguments:?}: {errors}");
        assert!(!errors.contains("panicked"), "{arguments:?}: {errors}");
    }
}

const ROW: &str = r#"{"id":"call-1","timestamp":"2026-10-01T09:00:00Z","subscriptionId":"bu-hr","productName":"ai-shared","model":"gpt-4.1-2025-04-14","deploymentName":"gpt-4.1","promptTokens":1000,"responseTokens":100},"#;
const ROWS: u64 = 524_288;

/// `[row,row,…,row]` on one line, made as it is read.
struct OneLine {
    at: u64,
    handed: Arc<AtomicU64>,
}

impl OneLine {
    const LENGTH: u64 = 1 + ROW.len() as u64 * ROWS;

    fn byte(at: u64) -> u8 {
        match at {
            0 => b'[',
            // In place of the last row's comma.
            _ if at == Self::LENGTH - 1 => b']',
            _ => ROW.as_bytes()[usize::try_from((at - 1) % ROW.len() as u64).unwrap()],
        }
    }
}

impl Read for OneLine {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(Self::LENGTH - self.at).unwrap();
        let length = buffer.len().min(left);
        for (at, byte) in (self.at..).zip(&mut buffer[..length]) {
            *byte = Self::byte(at);
        }
        self.at += length as u64;
        self.handed.store(self.at, Ordering::SeqCst);
        Ok(length)
    }
}

/// Counts rows, and how far reading ran ahead of them.
struct Counter {
    handed: Arc<AtomicU64>,
    rows: Arc<AtomicU64>,
    ahead: Arc<AtomicU64>,
}

impl FragmentSink for Counter {
    fn add(&mut self, _: &Fragment<'_>) {
        let rows = self.rows.fetch_add(1, Ordering::SeqCst) + 1;
        let handed = self.handed.load(Ordering::SeqCst);
        let ahead = handed.saturating_sub(rows * ROW.len() as u64);
        self.ahead.fetch_max(ahead, Ordering::SeqCst);
    }
}

#[test]
fn a_line_of_a_hundred_mebibytes_is_read_a_piece_at_a_time() {
    const { assert!(OneLine::LENGTH > 96 << 20) };
    let [handed, rows, ahead] = [(); 3].map(|()| Arc::new(AtomicU64::new(0)));
    let opened = Arc::clone(&handed);
    let source = Source::new("one-line.json", move || {
        let handed = Arc::clone(&opened);
        let line: Box<dyn Read + Send> = Box::new(OneLine { at: 0, handed });
        Ok(line)
    });
    let make_sink = || Counter {
        handed: Arc::clone(&handed),
        rows: Arc::clone(&rows),
        ahead: Arc::clone(&ahead),
    };
    let threads = NonZero::new(2).unwrap();
    let outcome = read(&[source], &ReadOptions::default(), make_sink, threads);
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    assert_eq!(outcome.rows.read, ROWS);
    assert_eq!(rows.load(Ordering::SeqCst), ROWS);
    let ahead = ahead.load(Ordering::SeqCst);
    assert!(ahead < 24 << 20, "{ahead} bytes were held at once");
}
