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

impl KnownFacts {
    /// The bundled facts and those of the configuration; with `earlier`, the first known price of
    /// a thing holds before its first day too.
    pub fn of(config: &Config, earlier: bool) -> anyhow::Result<Self> {
        let catalog = Catalog::bundled()
            .with_own(&config.models)
            .context("[[model]] of the configuration")?;
        let rates = RateCard::bundled()
            .with_own(&config.prices, &config.ptu_prices)
            .context("[[price]] and [[ptu_price]] of the configuration")?;
        if !earlier {
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
