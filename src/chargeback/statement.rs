//! The result of a chargeback: lines that add up to the cost of the period.

use std::str::FromStr;

use chrono::NaiveDate;
use thiserror::Error;

use crate::azure::{Tier, TokenClass};
use crate::money::{MinorUnits, Money};
use crate::time::BillingPeriod;

/// Business unit of usage that no owner rule claims.
pub const UNATTRIBUTED: &str = "__unattributed__";
/// Business unit of provisioned capacity that nobody used or is made to pay.
pub const IDLE: &str = "__idle__";

/// What a line charges for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// Tokens served per token, of one tier and class; spilled ones apart.
    Tokens {
        /// Whether the request had asked for a provisioned deployment that was full.
        spilled: bool,
        /// The price tier that served it.
        tier: Tier,
        /// The token class.
        class: TokenClass,
    },
    /// The used part of provisioned capacity.
    PtuUsed,
    /// Deployed capacity that nobody used.
    PtuIdle,
    /// Reserved capacity that was not deployed.
    ReservationUnused,
    /// A share of a configured cost beside Azure OpenAI.
    SharedCost,
    /// Negotiated discount.
    Discount,
    /// Markup of the platform.
    Markup,
    /// A credit or a correction.
    Credit,
    /// Tax.
    Tax,
}

/// One line of the statement. Lines are unique by everything but quantity, price and amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// Who pays; [`UNATTRIBUTED`] and [`IDLE`] are business units too.
    pub business_unit: String,
    /// Cost centre of the business unit; may be empty.
    pub cost_centre: String,
    /// Application, as the owner rule names it; may be empty.
    pub app: String,
    /// Model, without date suffix; empty on lines of a whole pool.
    pub model: String,
    /// Deployment as configured or logged; the pool's name on lines of a whole pool.
    pub deployment: String,
    /// The day, in statements by day only.
    pub day: Option<NaiveDate>,
    /// What is charged for.
    pub component: Component,
    /// How much of `unit` the line charges; `None` where amounts are not a quantity times a price.
    pub quantity: Option<Quantity>,
    /// Price of one `unit`, where one price holds for the whole quantity.
    pub unit_price: Option<Money>,
    /// The exact amount in the statement's currency.
    pub exact: Money,
    /// The amount as charged: whole minor units, rounded from the total down.
    pub amount: MinorUnits,
}

/// A quantity with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// How many; exact, because split shares may leave fractions of tokens.
    pub value: crate::money::Factor,
    /// Of what: `tokens`, `PTU-hours`, `requests`.
    pub unit: &'static str,
}

/// A chargeback statement of one period.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The period.
    pub period: BillingPeriod,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Decimals of the currency's minor unit.
    pub minor_digits: u32,
    /// All lines, sorted by business unit, cost centre, app, model, deployment, component, day.
    pub lines: Vec<StatementLine>,
    /// The cost of the period, exact: what all lines add up to before rounding.
    pub exact_total: Money,
    /// The cost of the period as charged: what all amounts add up to.
    pub total: MinorUnits,
}

impl Component {
    /// The name used in every output, e.g. `standard-input`, `spillover-output`, `ptu-idle`.
    pub fn name(self) -> String {
        match self {
            Self::Tokens {
                spilled: true,
                class,
                ..
            } => format!("spillover-{}", class.name()),
            Self::Tokens { tier, class, .. } => format!("{}-{}", tier.name(), class.name()),
            Self::PtuUsed => "ptu-used".to_owned(),
            Self::PtuIdle => "ptu-idle".to_owned(),
            Self::ReservationUnused => "reservation-unused".to_owned(),
            Self::SharedCost => "shared-cost".to_owned(),
            Self::Discount => "adjustment-discount".to_owned(),
            Self::Markup => "adjustment-markup".to_owned(),
            Self::Credit => "adjustment-credit".to_owned(),
            Self::Tax => "adjustment-tax".to_owned(),
        }
    }
}

/// A text that names no component.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{found:?} is not a component of a statement, such as standard-input or ptu-used")]
pub struct UnknownComponent {
    found: String,
}

impl FromStr for Component {
    type Err = UnknownComponent;

    /// Reads what [`Component::name`] writes. Spilled tokens are named without their tier, and
    /// come back as standard ones.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut every = Self::every();
        let found = every.find(|component| component.name() == text);
        found.ok_or_else(|| UnknownComponent {
            found: text.to_owned(),
        })
    }
}

impl Component {
    /// Every component; of spilled tokens those of the standard tier.
    fn every() -> impl Iterator<Item = Self> {
        let tokens = |spilled, tier| {
            let classes = TokenClass::ALL.iter();
            classes.map(move |&class| Self::Tokens {
                spilled,
                tier,
                class,
            })
        };
        let tiers = Tier::ALL.iter();
        tiers
            .flat_map(move |&tier| tokens(false, tier))
            .chain(tokens(true, Tier::Standard))
            .chain([
                Self::PtuUsed,
                Self::PtuIdle,
                Self::ReservationUnused,
                Self::SharedCost,
                Self::Discount,
                Self::Markup,
                Self::Credit,
                Self::Tax,
            ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_read_as_they_are_named() {
        for component in Component::every() {
            assert_eq!(component.name().parse(), Ok(component));
        }
        assert!("standard".parse::<Component>().is_err());
    }
}
