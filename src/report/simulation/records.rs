//! Served requests as rows that `tollbook chargeback` reads.

use std::io::{self, Write};

use ::csv::Writer;

use crate::chargeback::deployments::Deployment;
use crate::settlement;
use crate::sim::outcome::ServedRequest;
use crate::usage::format::simulated::COLUMNS;
use crate::workload::App;

/// Writes served requests one by one, in the order of admission.
pub struct Records<W: Write> {
    writer: Writer<W>,
    deployments: Vec<Deployment>,
    written: u64,
}

impl<W: Write> Records<W> {
    /// Writes the header. `deployments` are those of the policy, in the simulation's places.
    pub fn new(out: W, deployments: Vec<Deployment>) -> io::Result<Self> {
        let mut writer = Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self {
            writer,
            deployments,
            written: 0,
        })
    }

    /// Writes one request of `app`. Texts are as they are: a reader must find the same names.
    pub fn add(&mut self, app: &App, served: &ServedRequest) -> io::Result<()> {
        self.written += 1;
        let texts = settlement::dimensions(app, served.by, &self.deployments);
        let tokens = &served.tokens;
        let time = served.at.timestamp().to_string();
        let number = format!("simulated-{}", self.written);
        let names = [
            time.as_str(),
            &number,
            &texts.subscription,
            &texts.product,
            &texts.app,
            &texts.api,
            &texts.deployment,
            &texts.backend,
            &texts.model,
            &texts.region,
            &texts.spilled_from,
            "200",
        ];
        let counts = [
            tokens.input,
            tokens.cached_input,
            tokens.cache_write,
            tokens.output,
            tokens.reasoning,
        ];
        let counts = counts.map(|count| count.to_string());
        let cells = names.into_iter().chain(counts.iter().map(String::as_str));
        self.writer.write_record(cells)?;
        Ok(())
    }

    /// Hands back what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.writer
            .into_inner()
            .map_err(::csv::IntoInnerError::into_error)
    }
}
