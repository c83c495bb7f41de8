//! What the period cannot be charged without.

use std::collections::BTreeMap;

use super::{
    NO_EXCHANGE_RATE, NO_FIGURES, NO_PTU_PRICE, UNDESCRIBED_DEPLOYMENT, UNPRICED_MODEL, and,
};
use crate::azure::PtuTerm;
use crate::chargeback::pools::PoolName;
use crate::chargeback::{ChargeError, NeededBy, NoFigures, Step, Undescribed, Unpriced};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::rate_card::PriceError;
use crate::spelling::counted;

/// A finding for each thing that is missing.
pub(super) fn of_refusals(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence
        .refused
        .iter()
        .flat_map(|error| of(error, evidence))
        .collect();
    findings.sort_by(|a, b| (a.rule.id, &a.subject).cmp(&(b.rule.id, &b.subject)));
    findings.dedup_by(|a, b| a.rule.id == b.rule.id && a.subject == b.subject);
    findings
}

fn of(error: &ChargeError, evidence: &Evidence<'_>) -> Vec<Finding> {
    match error {
        ChargeError::Unpriced(missing) => by_table(missing)
            .into_values()
            .map(|classes| unpriced(&classes, evidence))
            .collect(),
        ChargeError::Undescribed(all) => all.iter().map(|one| undescribed(one, all)).collect(),
        ChargeError::NoFigures(all) => all.iter().map(|one| no_figures(one, evidence)).collect(),
        ChargeError::NoPtuPrice { pool, term, error } => {
            vec![no_ptu_price(pool, *term, error, evidence)]
        }
        ChargeError::NoExchangeRate { day, currency } => {
            let message = format!("no exchange rate from USD to {currency} on {day}");
            let help = format!(
                "add to the configuration:\n[[exchange_rate]]\nfrom = \"{day}\"\nrate = \"…\"  # \
                 {currency} per 1 USD"
            );
            let finding = Finding::of(&NO_EXCHANGE_RATE, currency, message).with_help(help);
            vec![finding.written(evidence.config, &[Step::Key("currency")])]
        }
        ChargeError::Unbalanced { .. } => Vec::new(),
    }
}

/// Missing prices by the table that would give them.
fn by_table(missing: &[Unpriced]) -> BTreeMap<String, Vec<&Unpriced>> {
    let mut tables: BTreeMap<String, Vec<&Unpriced>> = BTreeMap::new();
    for one in missing {
        tables.entry(what(one)).or_default().push(one);
    }
    tables
}

fn what(one: &Unpriced) -> String {
    let above = one
        .input_above
        .map(|above| format!(", input above {above}"));
    format!(
        "{} {} {} in {}{}",
        one.tier,
        one.kind,
        one.name,
        one.region,
        above.unwrap_or_default()
    )
}

/// The finding on classes that one table would price; there is at least one.
fn unpriced(classes: &[&Unpriced], evidence: &Evidence<'_>) -> Finding {
    let one = classes[0];
    let names: Vec<String> = classes.iter().map(|c| c.class.name().to_owned()).collect();
    let tokens: u64 = classes.iter().map(|one| one.tokens.get()).sum();
    let days = classes.iter().map(|one| one.days);
    let first = days.clone().map(|days| days.0).min().unwrap_or(one.days.0);
    let last = days.map(|days| days.1).max().unwrap_or(one.days.1);
    let message = format!(
        "{}: no price of {} tokens; {} from {first} to {last} ({})",
        what(one),
        and(&names),
        counted(tokens, "token"),
        one.reason
    );
    let fields: Vec<String> = names
        .iter()
        .map(|name| format!("\n{} = \"…\"", name.replace('-', "_")))
        .collect();
    let fields = fields.concat();
    let above = one
        .input_above
        .map(|above| format!("\ninput_above = {above}"));
    let help = format!(
        "add to the configuration, in USD per million tokens:\n[[price]]\nmodel = {:?}\n\
         kind = \"{}\"\nregion = {:?}\ntier = \"{}\"{}{fields}\nfrom = \"{first}\"\n\
         source = \"…\"\nas_of = \"{}\"",
        one.name.model,
        one.kind,
        one.region,
        one.tier,
        above.unwrap_or_default(),
        evidence.as_of
    );
    Finding::of(&UNPRICED_MODEL, what(one), message).with_help(help)
}

fn undescribed(one: &Undescribed, all: &[Undescribed]) -> Finding {
    let backend = match one.backend.as_str() {
        "" => String::new(),
        backend => format!(" at backend {backend:?}"),
    };
    let subject = format!("{}{backend}", one.deployment);
    let served = format!(
        "deployment {:?}{backend} served {}",
        one.deployment,
        counted(one.requests.get(), "request")
    );
    if one.lacks_model {
        let message = format!("{served}, and the logs do not name the model to price");
        let help = "give its [[deployment]] a `model` without price_served_model, or log the model";
        return Finding::of(&UNDESCRIBED_DEPLOYMENT, subject, message).with_help(help);
    }
    let model = match one.model.as_str() {
        "" => String::new(),
        model => format!(" of model {model:?}"),
    };
    let message = format!("{served}{model}, and the configuration does not describe it");
    let help = format!("add to the configuration, corrected:\n{}", one.snippet(all));
    Finding::of(&UNDESCRIBED_DEPLOYMENT, subject, message).with_help(help)
}

fn no_figures(one: &NoFigures, evidence: &Evidence<'_>) -> Finding {
    let message = format!(
        "{} cannot weigh its tokens from {}: {}",
        one.needed_by, one.first_day, one.reason
    );
    let help = format!(
        "add to the configuration:\n[[model]]\nname = {:?}\ninput_tpm_per_ptu = …\nweights = {{ \
         input = \"1\", cached_input = \"0\", cache_write = \"1\", output = \"…\" }}\n\
         from = \"{}\"\nsource = \"…\"\nas_of = \"{}\"",
        one.model.model, one.first_day, evidence.as_of
    );
    let policy = &evidence.config.policy;
    let path = match &one.needed_by {
        NeededBy::Deployment(name) => {
            let at = policy.deployments.iter().position(|d| d.name == *name);
            at.map(|at| entry("deployment", at, "model"))
        }
        NeededBy::SharedCost(name) => {
            let at = policy.shared_costs.iter().position(|c| c.name == *name);
            at.map(|at| entry("shared_cost", at, "by"))
        }
    };
    let subject = one.needed_by.to_string();
    let finding = Finding::of(&NO_FIGURES, subject, message).with_help(help);
    match path {
        Some(path) => finding.written(evidence.config, &path),
        None => finding,
    }
}

fn no_ptu_price(
    pool: &PoolName,
    term: PtuTerm,
    error: &PriceError,
    evidence: &Evidence<'_>,
) -> Finding {
    let PoolName { kind, region, .. } = pool;
    let message = format!("pool {pool}: {error}");
    let help = format!(
        "add to the configuration, in USD:\n[[ptu_price]]\nkind = \"{kind}\"\nregion = \
         {region:?}\nterm = \"{term}\"\nprice = \"…\"\nfrom = \"…\"\nsource = \"…\"\nas_of = \"{}\"",
        evidence.as_of
    );
    let finding = Finding::of(&NO_PTU_PRICE, format!("{pool} {term}"), message).with_help(help);
    match member(pool, term, evidence) {
        Some(path) => finding.written(evidence.config, &path),
        None => finding,
    }
}

/// Where the region of the pool is written: by a deployment for hours, by a reservation for terms.
fn member(pool: &PoolName, term: PtuTerm, evidence: &Evidence<'_>) -> Option<[Step; 3]> {
    let policy = &evidence.config.policy;
    if term == PtuTerm::Hourly {
        let deployments = &policy.deployments;
        let at = deployments
            .iter()
            .position(|d| d.is_provisioned() && d.pool() == *pool)?;
        return Some(entry("deployment", at, "region"));
    }
    let at = policy.reservations.iter().position(|r| r.pool() == *pool)?;
    Some(entry("reservation", at, "region"))
}
