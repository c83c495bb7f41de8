//! The rate and the mean request that a sizing starts from.

use super::LoadError;
use crate::money::Factor;
use crate::plan::busy_hours::BusyHours;
use crate::plan::span::HOURS_PER_MONTH;

/// One mean request. Shares are of the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeanRequest {
    /// All tokens of the prompt [token].
    pub input: Factor,
    /// The share of them that is read from the prompt cache, from 0 to 1.
    pub cached: Factor,
    /// The share of them that is written to the prompt cache, from 0 to 1.
    pub cache_write: Factor,
    /// Tokens of the answer [token].
    pub output: Factor,
    /// Tokens of the images in the prompt [token], for models that weigh them apart.
    pub image_input: Factor,
    /// Tokens of the images in the answer [token].
    pub image_output: Factor,
}

impl Default for MeanRequest {
    fn default() -> Self {
        Self {
            input: Factor::zero(),
            cached: Factor::zero(),
            cache_write: Factor::zero(),
            output: Factor::zero(),
            image_input: Factor::zero(),
            image_output: Factor::zero(),
        }
    }
}

/// How a load is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// As a rate at the peak, and the mean request there.
    Peak,
    /// From the totals of a month, as if all of it came evenly in these hours of the week; in all
    /// hours where none are given.
    Month(Option<BusyHours>),
}

/// What a month's bill or metrics tell: totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthTotals {
    /// Requests.
    pub requests: Factor,
    /// Tokens of prompts.
    pub input: Factor,
    /// Tokens of answers.
    pub output: Factor,
    /// The hours of the week in which all of it comes; all hours if not given.
    pub busy: Option<BusyHours>,
}

/// A rate, and the mean request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Requests a minute at the peak.
    pub rpm: Factor,
    /// The mean request.
    pub request: MeanRequest,
    /// The mean rate over the peak, from above 0 to 1.
    pub mean_share: Factor,
    /// How it is known.
    pub basis: Basis,
}

/// Hours of a week.
const WEEK_HOURS: u32 = 168;
/// Minutes of an hour.
pub(super) const HOUR_MINUTES: u128 = 60;

impl Load {
    /// A load of `rpm` requests a minute at its peak, which is `peak_factor` times its mean.
    pub fn at_peak(
        rpm: Factor,
        request: MeanRequest,
        peak_factor: &Factor,
    ) -> Result<Self, LoadError> {
        not_nothing("the rate of requests", &rpm)?;
        if *peak_factor < Factor::one() {
            return Err(LoadError::PeakFactor {
                found: peak_factor.to_string(),
            });
        }
        Self {
            rpm,
            request,
            mean_share: Factor::one().divided_by(peak_factor),
            basis: Basis::Peak,
        }
        .checked()
    }

    /// A load whose month has these totals. Its peak is `peak_factor` times the mean of the busy
    /// hours; the shares of `request` are kept, its tokens are those of the totals.
    pub fn of_month(
        totals: &MonthTotals,
        request: MeanRequest,
        peak_factor: &Factor,
    ) -> Result<Self, LoadError> {
        not_nothing("the month's number of requests", &totals.requests)?;
        let busy = totals.busy.map_or(WEEK_HOURS, |busy| busy.hours_a_week());
        let busy = Factor::ratio(busy.into(), WEEK_HOURS.into());
        let month = Factor::ratio(u128::from(HOURS_PER_MONTH) * HOUR_MINUTES, 1);
        let minutes = month.times(&busy);
        let request = MeanRequest {
            input: totals.input.divided_by(&totals.requests),
            output: totals.output.divided_by(&totals.requests),
            ..request
        };
        let rpm = totals.requests.divided_by(&minutes).times(peak_factor);
        let of_day = Self::at_peak(rpm, request, peak_factor)?;
        Ok(Self {
            mean_share: of_day.mean_share.times(&busy),
            basis: Basis::Month(totals.busy),
            ..of_day
        })
    }

    /// The same load without any hit of the prompt cache; `None` where it assumes none.
    pub fn without_cache(&self) -> Option<Self> {
        let mut load = self.clone();
        load.request.cached = Factor::zero();
        (!self.request.cached.is_zero()).then_some(load)
    }

    fn checked(self) -> Result<Self, LoadError> {
        let request = &self.request;
        let tokens = [
            ("the prompt tokens of the mean request", &request.input),
            ("the answer tokens of the mean request", &request.output),
            ("the image tokens of the mean prompt", &request.image_input),
            ("the image tokens of the mean answer", &request.image_output),
        ];
        for (field, tokens) in tokens {
            not_negative(field, tokens)?;
        }
        let all: Factor = tokens.iter().map(|(_, tokens)| *tokens).sum();
        not_nothing("the mean request's number of tokens", &all)?;
        let shares = [
            ("the cached share", &request.cached),
            ("the share of cache writes", &request.cache_write),
        ];
        for (field, share) in shares {
            if share.is_negative() || *share > Factor::one() {
                return Err(LoadError::Share {
                    field,
                    found: share.to_string(),
                });
            }
        }
        if request.cached.plus(&request.cache_write) > Factor::one() {
            return Err(LoadError::Shares {
                cached: request.cached.to_string(),
                written: request.cache_write.to_string(),
            });
        }
        Ok(self)
    }
}

fn not_negative(field: &'static str, figure: &Factor) -> Result<(), LoadError> {
    if figure.is_negative() {
        return Err(LoadError::Negative {
            field,
            found: figure.to_string(),
        });
    }
    Ok(())
}

fn not_nothing(field: &'static str, figure: &Factor) -> Result<(), LoadError> {
    not_negative(field, figure)?;
    if figure.is_zero() {
        return Err(LoadError::Nothing { field });
    }
    Ok(())
}
