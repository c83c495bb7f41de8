//! Which rules apply, how bad their findings are, and the limits that are judged by.

use super::finding::Finding;
use super::rule::Rule;
use crate::config::check::{FailOn, LimitsSection};
use crate::money::Factor;

/// Limits that are judged by; [`LimitsSection`] says what each means. Shares are in percent.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "each field is described where the configuration names it"
)]
pub struct Limits {
    pub request_tokens: u64,
    pub clock_skew_minutes: u64,
    pub gap_requests: u64,
    pub without_tokens_percent: Factor,
    pub no_llm_row_percent: Factor,
    pub no_gateway_row_percent: Factor,
    pub estimated_percent: Factor,
    pub unattributed_percent: Factor,
    pub price_age_days: u64,
    pub unit_cost_jump_percent: Factor,
    pub spill_percent: Factor,
    pub idle_percent: Factor,
    pub unusual_day_score: Factor,
    pub unusual_day_percent: Factor,
    pub reservation_days: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let percent = |value| Factor::ratio(value, 1);
        Self {
            request_tokens: 2_000_000,
            clock_skew_minutes: 10,
            gap_requests: 30,
            without_tokens_percent: percent(15),
            no_llm_row_percent: percent(5),
            no_gateway_row_percent: percent(2),
            estimated_percent: percent(10),
            unattributed_percent: percent(5),
            price_age_days: 180,
            unit_cost_jump_percent: percent(50),
            spill_percent: percent(20),
            idle_percent: percent(50),
            unusual_day_score: percent(6),
            unusual_day_percent: percent(50),
            reservation_days: 30,
        }
    }
}

impl Limits {
    /// These limits with what `section` says.
    #[must_use]
    pub fn with(&self, section: &LimitsSection) -> Self {
        macro_rules! either {
            ($($field:ident),*) => {
                Self { $($field: section.$field.clone().unwrap_or_else(|| self.$field.clone())),* }
            };
        }
        either!(
            request_tokens,
            clock_skew_minutes,
            gap_requests,
            without_tokens_percent,
            no_llm_row_percent,
            no_gateway_row_percent,
            estimated_percent,
            unattributed_percent,
            price_age_days,
            unit_cost_jump_percent,
            spill_percent,
            idle_percent,
            unusual_day_score,
            unusual_day_percent,
            reservation_days
        )
    }
}

/// What the configuration and the command line say of rules.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    limits: Limits,
}

impl Settings {
    /// Whether findings of a rule are wanted.
    pub fn is_on(&self, _rule: &Rule) -> bool {
        true
    }

    /// The least severity that fails.
    pub fn fail_on(&self) -> FailOn {
        FailOn::default()
    }

    /// The findings that are wanted, each as bad as it is held to be, in order.
    pub fn apply(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        findings
    }

    /// The limits for rows of a file.
    pub fn limits_of_file(&self, _file: &str) -> &Limits {
        &self.limits
    }

    /// The limits for a business unit.
    pub fn limits_of_unit(&self, _unit: &str) -> &Limits {
        &self.limits
    }

    /// The limits for what is about no file and no business unit.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}
