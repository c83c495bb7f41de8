//! The arrivals of one client.

use super::rates::WINDOW;
use crate::time::SimTime;
use crate::workload::arrivals::Gaps;
use crate::workload::seed::{Seed, Stream};

/// The rate of a client for a while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: SimTime,
    /// The mean gap [µs].
    pub(super) gap: f64,
    pub(super) gaps: Gaps,
}

/// One client, between two of its requests.
#[derive(Debug)]
pub(super) struct Client {
    number: u32,
    windows: std::vec::IntoIter<Window>,
    /// The window at hand, and where in it the last request was [µs].
    now: Option<(Window, f64)>,
    arrivals: Stream,
    tokens: Stream,
}

impl Client {
    pub(super) fn new(number: u32, windows: Vec<Window>, seed: Seed, name: &str) -> Self {
        Self {
            number,
            windows: windows.into_iter(),
            now: None,
            arrivals: seed.stream("servegen arrivals", name),
            tokens: seed.stream("servegen tokens", name),
        }
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    /// The stream that its tokens are drawn from.
    pub(super) const fn tokens(&mut self) -> &mut Stream {
        &mut self.tokens
    }

    /// When it sends next; `None` after its last window.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "places lie within a window of ten minutes [µs]"
    )]
    pub(super) fn arrival(&mut self) -> Option<SimTime> {
        let length = WINDOW.micros() as f64;
        loop {
            let (window, place) = if let Some((window, place)) = self.now {
                let gap = window.gaps.next(&mut self.arrivals);
                (window, place + gap * window.gap)
            } else {
                let window = self.windows.next()?;
                let gap = window.gaps.first(&mut self.arrivals);
                (window, gap * window.gap)
            };
            if place < length {
                self.now = Some((window, place));
                return Some(SimTime::from_micros(window.start.micros() + place as u64));
            }
            self.now = None;
        }
    }
}
