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

static UNPRICED_MODEL: Rule = Family::Prices.rule(
    "TB080",
    "unpriced-model",
    Severity::Error,
    [
        "tokens were used that have no price",
        "A missing price is never 0: no statement is made until it is known. Told when a model, \
         deployment kind, region and tier has priced usage in the period and neither the \
         configuration nor the bundled rate card has a price on the day of use; the token classes \
         that lack one are named.",
        "add a [[price]] to the configuration, or correct the model, kind or region of the \
         [[deployment]]",
    ],
);

static UNDESCRIBED_DEPLOYMENT: Rule = Family::Prices.rule(
    "TB081",
    "undescribed-deployment",
    Severity::Error,
    [
        "the logs name a deployment that the configuration does not describe",
        "The price of a request depends on the kind, region and offer of the deployment that \
         served it, and logs tell none of them. Told when a deployment or backend has priced usage \
         in the period and no [[deployment]] serves it while [defaults] is not set, and when its \
         model is to be taken from the logs, which do not name it.",
        "describe it as a [[deployment]], or set [defaults] for all that are not described",
    ],
);

static NO_FIGURES: Rule = Family::Prices.rule(
    "TB082",
    "no-figures",
    Severity::Error,
    [
        "a model's tokens cannot be weighed: its throughput or token weights are not known",
        "The cost of provisioned throughput is shared out by weighted tokens. Told when a \
         deployment or shared cost has usage in the period and its model has no throughput for \
         each PTU, or no token weights, on the day of use.",
        "add a [[model]] with the figures and their source, or correct `model` and `version`",
    ],
);

static NO_PTU_PRICE: Rule = Family::Prices.rule(
    "TB083",
    "no-ptu-price",
    Severity::Error,
    [
        "provisioned throughput has no price",
        "Deployed PTU beyond reservations are paid by the hour, reserved ones for a term, and each \
         kind and region has its own price. Told when none holds for a pool on a day of the \
         period.",
        "add a [[ptu_price]], or correct the kind and region of the deployment or reservation",
    ],
);

static NO_EXCHANGE_RATE: Rule = Family::Prices.rule(
    "TB084",
    "no-exchange-rate",
    Severity::Error,
    [
        "the statement's currency has no exchange rate on a day of the period",
        "Prices are in US dollars. Told when `currency` is another one and no [[exchange_rate]] \
         covers a day of the period; the first such day is named.",
        "add an [[exchange_rate]] whose `from` is that day or earlier",
    ],
);

static STALE_PRICE: Rule = Family::Prices.rule(
    "TB085",
    "stale-price",
    Severity::Warning,
    [
        "a price was applied whose source was read long ago",
        "Prices change without notice, so a price is only as good as the day its source was read. \
         Told when a price that was applied in the period (tokens, PTU hours, terms of \
         reservations) has an `as_of` more than `price_age_days` before the last day it was used, \
         or before the day of the check where that is earlier; a term is used on its first day. A \
         source that was read later than that is not old. One finding for each source names what \
         it prices.",
        "read the source again: set `as_of` where the price still holds, add a row with a new \
         `from` where it does not; for bundled prices, update tollbook",
    ],
);

static CONFLICTING_PRICE: Rule = Family::Prices.rule(
    "TB086",
    "conflicting-price",
    Severity::Warning,
    [
        "two prices answer one question on one day differently",
        "Only one of them can be right, and which one is used is decided by dates: the later \
         `from`, then the later `as_of`, then the later in the file. Told when two own prices for \
         the same tokens or PTU have a common day from the start of the period on, and start on \
         the same day, or the one for more kinds or regions starts later and so replaces the \
         exception; and when a bundled price was applied while another source gives a different \
         one from the same day. A later row for the same scope is a new price, and no conflict.",
        "delete the wrong one, or give the old price an `until` and the new one a later `from`",
    ],
);

static PROMOTION_ENDED: Rule = Family::Prices.rule(
    "TB087",
    "promotion-ended",
    Severity::Warning,
    [
        "a price that was applied ends, and the one after it is higher or not known",
        "Promotions and contracts end on a day, and the bill jumps. Told when the last day of a \
         token or PTU price that was applied in the period lies in the period, between it and the \
         day of the check, or in the 30 days after that, and the price of the next day is higher \
         or not known; and when there is usage in the period after such a last day.",
        "plan for the new price, or move the traffic; where the old price goes on, extend `until`",
    ],
);

/// Also found where own prices are read.
pub(super) static PTU_PRICE_REGION: Rule = Family::Prices.rule(
    "TB088",
    "ptu-price-region",
    Severity::Error,
    [
        "an own PTU price is of a region where nothing is deployed, or of none that is known",
        "PTU prices differ by region; a price of the wrong region is silently passed over and the \
         list price applies. Told when the kind and region of a [[ptu_price]] fit no pool while a \
         pool of the same kind in another region has no own price of that term, and when the \
         region of a [[ptu_price]], [[reservation]] or provisioned [[deployment]] is no Azure \
         region the rate card knows.",
        "correct `region`; leave it out of a [[ptu_price]] to price every region",
    ],
);

static PRICE_NEVER_USED: Rule = Family::Prices.rule(
    "TB089",
    "price-never-used",
    Severity::Note,
    [
        "an own price was not used, although its model was, at a price that is not one's own",
        "A negotiated price that fits nothing is a misspelt one. Told when a [[price]] holds in \
         the period and priced no token, although its model was used at a bundled price or at \
         none, or its model is not known and a similar name was used so.",
        "compare model, version, kind, region and tier with those of the [[deployment]]",
    ],
);

static PRICE_KNOWN_LATER: Rule = Family::Prices.rule(
    "TB090",
    "price-known-later",
    Severity::Warning,
    [
        "a price was used before the first day it is known for",
        "The rate card knows many prices only from the day on which a capture saw them first. Told \
         when earlier use was priced all the same; every such price is named with its first day.",
        "add a [[price]] or [[ptu_price]] that holds on the days of use, to be sure",
    ],
);

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
