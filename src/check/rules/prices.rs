//! Prices: whether everything has one price, the right one, and for how long still.

mod applied;
mod conflicts;
mod dated;
mod missing;
mod own;
#[cfg(test)]
mod tests;

use crate::check::rule::{Family, Rule, Severity};
use crate::check::{Evidence, Finding};

/// Every rule of the family, in the order of ids.
pub(super) const RULES: &[&Rule] = &[
    &UNPRICED_MODEL,
    &UNDESCRIBED_DEPLOYMENT,
    &NO_FIGURES,
    &NO_PTU_PRICE,
    &NO_EXCHANGE_RATE,
    &STALE_PRICE,
    &CONFLICTING_PRICE,
    &PROMOTION_ENDED,
    &PTU_PRICE_REGION,
    &PRICE_NEVER_USED,
    &PRICE_KNOWN_LATER,
];

static UNPRICED_MODEL: Rule = Rule {
    id: "TB080",
    name: "unpriced-model",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "Tokens were used that have no price.",
    why: "A missing price is never 0: no statement is made until it is known. The rule finds each \
          model, deployment kind, region and tier with priced usage in the period for which \
          neither the configuration nor the bundled rate card has a price on the day of use, and \
          names the token classes that lack one.",
    fix: "Add a [[price]] to the configuration, or correct the model, kind or region of the \
          [[deployment]].",
};

static UNDESCRIBED_DEPLOYMENT: Rule = Rule {
    id: "TB081",
    name: "undescribed-deployment",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "The logs name a deployment that the configuration does not describe.",
    why: "The price of a request depends on the kind, region and offer of the deployment that \
          served it, and logs tell none of them. The rule finds each deployment and backend with \
          priced usage in the period that no [[deployment]] serves while [defaults] is not set, \
          and those whose model is to be taken from the logs, which do not name it.",
    fix: "Describe it as a [[deployment]], or set [defaults] for all that are not described.",
};

static NO_FIGURES: Rule = Rule {
    id: "TB082",
    name: "no-figures",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "A model's tokens cannot be weighed: its throughput or token weights are not known.",
    why: "The cost of provisioned throughput is shared out by weighted tokens. The rule finds each \
          deployment and shared cost with usage in the period whose model has no throughput for \
          each PTU, or no token weights, on the day of use.",
    fix: "Add a [[model]] with the figures and their source, or correct `model` and `version`.",
};

static NO_PTU_PRICE: Rule = Rule {
    id: "TB083",
    name: "no-ptu-price",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "Provisioned throughput has no price.",
    why: "Deployed PTU beyond reservations are paid by the hour, reserved ones for a term, and \
          each kind and region has its own price. The rule finds each pool for which no price \
          holds on a day of the period.",
    fix: "Add a [[ptu_price]], or correct the kind and region of the deployment or reservation.",
};

static NO_EXCHANGE_RATE: Rule = Rule {
    id: "TB084",
    name: "no-exchange-rate",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "The statement's currency has no exchange rate on a day of the period.",
    why: "Prices are in US dollars. The rule finds the first day of the period that no \
          [[exchange_rate]] covers when `currency` is another one.",
    fix: "Add an [[exchange_rate]] whose `from` is that day or earlier.",
};

static STALE_PRICE: Rule = Rule {
    id: "TB085",
    name: "stale-price",
    family: Family::Prices,
    severity: Severity::Warning,
    summary: "A price was applied whose source was read long ago.",
    why: "Prices change without notice, so a price is only as good as the day its source was read. \
          The rule takes every price that was applied in the period (tokens, PTU hours, terms of \
          reservations) and finds those whose `as_of` lies more than `price_age_days` before the \
          last day they were used, or before the day of the check where that is earlier; a term is \
          used on its first day. A source that was read later than that is not old. One finding \
          for each source names what it prices.",
    fix: "Read the source again: set `as_of` where the price still holds, add a row with a new \
          `from` where it does not; for bundled prices, update tollbook.",
};

static CONFLICTING_PRICE: Rule = Rule {
    id: "TB086",
    name: "conflicting-price",
    family: Family::Prices,
    severity: Severity::Warning,
    summary: "Two prices answer one question on one day differently.",
    why: "Only one of them can be right, and which one is used is decided by dates: the later \
          `from`, then the later `as_of`, then the later in the file. The rule finds two own \
          prices for the same tokens or PTU with a common day from the start of the period on, \
          when they start on the same day, or when the one for more kinds or regions starts later \
          and so replaces the exception; and bundled prices that were applied while another source \
          gives a different one from the same day. A later row for the same scope is a new price, \
          and no conflict.",
    fix: "Delete the wrong one, or give the old price an `until` and the new one a later `from`.",
};

static PROMOTION_ENDED: Rule = Rule {
    id: "TB087",
    name: "promotion-ended",
    family: Family::Prices,
    severity: Severity::Warning,
    summary: "A price that was applied ends, and the one after it is higher or not known.",
    why: "Promotions and contracts end on a day, and the bill jumps. The rule finds token and PTU \
          prices applied in the period whose last day lies in the period, between it and the day \
          of the check, or in the 30 days after that, when the price of the next day is higher or \
          not known; and usage in the period after such a last day.",
    fix: "Plan for the new price, or move the traffic; where the old price goes on, extend `until`.",
};

/// Also found where own prices are read.
pub(super) static PTU_PRICE_REGION: Rule = Rule {
    id: "TB088",
    name: "ptu-price-region",
    family: Family::Prices,
    severity: Severity::Error,
    summary: "An own PTU price is of a region where nothing is deployed, or of none that is known.",
    why: "PTU prices differ by region; a price of the wrong region is silently passed over and the \
          list price applies. The rule finds a [[ptu_price]] whose kind and region fit no pool \
          while a pool of the same kind in another region has no own price of that term, and every \
          region of a [[ptu_price]], [[reservation]] or provisioned [[deployment]] that is no \
          Azure region the rate card knows.",
    fix: "Correct `region`; leave it out of a [[ptu_price]] to price every region.",
};

static PRICE_NEVER_USED: Rule = Rule {
    id: "TB089",
    name: "price-never-used",
    family: Family::Prices,
    severity: Severity::Note,
    summary: "An own price was not used, although its model was, at a price that is not one's own.",
    why: "A negotiated price that fits nothing is a misspelt one. The rule finds a [[price]] that \
          holds in the period and priced no token, when its model was used at a bundled price or \
          at none, or when its model is not known and a similar name was used so.",
    fix: "Compare model, version, kind, region and tier with those of the [[deployment]].",
};

static PRICE_KNOWN_LATER: Rule = Rule {
    id: "TB090",
    name: "price-known-later",
    family: Family::Prices,
    severity: Severity::Warning,
    summary: "A price was used before the first day it is known for.",
    why: "The rate card knows many prices only from the day on which a capture saw them first. \
          Where earlier use is priced all the same, the rule names every such price and its first \
          day.",
    fix: "Add a [[price]] or [[ptu_price]] that holds on the days of use, to be sure.",
};

/// What prices find in the evidence.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    [
        missing::of_refusals,
        applied::stale,
        conflicts::own,
        conflicts::bundled,
        dated::ended,
        own::regions,
        own::unused,
        dated::known_later,
    ]
    .iter()
    .flat_map(|judge| judge(evidence))
    .collect()
}

/// "a, b and c".
fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
