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

static CONFIG_ERROR: Rule = Rule {
    id: "TB120",
    name: "config-error",
    family: Family::Policy,
    severity: Severity::Error,
    summary: "The configuration cannot be read, or contradicts itself.",
    why: "Nothing can be charged by a configuration that does not hold. The rule finds what \
          `tollbook chargeback` would refuse: unknown keys and values, missing parts, dates in \
          the wrong order, names that nothing has; one finding for each, at its place. Percentages \
          that do not add up are TB064.",
    fix: "Correct the place that the finding names.",
};

static PTU_SIZE_NOT_OFFERED: Rule = Rule {
    id: "TB121",
    name: "ptu-size-not-offered",
    family: Family::Policy,
    severity: Severity::Error,
    summary: "A provisioned deployment has a size that cannot be deployed.",
    why: "Azure offers a model in sizes from a minimum on in steps, which differ by model and kind, \
          so any other size in `capacity` is a slip of the pen that changes the bill. The rule \
          judges every step that is in force on or after the first day of the period, used or not, \
          by the sizes the catalog knows for its first day in it; where it knows none, it is silent.",
    fix: "Correct `ptu` to what is deployed.",
};

static RESERVATION_GAP: Rule = Rule {
    id: "TB122",
    name: "reservation-gap",
    family: Family::Policy,
    severity: Severity::Warning,
    summary: "PTU that a reservation covered until it ended are paid by the hour.",
    why: "A reservation that runs out unnoticed makes its PTU several times as dear. The rule finds \
          each [[reservation]] that ended no later than the day of the check, whose PTU are still \
          deployed in its kind, region and scope and which no other reservation covers, when that \
          lasts until the day of the check or lies, in part, in the period.",
    fix: "Renew it: add a [[reservation]] that starts when it ended, or extend `until` where it was \
          renewed; lower `capacity` where it is not needed any more.",
};

static RESERVATION_EXPIRES: Rule = Rule {
    id: "TB123",
    name: "reservation-expires",
    family: Family::Policy,
    severity: Severity::Warning,
    summary: "A reservation ends soon, and no other follows.",
    why: "From the minute it ends, what it covered is paid by the hour. The rule finds each \
          [[reservation]] that ends within `reservation_days` of the day of the check and leaves \
          deployed PTU without cover.",
    fix: "Renew it and add the [[reservation]] that follows, or extend `until`.",
};

static RESERVATION_UNUSED: Rule = Rule {
    id: "TB124",
    name: "reservation-unused",
    family: Family::Policy,
    severity: Severity::Warning,
    summary: "More PTU are reserved than deployed, or a reservation fits no deployment.",
    why: "Reserved PTU are paid for whether they are deployed or not, and cover only deployments of \
          the same kind, region and scope. The rule compares both minute by minute in the period \
          and from the day of the check on, and tells for each pool when most are unused; a \
          [[reservation]] whose kind, region and scope no provisioned deployment ever has is a \
          finding of its own.",
    fix: "Deploy more, exchange the reservation for a smaller one, or correct its kind, region or \
          scope.",
};

static PTU_OVERUSED: Rule = Rule {
    id: "TB125",
    name: "ptu-overused",
    family: Family::Policy,
    severity: Severity::Warning,
    summary: "A provisioned deployment served more than its PTU can.",
    why: "No deployment serves more than its throughput, so either the logs count calls that \
          spilled over as its own, or it is larger than the configuration says, and shares of its \
          cost are wrong. The rule finds each deployment whose requests weigh more on a day of the \
          period than its PTU serve in a whole day.",
    fix: "Bring `capacity` up to date, or describe the deployment that takes the spillover by its \
          backend.",
};

static ALLOCATION_FALLBACK: Rule = Rule {
    id: "TB126",
    name: "allocation-fallback",
    family: Family::Policy,
    severity: Severity::Note,
    summary: "A cost was shared out by another key than the one asked for.",
    why: "Where nothing has any weight by the chosen key, such as no use in the whole period, the \
          cost follows `allocation.fallback`. The rule tells each cost that did.",
    fix: "Nothing, if that is wanted; else choose another key, or set `allocation.fallback`.",
};

static CREDIT_WITHOUT_CHARGES: Rule = Rule {
    id: "TB127",
    name: "credit-without-charges",
    family: Family::Policy,
    severity: Severity::Note,
    summary: "A credit found no charges to lower.",
    why: "A credit is spread over the charges of its business unit in the period; where there are \
          none it stands alone, as a negative statement. The rule tells each such [[credit]].",
    fix: "Compare `business_unit` with the [[owner]] rules, and `date` with the period.",
};

static SCENARIO_ERROR: Rule = Rule {
    id: "TB128",
    name: "scenario-error",
    family: Family::Policy,
    severity: Severity::Error,
    summary: "A scenario cannot be read, or cannot be simulated.",
    why: "The rule reads each scenario that is named, as `tollbook simulate` would, and builds its \
          deployments, gateway and queues with the figures of the catalog, without its traffic \
          files. One finding for each fault, at its place.",
    fix: "Correct the place that the finding names.",
};

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
