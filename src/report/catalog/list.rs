//! The lists: models, token prices, PTU prices, and rows that disagree.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::listing::{Column, Listing};
use crate::azure::{DeploymentKind, Tier, TokenClass};
use crate::catalog::{Catalog, DeploymentFacts, ModelName, ProvisionedModel, PtuSizes};
use crate::rate_card::{Entry, PtuPrice, RateCard, Source, TokenPrice};

/// Which facts to list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Part of the model's name, or a pattern with `*`; any case.
    pub model: Option<String>,
    /// Deployment kind.
    pub kind: Option<DeploymentKind>,
    /// Region, programmatic name.
    pub region: Option<String>,
    /// Price tier.
    pub tier: Option<Tier>,
    /// The day the facts hold on.
    pub on: NaiveDate,
    /// Only facts read before this day.
    pub read_before: Option<NaiveDate>,
    /// Which rows to show.
    pub shown: Shown,
}

/// Which of the rows that hold on a day to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Those that are used.
    #[default]
    Used,
    /// All that answer the same question differently: superseded ones, and sources that disagree.
    Conflicts,
}

impl Filter {
    fn takes_model(&self, model: &str) -> bool {
        self.model
            .as_ref()
            .is_none_or(|pattern| matches(pattern, model))
    }

    fn takes_kind(&self, kind: DeploymentKind) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
    }

    fn takes_age(&self, as_of: NaiveDate) -> bool {
        self.read_before.is_none_or(|day| as_of < day)
    }
}

/// Whether `model` contains `pattern`, or has its pieces between `*` in order, from end to end; in
/// any case.
pub fn matches(pattern: &str, model: &str) -> bool {
    let (pattern, model) = (pattern.to_lowercase(), model.to_lowercase());
    if !pattern.contains('*') {
        return model.contains(pattern.as_str());
    }
    let mut pieces: Vec<&str> = pattern.split('*').collect();
    let (last, first) = (pieces.pop().unwrap_or_default(), pieces.remove(0));
    let Some(mut rest) = model
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last))
    else {
        return false;
    };
    pieces.into_iter().all(|piece| {
        rest.split_once(piece).is_some_and(|(_, after)| {
            rest = after;
            true
        })
    })
}

/// The prices of one model for one kind, place, tier and context, from one source.
type PriceRow<'a> = BTreeMap<TokenClass, &'a Entry<TokenPrice>>;

const PRICE_COLUMNS: [Column; 15] = [
    Column::text("model", "model"),
    Column::text("version", "version"),
    Column::text("kind", "kind"),
    Column::text("regions", "regions"),
    Column::text("tier", "tier"),
    Column::number("input_above", "above"),
    Column::number("input", "input"),
    Column::number("cached_input", "cached"),
    Column::number("cache_write", "write"),
    Column::number("output", "output"),
    Column::wide("effective_from", "from"),
    Column::data("effective_until"),
    Column::data("effective_basis"),
    Column::data("source"),
    Column::wide("as_of", "as of"),
];

/// Token prices [USD per 10⁶ tokens] that hold on the filter's day.
pub fn prices(card: &RateCard, filter: &Filter) -> Listing {
    let mut rows: BTreeMap<_, PriceRow<'_>> = BTreeMap::new();
    for entry in in_force(card, filter) {
        let price = &entry.price;
        let place = (&price.model, &price.version, price.kind, &price.regions);
        let source = (
            &price.source.text,
            price.source.effective_from,
            price.source.as_of,
        );
        let key = (place, price.tier, price.input_above, source);
        rows.entry(key).or_default().insert(price.class, entry);
    }
    Listing {
        what: "prices",
        columns: PRICE_COLUMNS.to_vec(),
        rows: rows.values().filter_map(price_row).collect(),
    }
}

/// The rows to show, of which each question has one that is used.
fn in_force<'a>(card: &'a RateCard, filter: &Filter) -> Vec<&'a Entry<TokenPrice>> {
    let names = filter
        .region
        .as_deref()
        .map(|region| card.regions().names(region));
    let takes = |price: &TokenPrice| {
        filter.takes_model(&price.model)
            && filter.takes_kind(price.kind)
            && filter.tier.is_none_or(|tier| tier == price.tier)
            && names.as_ref().is_none_or(|names| price.covers(names))
            && price.source.holds_on(filter.on)
    };
    let mut questions: BTreeMap<_, Vec<&Entry<TokenPrice>>> = BTreeMap::new();
    for entry in card.token_entries().filter(|entry| takes(&entry.price)) {
        let price = &entry.price;
        let place = (&price.model, &price.version, price.kind, &price.regions);
        let key = (place, price.tier, price.input_above, price.class);
        questions.entry(key).or_default().push(entry);
    }
    let mut shown = Vec::new();
    for mut answers in questions.into_values() {
        answers.sort_by_key(|entry| entry.price.source.rank());
        let differ = answers
            .windows(2)
            .any(|pair| pair[0].price.price != pair[1].price.price);
        match filter.shown {
            Shown::Used => shown.extend(answers.pop()),
            Shown::Conflicts if differ => shown.extend(answers),
            Shown::Conflicts => {}
        }
    }
    shown.retain(|entry| filter.takes_age(entry.price.source.as_of));
    shown
}

fn price_row(row: &PriceRow<'_>) -> Option<Vec<String>> {
    let first = row.values().next()?;
    let price = &first.price;
    let of = |class| row.get(&class).map(|entry| entry.price.price.to_string());
    let mut cells = vec![
        price.model.clone(),
        price.version.clone().unwrap_or_default(),
        price.kind.to_string(),
        if price.regions.is_empty() {
            "all".to_owned()
        } else {
            price.regions.join("|")
        },
        price.tier.to_string(),
        price
            .input_above
            .map(|above| above.to_string())
            .unwrap_or_default(),
    ];
    cells.extend(
        TokenClass::ALL
            .iter()
            .map(|class| of(*class).unwrap_or_default()),
    );
    cells.extend(source_cells(&price.source, first.basis.name()));
    Some(cells)
}

fn source_cells(source: &Source, basis: &str) -> [String; 5] {
    [
        source.effective_from.to_string(),
        source
            .effective_until
            .map(|until| until.to_string())
            .unwrap_or_default(),
        basis.to_owned(),
        source.text.clone(),
        source.as_of.to_string(),
    ]
}

const PTU_COLUMNS: [Column; 9] = [
    Column::text("kind", "kind"),
    Column::text("region", "region"),
    Column::text("term", "term"),
    Column::number("usd_per_ptu", "USD per PTU"),
    Column::text("effective_from", "from"),
    Column::data("effective_until"),
    Column::data("effective_basis"),
    Column::wide("source", "source"),
    Column::text("as_of", "as of"),
];

/// Prices of one PTU for one hour or term that hold on the filter's day.
pub fn ptu_prices(card: &RateCard, filter: &Filter) -> Listing {
    let names = filter
        .region
        .as_deref()
        .map(|region| card.regions().names(region));
    let takes = |price: &PtuPrice| {
        filter.takes_kind(price.kind)
            && names.as_ref().is_none_or(|names| price.covers(names))
            && price.source.holds_on(filter.on)
    };
    let mut questions: BTreeMap<_, Vec<&Entry<PtuPrice>>> = BTreeMap::new();
    for entry in card.ptu_entries().filter(|entry| takes(&entry.price)) {
        let key = (entry.price.kind, &entry.price.region, entry.price.term);
        questions.entry(key).or_default().push(entry);
    }
    let mut rows = Vec::new();
    for mut answers in questions.into_values() {
        answers.sort_by_key(|entry| entry.price.source.rank());
        let differ = answers
            .windows(2)
            .any(|pair| pair[0].price.price != pair[1].price.price);
        match filter.shown {
            Shown::Used => drop(answers.drain(..answers.len() - 1)),
            Shown::Conflicts if differ => {}
            Shown::Conflicts => answers.clear(),
        }
        answers.retain(|entry| filter.takes_age(entry.price.source.as_of));
        rows.extend(answers.into_iter().map(ptu_row));
    }
    Listing {
        what: "ptu",
        columns: PTU_COLUMNS.to_vec(),
        rows,
    }
}

fn ptu_row(entry: &Entry<PtuPrice>) -> Vec<String> {
    let price = &entry.price;
    let region = if price.region.is_empty() {
        "all"
    } else {
        &price.region
    };
    let mut cells = vec![
        price.kind.to_string(),
        region.to_owned(),
        price.term.to_string(),
        price.price.to_string(),
    ];
    cells.extend(source_cells(&price.source, entry.basis.name()));
    cells
}

const MODEL_COLUMNS: [Column; 13] = [
    Column::text("model", "model"),
    Column::text("version", "version"),
    Column::wide("encoding", "encoding"),
    Column::data("encoding_basis"),
    Column::wide("kinds", "PTU kinds"),
    Column::number("input_tpm_per_ptu", "TPM/PTU"),
    Column::number("output_weight", "output"),
    Column::number("cached_input_weight", "cached"),
    Column::number("sizes", "PTU"),
    Column::number("regional_sizes", "regional"),
    Column::number("latency_tokens_per_second", "token/s"),
    Column::data("source"),
    Column::wide("as_of", "as of"),
];

/// Models, with what a PTU of them serves on the filter's day.
pub fn models(catalog: &Catalog, filter: &Filter) -> Listing {
    let rows = catalog
        .models()
        .filter(|facts| filter.takes_model(&facts.name.model))
        .map(|facts| {
            let figures = catalog.provisioned(&facts.name, filter.on).ok();
            let deployments = catalog.deployment_facts(&facts.name, filter.on);
            let mut row = vec![
                facts.name.model.clone(),
                facts.name.version.clone().unwrap_or_default(),
                facts.encoding.name.clone(),
                facts.encoding.basis.clone(),
            ];
            row.extend(figure_cells(figures, deployments));
            (figures.map(|figures| figures.as_of), deployments, row)
        })
        .filter(|(as_of, deployments, _)| {
            as_of.is_none_or(|day| filter.takes_age(day))
                && (filter.read_before.is_none() || as_of.is_some())
                && filter.kind.is_none_or(|kind| offers(*deployments, kind))
        })
        .map(|(_, _, row)| row)
        .collect();
    Listing {
        what: "models",
        columns: MODEL_COLUMNS.to_vec(),
        rows,
    }
}

fn offers(deployments: Option<&DeploymentFacts>, kind: DeploymentKind) -> bool {
    deployments.is_some_and(|facts| facts.kinds.iter().any(|(offered, _)| *offered == kind))
}

fn figure_cells(
    figures: Option<&ProvisionedModel>,
    deployments: Option<&DeploymentFacts>,
) -> [String; 9] {
    let weights = figures.and_then(|figures| figures.weights);
    let sizes = |kind| {
        let sizes = deployments.and_then(|facts| facts.sizes(kind));
        sizes.map(size_text).unwrap_or_default()
    };
    let latency = deployments.and_then(|facts| facts.latency_tokens_per_second);
    [
        deployments.map(kinds_text).unwrap_or_default(),
        figures
            .map(|row| row.input_tpm_per_ptu.to_string())
            .unwrap_or_default(),
        weights
            .map(|weights| weights.output.to_string())
            .unwrap_or_default(),
        weights
            .map(|weights| weights.cached_input.to_string())
            .unwrap_or_default(),
        sizes(DeploymentKind::Global),
        sizes(DeploymentKind::Regional),
        latency
            .map(|latency| latency.to_string())
            .unwrap_or_default(),
        figures.map(|row| row.source.clone()).unwrap_or_default(),
        figures.map(|row| row.as_of.to_string()).unwrap_or_default(),
    ]
}

/// `15+5`: at least 15 PTU, then in steps of 5.
fn size_text(sizes: PtuSizes) -> String {
    match sizes.increment() {
        None => sizes.minimum().to_string(),
        Some(step) => format!("{}+{step}", sizes.minimum()),
    }
}

/// The kinds a model can be deployed in, each with the zone it is limited to.
pub(super) fn kinds_text(facts: &DeploymentFacts) -> String {
    let kind = |(kind, zone): &(DeploymentKind, Option<String>)| match zone {
        None => kind.to_string(),
        Some(zone) => format!("{kind} ({zone})"),
    };
    facts.kinds.iter().map(kind).collect::<Vec<_>>().join(", ")
}

const CLAIM_COLUMNS: [Column; 8] = [
    Column::text("model", "model"),
    Column::text("version", "version"),
    Column::text("figure", "figure"),
    Column::number("used", "used"),
    Column::number("other", "other"),
    Column::wide("effective_from", "from"),
    Column::text("source", "other source"),
    Column::text("as_of", "as of"),
];

/// Figures of other sources that the catalog does not use, beside those it does.
pub fn conflicts(catalog: &Catalog, filter: &Filter) -> Listing {
    let rows = catalog
        .claims()
        .filter(|claim| filter.takes_model(&claim.name.model))
        .map(|claim| {
            let provenance = &claim.provenance;
            vec![
                claim.name.model.clone(),
                claim.name.version.clone().unwrap_or_default(),
                claim.field.clone(),
                figure(catalog, &claim.name, &claim.field, filter.on).unwrap_or_default(),
                claim.value.clone(),
                provenance.effective_from.to_string(),
                provenance.source.clone(),
                provenance.as_of.to_string(),
            ]
        })
        .collect();
    Listing {
        what: "conflicts",
        columns: CLAIM_COLUMNS.to_vec(),
        rows,
    }
}

/// The figure that the catalog uses, by the name of its column.
pub(super) fn figure(
    catalog: &Catalog,
    name: &ModelName,
    field: &str,
    on: NaiveDate,
) -> Option<String> {
    let figures = catalog.provisioned(name, on).ok();
    let deployments = catalog.deployment_facts(name, on);
    let weights = figures.and_then(|figures| figures.weights);
    match field {
        "input_tpm_per_ptu" => figures.map(|row| row.input_tpm_per_ptu.to_string()),
        "output_weight" => weights.map(|weights| weights.output.to_string()),
        "cached_input_weight" => weights.map(|weights| weights.cached_input.to_string()),
        "global_minimum" => deployments?
            .shared_sizes
            .map(|sizes| sizes.minimum().to_string()),
        "latency_tokens_per_second" => deployments?
            .latency_tokens_per_second
            .map(|latency| latency.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn models_are_found_by_part_or_pattern() {
        for (pattern, model, found) in [
            ("4.1", "gpt-4.1-mini", true),
            ("gpt-4.1*", "gpt-4.1-mini", true),
            ("*-mini", "gpt-4.1-mini", true),
            ("gpt*mini", "GPT-4.1-mini", true),
            ("gpt*mini", "gpt-4.1", false),
            ("gpt-*-*o", "gpt-4o", false),
            ("*", "o3", true),
            ("4.1*", "gpt-4.1", false),
        ] {
            assert_eq!(matches(pattern, model), found, "{pattern} {model}");
        }
    }
}
