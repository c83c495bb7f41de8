//! Flags of the objective: what a size must do to be good enough.

use anyhow::bail;
use clap::Args;

use crate::money::Factor;
use crate::plan::objective::{Condition, Limit, Objective};
use crate::time::SimDuration;

/// Flags of the objective.
#[derive(Debug, Args)]
pub(super) struct ObjectiveArgs {
    /// At most this part of the tokens may spill over, as in 1% or chat=1%. May be repeated.
    #[arg(long, value_name = "[APP=]SHARE")]
    max_spill: Vec<Of<Share>>,
    /// At most this part of the requests may be lost, as in 0 or chat=0.1%. May be repeated.
    #[arg(long, value_name = "[APP=]SHARE")]
    max_lost: Vec<Of<Share>>,
    /// 95 of 100 requests may wait this long at most, as in 500ms or chat=2s. May be repeated.
    #[arg(long, value_name = "[APP=]TIME")]
    p95_wait: Vec<Of<Wait>>,
    /// The deployment may be used this much at most in its busiest hour, as in 80%.
    #[arg(long, alias = "max-utilization", value_name = "SHARE")]
    max_utilisation: Option<Share>,
}

/// A limit for an app, or for all requests.
#[derive(Clone, Debug)]
struct Of<T> {
    app: Option<String>,
    limit: T,
}

/// A part of a whole.
#[derive(Clone, Debug)]
struct Share(Factor);

/// A time to wait.
#[derive(Clone, Copy, Debug)]
struct Wait(SimDuration);

impl<T: std::str::FromStr<Err = String>> std::str::FromStr for Of<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (app, limit) = match text.rsplit_once('=') {
            Some((app, limit)) => (Some(app.trim().to_owned()), limit),
            None => (None, text),
        };
        Ok(Self {
            app,
            limit: limit.trim().parse()?,
        })
    }
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || {
            let hint = match text.parse::<Factor>() {
                Ok(_) => format!(", or {text}% if percent are meant"),
                Err(_) => String::new(),
            };
            format!("{text:?} is no share from 0% to 100%; expected e.g. 1% or 0{hint}")
        };
        let share = match text.strip_suffix('%') {
            Some(percent) => percent
                .trim()
                .parse::<Factor>()
                .map(|share| share.percent()),
            None if text == "0" => Ok(Factor::zero()),
            None => return Err(refusal()),
        };
        let share = share.map_err(|_| refusal())?;
        if share.is_negative() || share > Factor::one() {
            return Err(refusal());
        }
        Ok(Self(share))
    }
}

impl std::str::FromStr for Wait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is no time to wait; expected e.g. 500ms, 2s or 0");
        let (number, thousandths) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
            (Some(number), _) => (number, 1),
            (None, Some(number)) => (number, 1_000),
            (None, None) if text == "0" => (text, 1),
            _ => return Err(refusal()),
        };
        let whole: u64 = number.trim().parse().map_err(|_| refusal())?;
        let millis = whole.checked_mul(thousandths).filter(|ms| *ms < 1 << 40);
        millis
            .map(|ms| Self(SimDuration::from_millis(ms)))
            .ok_or_else(refusal)
    }
}

impl ObjectiveArgs {
    /// The objective; two limits of one kind for one app contradict each other.
    pub(super) fn objective(&self) -> anyhow::Result<Objective> {
        let mut conditions = Vec::new();
        let spill = self.max_spill.iter();
        conditions.extend(spill.map(|of| condition(of, Limit::Spill(of.limit.0.clone()))));
        let lost = self.max_lost.iter();
        conditions.extend(lost.map(|of| condition(of, Limit::Lost(of.limit.0.clone()))));
        let wait = self.p95_wait.iter();
        conditions.extend(wait.map(|of| condition(of, Limit::P95Wait(of.limit.0))));
        if let Some(share) = &self.max_utilisation {
            conditions.push(Condition {
                app: None,
                limit: Limit::Utilization(share.0.clone()),
            });
        }
        for (at, one) in conditions.iter().enumerate() {
            let same = |other: &Condition| {
                let kinds = [one, other].map(|each| std::mem::discriminant(&each.limit));
                other.app == one.app && kinds[0] == kinds[1]
            };
            if conditions[at + 1..].iter().any(same) {
                let whom = one.app.as_deref().unwrap_or("all requests");
                bail!(
                    "the objective states two limits of one kind for {whom}; leave one of them out"
                );
            }
        }
        Ok(Objective { conditions })
    }
}

fn condition<T>(of: &Of<T>, limit: Limit) -> Condition {
    Condition {
        app: of.app.clone(),
        limit,
    }
}
