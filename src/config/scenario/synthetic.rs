//! `[[traffic]]` of kind `synthetic`: an app that is made up.

use super::SimulationSection;
use super::drawn::AmountText;
use super::traffic::TrafficSection;
use crate::catalog::prompt_cache_block;
use crate::shapes::Shape;
use crate::time::SimTime;
use crate::workload::synthetic::{
    CountedTokens, Daily, DrawnTokens, Growth, Profile, Share, TokenShape,
};
use crate::workload::{App, Arrivals, PrefixCache, SyntheticApp};

impl TrafficSection {
    /// The made-up app, or what is missing; its span is the section's, else the simulation's.
    /// `counted` is the shape that the section names; without it, while its file has not been
    /// read, there is nothing to draw.
    pub fn synthetic(
        &self,
        simulation: &SimulationSection,
        counted: Option<&Shape>,
    ) -> Result<SyntheticApp, String> {
        let bound = |own: Option<_>, whole: Option<_>, name: &str| {
            own.or(whole)
                .and_then(SimTime::from_timestamp)
                .ok_or_else(|| format!("a synthetic app needs `{name}`, here or in [simulation]"))
        };
        if self.app.is_empty() {
            return Err("a synthetic app needs a name: `app`".to_owned());
        }
        let rate = match (self.requests_per_s, self.requests_per_minute) {
            (Some(rate), None) => rate,
            (None, Some(rate)) => rate / 60.0,
            _ => {
                return Err(
                    "a synthetic app needs a rate: `requests_per_s` or `requests_per_minute`"
                        .to_owned(),
                );
            }
        };
        Ok(SyntheticApp {
            name: self.app.clone(),
            app: self.caller(&self.app),
            arrivals: self.arrivals()?,
            rate,
            profile: self.profile()?,
            shape: self.tokens(simulation, counted)?,
            priority: self.priority,
            from: bound(self.from, simulation.from, "from")?,
            until: bound(self.until, simulation.until, "until")?,
        })
    }

    /// Who sends its requests.
    pub(super) fn caller(&self, name: &str) -> App {
        App {
            subscription: self.subscription.clone().unwrap_or_else(|| name.to_owned()),
            product: self.product.clone(),
            app: if self.subscription.is_some() || !self.product.is_empty() {
                name.to_owned()
            } else {
                String::new()
            },
            ..App::default()
        }
    }

    fn arrivals(&self) -> Result<Arrivals, String> {
        match (self.arrivals.as_deref(), self.arrivals_cv) {
            (None | Some("poisson"), None) => Ok(Arrivals::Poisson),
            (Some("constant"), None) => Ok(Arrivals::Constant),
            (Some("gamma"), Some(cv)) => Ok(Arrivals::Gamma { cv }),
            (Some("weibull"), Some(shape)) => Ok(Arrivals::Weibull { shape }),
            (Some(word @ ("gamma" | "weibull")), None) => Err(format!(
                "arrivals = {word:?} needs `arrivals_cv` (gamma) or the shape in it (weibull)"
            )),
            (Some("constant" | "poisson") | None, Some(_)) => {
                Err("`arrivals_cv` is for arrivals = \"gamma\"".to_owned())
            }
            (Some(word), _) => Err(format!(
                "arrivals is {word:?}; expected constant, poisson, gamma or weibull"
            )),
        }
    }

    fn profile(&self) -> Result<Profile, String> {
        let daily = match (&self.hours, self.daily_amplitude) {
            (Some(_), Some(_)) => {
                return Err("a day has either `hours` or `daily_amplitude`".to_owned());
            }
            (Some(hours), None) => Daily::Hours(*hours),
            (None, Some(amplitude)) => Daily::Sine {
                amplitude,
                peak_hour: self.peak_hour.unwrap_or(12.0),
            },
            (None, None) => Daily::Flat,
        };
        let growth = match (self.growth_percent_per_day, self.growth_percent_per_month) {
            (Some(_), Some(_)) => {
                return Err("growth is either per day or per month".to_owned());
            }
            (Some(percent), None) => Growth::PercentPerDay(percent),
            (None, Some(percent)) => Growth::PercentPerMonth(percent),
            (None, None) => Growth::None,
        };
        Ok(Profile {
            daily,
            weekly: self.weekdays,
            growth,
            offset_minutes: self.utc_offset_minutes,
        })
    }

    fn tokens(
        &self,
        simulation: &SimulationSection,
        counted: Option<&Shape>,
    ) -> Result<TokenShape, String> {
        if self.shape.is_none() {
            return self.drawn(simulation).map(TokenShape::Drawn);
        }
        let amount = |amount: &Option<AmountText>| amount.as_ref().map(|amount| amount.0.clone());
        Ok(TokenShape::Counted(CountedTokens {
            kinds: counted.map_or_else(Vec::new, |shape| shape.requests.clone()),
            cached_minimum: simulation.cached_minimum,
            output: amount(&self.output),
            max_tokens: amount(&self.max_tokens),
        }))
    }

    fn drawn(&self, simulation: &SimulationSection) -> Result<DrawnTokens, String> {
        let needed = |amount: &Option<AmountText>, name: &str| {
            let amount = amount.as_ref().map(|amount| amount.0.clone());
            amount.ok_or_else(|| format!("a synthetic app needs `{name}` tokens, or a `shape`"))
        };
        Ok(DrawnTokens {
            input: needed(&self.input, "input")?,
            cached: self.cached_share.map_or(Share::None, Share::Constant),
            cache: PrefixCache {
                block: prompt_cache_block(),
                minimum: simulation.cached_minimum,
            },
            output: needed(&self.output, "output")?,
            max_tokens: self.max_tokens.as_ref().map(|amount| amount.0.clone()),
        })
    }
}
