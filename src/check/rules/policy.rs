//! Policy: whether the configuration can be read, and what it describes can be and is paid for.

mod charged;
mod configuration;
mod cover;
mod reservations;
mod sizes;
#[cfg(test)]
mod tests;

pub use configuration::{from_config_error, own_facts, scenario};

use crate::check::rule::{Family, Rule, Severity};
use crate::check::{Evidence, Finding};

/// Every rule of the family, in the order of ids.
pub(super) const RULES: &[&Rule] = &[
    &CONFIG_ERROR,
    &PTU_SIZE_NOT_OFFERED,
    &RESERVATION_GAP,
    &RESERVATION_EXPIRES,
    &RESERVATION_UNUSED,
    &PTU_OVERUSED,
    &ALLOCATION_FALLBACK,
    &CREDIT_WITHOUT_CHARGES,
    &SCENARIO_ERROR,
];

/// Rules of the family that judge what was charged, and so need all of the usage.
pub(super) const OF_USE: [&Rule; 3] =
    [&PTU_OVERUSED, &ALLOCATION_FALLBACK, &CREDIT_WITHOUT_CHARGES];

static CONFIG_ERROR: Rule = Family::Policy.rule(
    "TB120",
    "config-error",
    Severity::Error,
    [
        "the configuration cannot be read, or contradicts itself",
        "Nothing can be charged by a configuration that does not hold. Told when `tollbook \
         chargeback` would refuse it: unknown keys and values, missing parts, dates in the wrong \
         order, names that nothing has; one finding for each, at its place. Percentages that do \
         not add up are TB064.",
        "correct the value; docs/CONFIGURATION.md lists every key, and `tollbook check \
         --config-schema` lets an editor complete them",
    ],
);

static PTU_SIZE_NOT_OFFERED: Rule = Family::Policy.rule(
    "TB121",
    "ptu-size-not-offered",
    Severity::Error,
    [
        "a provisioned deployment has a size that cannot be deployed",
        "Azure offers a model in sizes from a minimum on in steps, which differ by model and kind, \
         so any other size in `capacity` is a slip of the pen that changes the bill. Told when a \
         step that is in force on or after the first day of the period, used or not, has none of \
         the sizes the catalog knows for its first day in it; where it knows none, nothing is \
         told.",
        "correct `ptu` to what is deployed",
    ],
);

static RESERVATION_GAP: Rule = Family::Policy.rule(
    "TB122",
    "reservation-gap",
    Severity::Warning,
    [
        "PTU that a reservation covered until it ended are paid by the hour",
        "A reservation that runs out unnoticed makes its PTU several times as dear. Told when a \
         [[reservation]] ended no later than the day of the check, its PTU are still deployed in \
         its kind, region and scope, no other reservation covers them, and that lasts until the \
         day of the check or lies, in part, in the period.",
        "renew it: add a [[reservation]] that starts when it ended, or extend `until` where it was \
         renewed; lower `capacity` where it is not needed any more",
    ],
);

static RESERVATION_EXPIRES: Rule = Family::Policy.rule(
    "TB123",
    "reservation-expires",
    Severity::Warning,
    [
        "a reservation ends soon, and no other follows",
        "From the minute it ends, what it covered is paid by the hour. Told when a [[reservation]] \
         ends within `reservation_days` of the day of the check and leaves deployed PTU without \
         cover.",
        "renew it and add the [[reservation]] that follows, or extend `until`",
    ],
);

static RESERVATION_UNUSED: Rule = Family::Policy.rule(
    "TB124",
    "reservation-unused",
    Severity::Warning,
    [
        "more PTU are reserved than deployed, or a reservation fits no deployment",
        "Reserved PTU are paid for whether they are deployed or not, and cover only deployments of \
         the same kind, region and scope. Told when more are reserved than deployed in any minute \
         of the period or from the day of the check on, for each pool at the time when most are \
         unused; and when no provisioned deployment ever has the kind, region and scope of a \
         [[reservation]].",
        "deploy more, exchange the reservation for a smaller one, or correct its kind, region or \
         scope",
    ],
);

static PTU_OVERUSED: Rule = Family::Policy.rule(
    "TB125",
    "ptu-overused",
    Severity::Warning,
    [
        "a provisioned deployment served more than its PTU can",
        "No deployment serves more than its throughput, so either the logs count calls that \
         spilled over as its own, or it is larger than the configuration says, and shares of its \
         cost are wrong. Told when the requests of a deployment weigh more on a day of the period \
         than its PTU serve in a whole day.",
        "bring `capacity` up to date, or describe the deployment that takes the spillover by its \
         backend",
    ],
);

static ALLOCATION_FALLBACK: Rule = Family::Policy.rule(
    "TB126",
    "allocation-fallback",
    Severity::Note,
    [
        "a cost was shared out by another key than the one asked for",
        "Where nothing has any weight by the chosen key, such as no use in the whole period, the \
         cost follows `allocation.fallback`. Told when a cost did, each by itself.",
        "nothing, if that is wanted; else choose another key, or set `allocation.fallback`",
    ],
);

static CREDIT_WITHOUT_CHARGES: Rule = Family::Policy.rule(
    "TB127",
    "credit-without-charges",
    Severity::Note,
    [
        "a credit found no charges to lower",
        "A credit is spread over the charges of its business unit in the period; where there are \
         none it stands alone, as a negative statement. Told when a [[credit]] does.",
        "compare `business_unit` with the [[owner]] rules, and `date` with the period",
    ],
);

static SCENARIO_ERROR: Rule = Family::Policy.rule(
    "TB128",
    "scenario-error",
    Severity::Error,
    [
        "a scenario cannot be read, or cannot be simulated",
        "A scenario that does not hold plays nothing. Told when `tollbook simulate` could not read \
         a scenario that is named, or when its deployments, gateway and queues cannot be built \
         with the figures of the catalog; its traffic files are not read. One finding for each \
         fault, at its place.",
        "correct the value; docs/CONFIGURATION.md lists every key under \"Simulations\", and \
         `tollbook check --config-schema` lets an editor complete them",
    ],
);

/// What policy finds in the evidence.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    [
        sizes::not_offered,
        reservations::uncovered,
        reservations::unused,
        charged::findings,
    ]
    .iter()
    .flat_map(|judge| judge(evidence))
    .collect()
}
