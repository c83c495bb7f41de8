//! Totals as requests in time order.

use super::totals::{MeteredApp, Span};
use super::{MetricsOptions, Spread};
use crate::time::SimDuration;
use crate::workload::app::{App, AppId, Apps};
use crate::workload::request::{Request, RequestTokens};
use crate::workload::seed::Stream;
use crate::workload::trace::spread::Places;
use crate::workload::transform::Merge;
use crate::workload::{Traffic, TrafficError};

/// The requests of all deployments.
pub type MeteredTraffic = Merge<Deployment>;

/// The requests of one deployment.
#[derive(Debug)]
pub struct Deployment {
    app: App,
    id: Option<AppId>,
    spans: std::vec::IntoIter<Span>,
    grain: SimDuration,
    stream: Option<Stream>,
    now: Span,
    places: Places,
}

/// The requests of metered deployments.
pub(super) fn of(
    apps: &[MeteredApp],
    grain: SimDuration,
    options: &MetricsOptions,
) -> MeteredTraffic {
    let deployments = apps.iter().map(|metered| {
        let app = app(&metered.deployment, &options.app);
        Deployment {
            stream: stream(options.spread, &app),
            app,
            id: None,
            spans: metered.spans.clone().into_iter(),
            grain,
            now: Span::default(),
            places: Places::default(),
        }
    });
    Merge::new(deployments.collect())
}

fn stream(spread: Spread, app: &App) -> Option<Stream> {
    spread.stream("metrics", app.name())
}

/// Who sends to a deployment: whoever is stated, and the deployment they ask for.
fn app(deployment: &str, stated: &App) -> App {
    if deployment.is_empty() {
        return stated.clone();
    }
    App {
        deployment: deployment.to_owned(),
        ..App::named(deployment)
    }
}

impl Deployment {
    fn step(&mut self, apps: &mut Apps) -> Result<Option<Request>, TrafficError> {
        let app = *self.id.get_or_insert_with(|| apps.id(self.app.clone()));
        while self.places.is_over() {
            let Some(span) = self.spans.next() else {
                return Ok(None);
            };
            self.now = span;
            self.places = Places::of(span.start, self.grain, span.requests);
        }
        let at = self.places.arrival(self.stream.as_mut());
        let part = |total: u64| self.places.part(total);
        let (uncached, cached) = (part(self.now.uncached), part(self.now.cached));
        let output = part(self.now.output);
        self.places.step();
        let narrow = |count: u64| {
            u32::try_from(count).map_err(|_| {
                TrafficError::new(format!(
                    "a request of {} has {count} tokens; expected fewer than 2^32: are requests \
                     missing in the totals?",
                    self.app.name()
                ))
            })
        };
        let tokens = RequestTokens {
            input: narrow(uncached.saturating_add(cached))?,
            cached_input: narrow(cached)?,
            output: narrow(output)?,
            ..RequestTokens::default()
        };
        Ok(Some(Request {
            at,
            app,
            tokens,
            max_tokens: None,
            latency: None,
            priority: None,
        }))
    }
}

impl Traffic for Deployment {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.step(apps);
        if request.is_err() {
            self.spans = Vec::new().into_iter();
            self.places = Places::default();
        }
        request.transpose()
    }
}
