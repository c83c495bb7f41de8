//! Exact integer sums of usage by everything that decides owner or price.

use std::sync::Arc;

use chrono::NaiveDate;

use super::dimensions::Dimensions;
use super::record::{Disposition, Quality};
use crate::units::{Requests, TokenCounts, Tokens};

/// What requests are added up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageKey {
    /// The UTC day.
    pub day: NaiveDate,
    /// Who asked whom for what.
    pub dimensions: Arc<Dimensions>,
    /// What became of the requests.
    pub disposition: Disposition,
    /// The highest context threshold of the rate card that each request's input exceeded.
    pub input_above: Option<Tokens>,
}

/// The sum over all requests of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageSum {
    /// What the requests have in common.
    pub key: UsageKey,
    /// How many requests.
    pub requests: Requests,
    /// Their tokens by class.
    pub tokens: TokenCounts,
    /// The worst quality among them.
    pub quality: Quality,
}
