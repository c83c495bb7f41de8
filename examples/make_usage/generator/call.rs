//! One call through the gateway, before any carrier writes it down.

use chrono::{DateTime, Datelike, Utc};

use super::estate::{App, Deployment};

/// What a call went through, and so which rows it left behind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Story {
    /// Answered, with tokens logged.
    Served,
    /// Streamed without its usage chunk: no model, no tokens.
    StreamWithoutUsage,
    /// Refused with 429, and still logged with an estimated prompt.
    Throttled,
    /// Refused with 401: a gateway row only.
    Probe,
    /// Answered, but the LLM log lost its rows.
    NoLlmRow,
    /// Answered, but the gateway log lost its row.
    NoGatewayRow,
}

/// Who logged the call, and so which file it reaches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Carrier {
    /// Storage-account blobs of one hour.
    Storage,
    /// Event Hub messages.
    EventHub,
    /// CSV pages of the Log Analytics portal, first export.
    PortalFirst,
    /// A CSV page of the portal from the legacy table.
    Diagnostics,
    /// `az monitor log-analytics query`.
    AzCli,
    /// The Log Analytics query API.
    Rest,
    /// The same, compressed.
    RestGzip,
    /// CSV pages of the portal, second export.
    PortalSecond,
}

impl Carrier {
    /// The carrier that Contoso's team used on a day of October.
    pub(crate) const fn of_day(day: u32) -> Self {
        match day {
            1 => Self::Storage,
            2..=4 => Self::EventHub,
            5..=13 => Self::PortalFirst,
            14 => Self::Diagnostics,
            15..=17 => Self::AzCli,
            18..=20 => Self::Rest,
            21..=24 => Self::RestGzip,
            _ => Self::PortalSecond,
        }
    }

    /// Whether the carrier tells cached tokens: resource logs do, the table does not.
    pub(crate) const fn tells_cached(self) -> bool {
        matches!(self, Self::Storage | Self::EventHub | Self::Diagnostics)
    }
}

/// One call through the gateway.
pub(crate) struct Call {
    /// Time of the gateway row \[ms since 1970\].
    pub(crate) at: i64,
    /// From the gateway row to the LLM rows \[ms\].
    pub(crate) lag: i64,
    /// Fraction of a millisecond that full-precision carriers show \[100 ns\].
    pub(crate) ticks: u32,
    /// `CorrelationId`.
    pub(crate) id: String,
    /// `RequestId`; embeddings have none.
    pub(crate) request_id: String,
    /// Which application called.
    pub(crate) app: &'static App,
    /// Whether it used the gateway's built-in master key, so that nobody knows who called.
    pub(crate) anonymous: bool,
    /// Which deployment it asked for.
    pub(crate) deployment: &'static Deployment,
    /// `ModelName`: what was served.
    pub(crate) model: &'static str,
    /// `BackendId`.
    pub(crate) backend: &'static str,
    /// What became of it.
    pub(crate) story: Story,
    /// Whether the answer was streamed.
    pub(crate) streamed: bool,
    /// Prompt \[token\].
    pub(crate) input: u32,
    /// Part of the prompt read from the cache \[token\].
    pub(crate) cached: u32,
    /// Answer \[token\].
    pub(crate) output: u32,
    /// Message rows beside the header row: one for the prompt, the rest for the answer.
    pub(crate) chunks: u32,
    /// `CallerIpAddress`.
    pub(crate) ip: String,
    /// Who logged it.
    pub(crate) carrier: Carrier,
}

impl Call {
    /// `ApimSubscriptionId`.
    pub(crate) const fn subscription(&self) -> &'static str {
        match (self.anonymous, self.story) {
            (_, Story::Probe) => "",
            (true, _) => "master",
            (false, _) => self.app.subscription,
        }
    }

    /// `ProductId`.
    pub(crate) const fn product(&self) -> &'static str {
        match (self.anonymous, self.story) {
            (_, Story::Probe) | (true, _) => "",
            (false, _) => self.app.product,
        }
    }

    /// `ResponseCode`.
    pub(crate) const fn status(&self) -> u16 {
        match self.story {
            Story::Throttled => 429,
            Story::Probe => 401,
            _ => 200,
        }
    }

    /// Whether the gateway log holds a row.
    pub(crate) fn has_gateway_row(&self) -> bool {
        self.story != Story::NoGatewayRow
    }

    /// Whether the LLM log holds rows.
    pub(crate) fn has_llm_rows(&self) -> bool {
        !matches!(self.story, Story::Probe | Story::NoLlmRow)
    }

    /// `OperationId`.
    pub(crate) fn operation(&self) -> &'static str {
        match self.story {
            Story::Probe => "Models_List",
            _ => self.deployment.operation,
        }
    }

    /// `ApiId`, which carries a revision or another case now and then.
    pub(crate) const fn api(&self) -> &'static str {
        match self.ticks % 16 {
            0 => "azure-openai-api;rev=2",
            1 => "AZURE-OPENAI-API",
            _ => "azure-openai-api",
        }
    }

    /// `ModelName` as logged: unknown where no usage was seen.
    pub(crate) fn logged_model(&self) -> &'static str {
        match self.story {
            Story::StreamWithoutUsage | Story::Throttled => "",
            _ => self.model,
        }
    }

    /// `DeploymentName` as logged: throttled calls lack it half of the time.
    pub(crate) fn logged_deployment(&self) -> &'static str {
        if self.story == Story::Throttled && self.ticks.is_multiple_of(2) {
            return "";
        }
        self.deployment.logged
    }

    /// Prompt, cached and answer tokens as logged.
    pub(crate) const fn logged_tokens(&self) -> (u32, u32, u32) {
        match self.story {
            Story::StreamWithoutUsage => (0, 0, 0),
            Story::Throttled => (self.input, 0, 0),
            _ => (self.input, self.cached, self.output),
        }
    }

    /// Time of the LLM rows \[ms since 1970\].
    pub(crate) const fn llm_at(&self) -> i64 {
        self.at + self.lag
    }
}

/// The UTC time `millis` ms after 1970.
pub(crate) fn utc(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("times of the samples lie in our century")
}

/// The day and month of `millis`.
pub(crate) fn day_and_month(millis: i64) -> (u32, u32) {
    let time = utc(millis);
    (time.day(), time.month())
}

/// ISO 8601 with the seven digits that Azure writes.
pub(crate) fn iso(millis: i64, ticks: u32) -> String {
    format!("{}{ticks:04}Z", utc(millis).format("%Y-%m-%dT%H:%M:%S%.3f"))
}
