//! Cross-checks of a policy: what no single value tells. Each fault says where it is, as a path
//! into the configuration, so that the reader of the file can point at the place.

use std::collections::BTreeMap;

use super::adjustments::PercentAdjustment;
use super::allocation::{IdleKey, UsedKey};
use super::deployments::Deployment;
use super::exchange::PRICE_CURRENCY;
use super::owners::OwnerRule;
use super::policy::Policy;
use super::reservations::Reservation;
use super::shared_costs::{SharedCost, SharedKey};
use crate::azure::Offer;
use crate::money::{Factor, Money};
use crate::spelling::hint;

/// One step of a path into the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(&'static str),
    /// A place in a list, from 0.
    At(usize),
    /// A place among the keys of a table in the order of the alphabet, from 0: for tables whose
    /// keys the user chooses.
    Entry(usize),
}

/// What sort of fault it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// Percentages that must share something out wholly, and do not.
    Shares,
    /// Any other.
    #[default]
    Other,
}

/// Something wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What sort it is.
    pub kind: FaultKind,
    /// Where: the longest part of the path that the file has.
    pub path: Vec<Step>,
    /// What was found, what was expected, what to do.
    pub message: String,
}

impl Fault {
    /// A fault of no special sort.
    pub fn of(path: Vec<Step>, message: String) -> Self {
        Self {
            kind: FaultKind::Other,
            path,
            message,
        }
    }

    /// The same, of shares that do not share something out wholly.
    #[must_use]
    pub fn of_shares(self) -> Self {
        Self {
            kind: FaultKind::Shares,
            ..self
        }
    }
}

/// Collects the faults of one table of a list.
struct Table<'f> {
    faults: &'f mut Vec<Fault>,
    section: &'static str,
    at: usize,
}

impl<'f> Table<'f> {
    fn of(faults: &'f mut Vec<Fault>, section: &'static str, at: usize) -> Self {
        Self {
            faults,
            section,
            at,
        }
    }

    fn fault(&mut self, key: &'static str, message: String) {
        let fault = Fault::of(self.path(key), message);
        self.faults.push(fault);
    }

    fn path(&self, key: &'static str) -> Vec<Step> {
        vec![Step::Key(self.section), Step::At(self.at), Step::Key(key)]
    }

    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "the bool is the rule that must hold, as in assert!"
    )]
    fn require(&mut self, holds: bool, key: &'static str, message: impl FnOnce() -> String) {
        if !holds {
            self.fault(key, message());
        }
    }
}

impl Policy {
    /// Everything wrong with the policy, in the order of its sections.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.check_currency(&mut faults);
        self.check_names(&mut faults);
        self.check_lists(&mut faults);
        self.check_allocation(&mut faults);
        faults
    }

    fn check_currency(&self, faults: &mut Vec<Fault>) {
        let is_code = |c: &str| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase());
        if !is_code(&self.currency) {
            let found = &self.currency;
            let message =
                format!("currency {found:?} is not an ISO 4217 code; expected e.g. \"EUR\"");
            faults.push(top("currency", message));
        }
        if self.currency == PRICE_CURRENCY && !self.exchange_rates.is_empty() {
            let message = "an exchange rate has no use: prices and statement are both in USD; \
                           set `currency` or remove it"
                .to_owned();
            faults.push(top("exchange_rate", message));
        }
        if self
            .defaults
            .as_ref()
            .is_some_and(|d| d.offer == Offer::Provisioned)
        {
            let message = "defaults cannot be provisioned, for nothing tells how many PTU; \
                           describe such deployments one by one"
                .to_owned();
            let path = vec![Step::Key("defaults"), Step::Key("offer")];
            faults.push(Fault::of(path, message));
        }
    }

    fn check_names(&self, faults: &mut Vec<Fault>) {
        unique(
            faults,
            "deployment",
            self.deployments.iter().map(|d| &d.name),
        );
        unique(
            faults,
            "reservation",
            self.reservations.iter().map(|r| &r.name),
        );
        unique(
            faults,
            "shared_cost",
            self.shared_costs.iter().map(|c| &c.name),
        );
    }

    fn check_lists(&self, faults: &mut Vec<Fault>) {
        for (at, deployment) in self.deployments.iter().enumerate() {
            self.check_deployment(deployment, at, &mut Table::of(faults, "deployment", at));
        }
        for (at, reservation) in self.reservations.iter().enumerate() {
            check_reservation(reservation, &mut Table::of(faults, "reservation", at));
        }
        for (at, rule) in self.owners.iter().enumerate() {
            check_owner(rule, &mut Table::of(faults, "owner", at));
        }
        for (at, cost) in self.shared_costs.iter().enumerate() {
            self.check_shared_cost(cost, &mut Table::of(faults, "shared_cost", at));
        }
        let percents = [
            ("discount", &self.adjustments.discounts),
            ("markup", &self.adjustments.markups),
            ("tax", &self.adjustments.taxes),
        ];
        for (section, adjustments) in percents {
            for (at, adjustment) in adjustments.iter().enumerate() {
                check_percent(adjustment, &mut Table::of(faults, section, at));
            }
        }
        for (at, rate) in self.exchange_rates.iter().enumerate() {
            let positive = !rate.rate.is_zero() && !rate.rate.is_negative();
            Table::of(faults, "exchange_rate", at).require(positive, "rate", || {
                format!("rate {} is not above zero", rate.rate)
            });
        }
    }

    fn check_deployment(&self, deployment: &Deployment, at: usize, table: &mut Table<'_>) {
        let name = &deployment.name;
        let is_provisioned = deployment.is_provisioned();
        table.require(
            is_provisioned || deployment.capacity.is_empty(),
            "capacity",
            || {
                let offer = deployment.offer;
                format!("deployment {name:?} has PTU capacity, but its offer is {offer}")
            },
        );
        table.require(
            !is_provisioned || !deployment.capacity.is_empty(),
            "offer",
            || {
                format!(
                    "deployment {name:?} is provisioned without `capacity`; \
                 expected capacity = [ {{ from = \"2026-09-01\", ptu = 50 }} ]"
                )
            },
        );
        let ascending = deployment.capacity.is_sorted_by(|a, b| a.from < b.from);
        table.require(ascending, "capacity", || {
            format!(
                "the capacity steps of deployment {name:?} are not in ascending order of `from`"
            )
        });
        let has_model = !deployment.model.is_empty() || deployment.price_served_model;
        table.require(has_model, "name", || {
            format!(
                "deployment {name:?} has no `model`; only `price_served_model = true` needs none"
            )
        });
        table.require(
            !(is_provisioned && deployment.price_served_model),
            "price_served_model",
            || format!("deployment {name:?} is provisioned: it is not paid per token"),
        );
        self.check_spillover(deployment, at, table);
    }

    fn check_spillover(&self, deployment: &Deployment, at: usize, table: &mut Table<'_>) {
        let Some(from) = &deployment.spillover_from else {
            return;
        };
        let name = &deployment.name;
        let Some(source) = self.deployments.iter().find(|d| d.name == *from) else {
            let others = self
                .deployments
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at);
            let nearest = hint(from, others.map(|(_, d)| d.name.as_str()));
            let message = format!(
                "deployment {name:?} spills over from {from:?}, which is not described{nearest}"
            );
            return table.fault("spillover_from", message);
        };
        if self.spills_from_itself(deployment) {
            let message =
                format!("deployment {name:?} spills over from itself, by way of {from:?}");
            return table.fault("spillover_from", message);
        }
        table.require(!deployment.is_provisioned(), "spillover_from", || {
            format!(
                "deployment {name:?} is provisioned; only deployments paid per token take spillover"
            )
        });
        table.require(source.is_provisioned(), "spillover_from", || {
            format!("deployment {name:?} spills over from {from:?}, which is not provisioned")
        });
    }

    /// Whether following `spillover_from` leads back to `deployment`.
    fn spills_from_itself(&self, deployment: &Deployment) -> bool {
        let mut next = deployment.spillover_from.as_ref();
        for _ in 0..self.deployments.len() {
            let Some(name) = next else { return false };
            if *name == deployment.name {
                return true;
            }
            let source = self.deployments.iter().find(|d| d.name == *name);
            next = source.and_then(|source| source.spillover_from.as_ref());
        }
        false
    }

    fn check_shared_cost(&self, cost: &SharedCost, table: &mut Table<'_>) {
        let name = &cost.name;
        table.require(cost.price_per_token || !cost.deployments.is_empty(), "price_per_token", || {
            format!("shared cost {name:?} takes deployments out of token pricing without naming them; add `deployments`")
        });
        table.require(!cost.amount.is_negative(), "amount", || {
            format!("shared cost {name:?} is negative; use [[credit]]")
        });
        let allocation = &self.allocation;
        table.require(
            cost.by != SharedKey::Shares || !allocation.shares.is_empty(),
            "by",
            || format!("shared cost {name:?} is shared by shares, and allocation.shares is empty"),
        );
        table.require(cost.by != SharedKey::Fixed || !allocation.fixed.is_empty(), "by", || {
            format!("shared cost {name:?} is shared by fixed percents, and allocation.fixed is empty")
        });
    }

    fn check_allocation(&self, faults: &mut Vec<Fault>) {
        let allocation = &self.allocation;
        let of = |key, message| Fault::of(vec![Step::Key("allocation"), Step::Key(key)], message);
        if !allocation.fixed.is_empty() {
            if let Some(message) = percent_fault("allocation.fixed", allocation.fixed.values()) {
                faults.push(of("fixed", message).of_shares());
            }
        } else if allocation.used == UsedKey::Fixed {
            let message = "used = \"fixed\" needs allocation.fixed = { HR = \"60\", … }";
            faults.push(of("used", message.to_owned()));
        }
        let by_shares = [
            ("used", allocation.used == UsedKey::Shares),
            ("idle", allocation.idle == IdleKey::Shares),
            (
                "unused_reservation",
                allocation.unused_reservation == IdleKey::Shares,
            ),
        ];
        for (key, _) in by_shares.iter().filter(|(_, chosen)| *chosen) {
            if allocation.shares.values().all(|share| *share == 0) {
                let message =
                    format!("{key} = \"shares\" needs allocation.shares = {{ HR = 30, … }}");
                faults.push(of(key, message));
            }
        }
    }
}

fn check_reservation(reservation: &Reservation, table: &mut Table<'_>) {
    let name = &reservation.name;
    table.require(reservation.end() > reservation.start, "until", || {
        format!("reservation {name:?} ends before it starts")
    });
    table.require(!reservation.ptu.is_zero(), "ptu", || {
        format!("reservation {name:?} reserves no PTU")
    });
    let negative = reservation
        .price_per_ptu
        .as_ref()
        .is_some_and(Money::is_negative);
    table.require(!negative, "price_per_ptu", || {
        format!("reservation {name:?} has a negative price")
    });
}

fn check_owner(rule: &OwnerRule, table: &mut Table<'_>) {
    table.require(!rule.matches.is_empty(), "match", || {
        "an empty `match` would claim everything; to mean that, match = { subscription = \"*\" }"
            .to_owned()
    });
    let owners = usize::from(rule.business_unit.is_some()) + usize::from(!rule.split.is_empty());
    table.require(owners == 1, "match", || {
        "an owner rule needs either `business_unit` or `split`, not both and not neither".to_owned()
    });
    if !rule.split.is_empty() {
        let percents = rule.split.iter().map(|share| &share.percent);
        if let Some(message) = percent_fault("the split", percents) {
            let fault = Fault::of(table.path("split"), message).of_shares();
            table.faults.push(fault);
        }
    }
    let mut blank = rule
        .business_units()
        .filter(|(unit, _)| unit.trim().is_empty());
    table.require(blank.next().is_none(), "business_unit", || {
        "the business unit has no name".to_owned()
    });
    let ordered = rule
        .from
        .zip(rule.until)
        .is_none_or(|(from, until)| from < until);
    table.require(ordered, "until", || {
        "`until` is not after `from`".to_owned()
    });
}

fn check_percent(adjustment: &PercentAdjustment, table: &mut Table<'_>) {
    table.require(!adjustment.percent.is_negative(), "percent", || {
        format!("percent {} is negative", adjustment.percent)
    });
    let dates = adjustment.from.zip(adjustment.until);
    table.require(
        dates.is_none_or(|(from, until)| from < until),
        "until",
        || "`until` is not after `from`".to_owned(),
    );
}

fn percent_fault<'a>(
    what: &str,
    percents: impl Iterator<Item = &'a Factor> + Clone,
) -> Option<String> {
    if percents.clone().any(Factor::is_negative) {
        return Some(format!("{what} has a negative percent"));
    }
    let sum: Factor = percents.sum();
    (sum != Factor::ratio(100, 1)).then(|| format!("percents of {what} sum to {sum}; expected 100"))
}

fn unique<'a>(
    faults: &mut Vec<Fault>,
    section: &'static str,
    names: impl Iterator<Item = &'a String>,
) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (at, name) in names.enumerate() {
        let mut table = Table::of(faults, section, at);
        table.require(!name.trim().is_empty(), "name", || {
            format!("a {section} needs a name")
        });
        if let Some(earlier) = first.get(&name.to_lowercase()) {
            let earlier = earlier + 1;
            let message =
                format!("{section} {name:?} has the name of [[{section}]] number {earlier}");
            table.fault("name", message);
        } else {
            first.insert(name.to_lowercase(), at);
        }
    }
}

fn top(key: &'static str, message: String) -> Fault {
    Fault::of(vec![Step::Key(key)], message)
}
