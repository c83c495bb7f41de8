//! Made-up apps: arrivals with a rate over time, and token shapes.

mod amount;
mod rate;
mod shape;

pub use amount::{Amount, Histogram, Share};
pub use rate::{Daily, Growth, Profile};
pub use shape::{CountedTokens, DrawnTokens, TokenShape};

use super::app::{App, AppId, Apps};
use super::arrivals::{Arrivals, Gaps};
use super::request::Request;
use super::seed::{Seed, Stream};
use super::{Traffic, TrafficError};
use crate::time::SimTime;
use rate::{RateCurve, Segment};
use shape::TokenDraw;

/// An app that sends made-up requests.
#[derive(Clone, Debug)]
pub struct SyntheticApp {
    /// What draws follow from, beside the seed: apps of one name draw alike.
    pub name: String,
    /// Who sends the requests.
    pub app: App,
    /// How they follow each other.
    pub arrivals: Arrivals,
    /// How many there are, where every factor of the profile is 1 [request/s].
    pub rate: f64,
    /// How the rate changes.
    pub profile: Profile,
    /// What they weigh.
    pub shape: TokenShape,
    /// The value of their priority header.
    pub priority: Option<i32>,
    /// The first moment of requests.
    pub from: SimTime,
    /// The moment after the last.
    pub until: SimTime,
}

/// The requests of a [`SyntheticApp`].
///
/// The rate may change: gaps of mean 1 are drawn and laid along the integral of the rate (time
/// rescaling), which is exact for any rate over time, not only for Poisson arrivals.
#[derive(Debug)]
pub struct Synthetic {
    spec: Caller,
    gaps: Gaps,
    curve: RateCurve,
    shape: TokenDraw,
    arrivals: Stream,
    tokens: Stream,
    /// The part of the rate's curve at hand, and where in it the last request was [µs].
    segment: Option<Segment>,
    place: f64,
    is_first: bool,
}

/// What all requests of an app share.
#[derive(Debug)]
struct Caller {
    name: String,
    app: App,
    id: Option<AppId>,
    priority: Option<i32>,
}

impl SyntheticApp {
    /// The requests that follow from `seed`.
    pub fn traffic(self, seed: Seed) -> Result<Synthetic, TrafficError> {
        let refused = |problem: String| {
            let name = &self.name;
            TrafficError::new(format!("synthetic app {name:?}: {problem}"))
        };
        let gaps = Gaps::of(self.arrivals).map_err(refused)?;
        let curve = RateCurve::new(self.rate, &self.profile, self.from, self.until);
        let mut curve = curve.map_err(refused)?;
        let shape = TokenDraw::of(&self.shape).map_err(refused)?;
        let segment = curve.next().map_err(refused)?;
        Ok(Synthetic {
            gaps,
            curve,
            shape,
            arrivals: seed.stream("arrivals", &self.name),
            tokens: seed.stream("tokens", &self.name),
            segment,
            place: 0.0,
            is_first: true,
            spec: Caller {
                name: self.name,
                app: self.app,
                id: None,
                priority: self.priority,
            },
        })
    }
}

impl Synthetic {
    /// When the next request arrives; `None` after the end.
    fn arrival(&mut self) -> Result<Option<SimTime>, String> {
        let mut gap = if self.is_first {
            self.gaps.first(&mut self.arrivals)
        } else {
            self.gaps.next(&mut self.arrivals)
        };
        self.is_first = false;
        while let Some(segment) = &self.segment {
            match segment.walk(self.place, gap) {
                Ok(place) => {
                    self.place = place;
                    return Ok(Some(segment.at(place)));
                }
                Err(rest) => gap = rest,
            }
            self.segment = self.curve.next()?;
            self.place = 0.0;
        }
        Ok(None)
    }
}

impl Traffic for Synthetic {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let caller = &mut self.spec;
        let app = *caller.id.get_or_insert_with(|| apps.id(caller.app.clone()));
        let at = match self.arrival() {
            Ok(at) => at?,
            Err(problem) => {
                self.segment = None;
                let name = &self.spec.name;
                let message = format!("synthetic app {name:?}: {problem}");
                return Some(Err(TrafficError::new(message)));
            }
        };
        let (tokens, max_tokens) = self.shape.draw(&mut self.tokens);
        Some(Ok(Request {
            at,
            app,
            tokens,
            max_tokens,
            latency: None,
            priority: self.spec.priority,
        }))
    }
}

#[cfg(test)]
mod tests;
