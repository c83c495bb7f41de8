//! Facts that a command works with: the bundled ones, with the user's own before them.

use anyhow::Context;

use crate::catalog::Catalog;
use crate::chargeback::Facts;
use crate::config::Config;
use crate::rate_card::RateCard;

/// Models and prices.
pub struct KnownFacts {
    /// What models can do.
    pub catalog: Catalog,
    /// What things cost.
    pub rates: RateCard,
}

/// Whether the first known figure of a thing holds before its first day too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does not: usage before that day has no price.
    Known,
    /// It does.
    Earlier,
}

impl KnownFacts {
    /// The bundled facts and those of the configuration, before which day they reach.
    pub fn of(config: &Config, reach: Reach) -> anyhow::Result<Self> {
        let catalog = Catalog::bundled()
            .with_own(&config.models)
            .context("[[model]] of the configuration")?;
        let rates = RateCard::bundled()
            .with_own(&config.prices, &config.ptu_prices)
            .context("[[price]] and [[ptu_price]] of the configuration")?;
        if reach == Reach::Known {
            return Ok(Self { catalog, rates });
        }
        Ok(Self {
            catalog: catalog.allow_earlier(),
            rates: rates.allow_earlier(),
        })
    }

    /// The facts as the chargeback takes them.
    pub fn borrowed(&self) -> Facts<'_> {
        Facts {
            catalog: &self.catalog,
            rates: &self.rates,
        }
    }
}
