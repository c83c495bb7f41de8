//! The explanation of one model: what it costs and what a PTU of it serves, where each figure is
//! from, and how old it is.

use chrono::NaiveDate;

use super::list::{figure, kinds_text};
use crate::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use crate::catalog::{CapacityWeights, Catalog, DeploymentFacts, ModelName, ProvisionedModel};
use crate::facts::Basis;
use crate::rate_card::{PriceError, PriceQuery, PtuQuery, RateCard, Source};
use crate::units::Tokens;

/// What to explain.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The model.
    pub name: ModelName,
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Region, programmatic name.
    pub region: String,
    /// The day.
    pub on: NaiveDate,
}

/// The explanation, or why there is nothing to explain: neither prices nor throughput are known.
pub fn explain(
    catalog: &Catalog,
    card: &RateCard,
    asked: &Explained,
) -> Result<String, PriceError> {
    let mut sources = Sources {
        on: asked.on,
        texts: Vec::new(),
    };
    let tokens = token_prices(card, asked, &mut sources);
    let throughput = throughput(catalog, asked, &mut sources);
    let tokens = match card.token_price(&asked.query(Tier::Standard, TokenClass::Input, None)) {
        Err(error) if tokens.is_empty() && throughput.is_empty() => return Err(error),
        Err(error) if tokens.is_empty() => vec![error.to_string()],
        _ => tokens,
    };
    let title = format!(
        "{} on {}, {} in {}",
        asked.name, asked.on, asked.kind, asked.region
    );
    let ptu = ptu_prices(card, asked, &mut sources);
    let others = others(catalog, card, asked);
    let mut lines = vec![title];
    lines.extend(section("Tokens [USD per million]", &tokens));
    lines.extend(section("PTU [USD]", &ptu));
    lines.extend(section("Provisioned throughput", &throughput));
    lines.extend(section(
        "Other figures in force or in other sources",
        &others,
    ));
    lines.extend(section("Sources", &sources.lines()));
    Ok(lines.join("\n") + "\n")
}

/// A blank line, the title, and the lines under it; nothing where there are no lines.
fn section(title: &str, lines: &[String]) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    let head = [String::new(), title.to_owned()];
    let body = lines.iter().map(|line| format!("  {}", line.trim_end()));
    head.into_iter().chain(body).collect()
}

impl Explained {
    fn query(&self, tier: Tier, class: TokenClass, above: Option<Tokens>) -> PriceQuery<'_> {
        PriceQuery {
            model: &self.name.model,
            version: self.name.version.as_deref(),
            kind: self.kind,
            region: &self.region,
            tier,
            class,
            input_above: above,
            on: self.on,
        }
    }

    fn ptu_query(&self, term: PtuTerm) -> PtuQuery<'_> {
        PtuQuery {
            kind: self.kind,
            region: &self.region,
            term,
            on: self.on,
        }
    }
}

/// Every source once, numbered in the order of first use.
struct Sources {
    on: NaiveDate,
    texts: Vec<(String, NaiveDate)>,
}

impl Sources {
    fn number(&mut self, text: &str, as_of: NaiveDate) -> usize {
        let source = (text.to_owned(), as_of);
        let known = self.texts.iter().position(|known| *known == source);
        known.unwrap_or_else(|| {
            self.texts.push(source);
            self.texts.len() - 1
        }) + 1
    }

    fn lines(&self) -> Vec<String> {
        let line = |(at, (text, as_of)): (usize, &(String, NaiveDate))| {
            let days = (self.on - *as_of).num_days();
            let age = match days {
                0 => "that day".to_owned(),
                1.. => format!("{days} days before"),
                ..0 => format!("{} days after", -days),
            };
            format!("[{}] {text}; read {as_of}, {age}", at + 1)
        };
        self.texts.iter().enumerate().map(line).collect()
    }
}

/// One line per tier and context that has a price.
fn token_prices(card: &RateCard, asked: &Explained, sources: &mut Sources) -> Vec<String> {
    let classes: Vec<String> = TokenClass::ALL.iter().map(ToString::to_string).collect();
    let mut lines = vec![columns(["tier", "context"], &classes)];
    let contexts = contexts(card, &asked.name.model);
    for tier in Tier::ALL {
        for above in &contexts {
            lines.extend(token_line(card, asked, (*tier, *above), sources));
        }
    }
    if lines.len() == 1 { Vec::new() } else { lines }
}

/// The contexts that a model's prices tell apart, the shortest first.
fn contexts(card: &RateCard, model: &str) -> Vec<Option<Tokens>> {
    let rows = card
        .token_entries()
        .filter(|entry| entry.price.model == model);
    let mut contexts: Vec<_> = rows.map(|entry| entry.price.input_above).collect();
    contexts.push(None);
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}

fn token_line(
    card: &RateCard,
    asked: &Explained,
    (tier, above): (Tier, Option<Tokens>),
    sources: &mut Sources,
) -> Option<String> {
    let answers: Vec<_> = TokenClass::ALL
        .iter()
        .map(|class| card.token_entry(&asked.query(tier, *class, above)).ok())
        .collect();
    let context = above.map_or_else(String::new, |above| format!("above {above}"));
    let mut prices = Vec::new();
    let mut origins = Vec::new();
    for answer in answers {
        prices.push(answer.map_or_else(|| "-".to_owned(), |entry| entry.price.price.to_string()));
        let origin = answer.map(|entry| origin(&entry.price.source, entry.basis, sources));
        origins.extend(origin.filter(|origin| !origins.contains(origin)));
    }
    let line = columns([tier.name(), &context], &prices);
    (!origins.is_empty()).then(|| format!("{line}  {}", origins.join("; ")))
}

/// Two names to the left and figures to the right.
fn columns([tier, context]: [&str; 2], figures: &[String]) -> String {
    let figures: Vec<String> = figures
        .iter()
        .map(|figure| format!("{figure:>13}"))
        .collect();
    format!("{tier:<9} {context:<16}{}", figures.concat())
}

/// Since when a price holds, and the number of its source.
fn origin(source: &Source, basis: Basis, sources: &mut Sources) -> String {
    let number = sources.number(&source.text, source.as_of);
    let own = if source.own { "own, " } else { "" };
    let until = source
        .effective_until
        .map(|until| format!(" until before {until}"));
    let from = span(source.effective_from, basis);
    format!("{own}{from}{} [{number}]", until.unwrap_or_default())
}

fn span(from: NaiveDate, basis: Basis) -> String {
    match basis {
        Basis::Stated => format!("from {from}"),
        Basis::Observed => format!("seen from {from}"),
    }
}

fn ptu_prices(card: &RateCard, asked: &Explained, sources: &mut Sources) -> Vec<String> {
    let line = |term: &PtuTerm| {
        let entry = card.ptu_entry(&asked.ptu_query(*term)).ok()?;
        let origin = origin(&entry.price.source, entry.basis, sources);
        let unit = if *term == PtuTerm::Hourly {
            "per PTU-hour"
        } else {
            "per PTU and term"
        };
        Some(format!(
            "{term:<9} {:>13} {unit:<17} {origin}",
            entry.price.price.to_string()
        ))
    };
    PtuTerm::ALL.iter().filter_map(line).collect()
}

fn throughput(catalog: &Catalog, asked: &Explained, sources: &mut Sources) -> Vec<String> {
    let mut lines = Vec::new();
    if let Ok(figures) = catalog.provisioned(&asked.name, asked.on) {
        lines.extend(figure_lines(figures, sources));
    }
    if let Some(facts) = catalog.deployment_facts(&asked.name, asked.on) {
        lines.extend(deployment_lines(facts, asked.kind));
    }
    for media in catalog.media_weights(&asked.name.model) {
        lines.push(format!("weight of {}: {}", media.class, media.weight));
    }
    if let Some(facts) = catalog.facts(&asked.name.model) {
        if !facts.encoding.name.is_empty() {
            lines.push(format!(
                "encoding {} ({})",
                facts.encoding.name, facts.encoding.basis
            ));
        }
        if facts.router {
            let fee = "a router: its price is a fee on top of the price of the model it chose";
            lines.push(fee.to_owned());
        }
    }
    lines
}

fn figure_lines(figures: &ProvisionedModel, sources: &mut Sources) -> Vec<String> {
    let number = sources.number(&figures.source, figures.as_of);
    let mut lines = vec![format!(
        "{} input tokens per minute and PTU, from {} [{number}]",
        figures.input_tpm_per_ptu, figures.effective_from
    )];
    match figures.weights {
        Some(weights) => lines.push(format!("weights: {}", weights_text(&weights))),
        None => lines.push("weights: no source gives them".to_owned()),
    }
    if let Some((above, weights)) = &figures.long_context {
        lines.push(format!(
            "weights above {above} input tokens: {}",
            weights_text(weights)
        ));
    }
    lines
}

fn weights_text(weights: &CapacityWeights) -> String {
    let text = |class: &TokenClass| format!("{class} {}", weights.of(*class));
    TokenClass::ALL
        .iter()
        .map(text)
        .collect::<Vec<_>>()
        .join(", ")
}

fn deployment_lines(facts: &DeploymentFacts, kind: DeploymentKind) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(sizes) = facts.sizes(kind) {
        let steps = sizes
            .increment()
            .map(|step| format!(", then in steps of {step}"));
        let steps = steps.unwrap_or_default();
        lines.push(format!(
            "sizes ({kind}): at least {} PTU{steps}",
            sizes.minimum()
        ));
    }
    if !facts.kinds.is_empty() {
        lines.push(format!("deployed as: {}", kinds_text(facts)));
    }
    if let Some(latency) = facts.latency_tokens_per_second {
        lines.push(format!(
            "latency target: 99 % above {latency} output tokens per second"
        ));
    }
    lines
}

/// Prices and figures that answer the same question and are not used.
fn others(catalog: &Catalog, card: &RateCard, asked: &Explained) -> Vec<String> {
    let mut lines = Vec::new();
    let contexts = contexts(card, &asked.name.model);
    for tier in Tier::ALL {
        for (above, class) in contexts
            .iter()
            .flat_map(|above| TokenClass::ALL.iter().map(move |class| (*above, *class)))
        {
            let query = asked.query(*tier, class, above);
            for rival in card.rivals(&query) {
                let context = above.map_or_else(String::new, |above| format!(" above {above}"));
                let (price, source) = (rival.price.price, &rival.price.source);
                lines.push(format!(
                    "{tier} {class}{context}: {price}, {}",
                    cited(source)
                ));
            }
        }
    }
    for term in PtuTerm::ALL {
        for rival in card.ptu_rivals(&asked.ptu_query(*term)) {
            let (price, source) = (&rival.price.price, &rival.price.source);
            lines.push(format!("PTU {term}: {price}, {}", cited(source)));
        }
    }
    lines.extend(claims(catalog, asked));
    lines
}

fn cited(source: &Source) -> String {
    format!(
        "from {}; {}; read {}",
        source.effective_from, source.text, source.as_of
    )
}

fn claims(catalog: &Catalog, asked: &Explained) -> Vec<String> {
    let of_model = catalog
        .claims()
        .filter(|claim| claim.name.model == asked.name.model);
    of_model
        .map(|claim| {
            let used = figure(catalog, &asked.name, &claim.field, asked.on);
            let used = used.unwrap_or_else(|| "nothing".to_owned());
            let provenance = &claim.provenance;
            format!(
                "{}: {} (used: {used}), from {}; {}; read {}",
                claim.field,
                claim.value,
                provenance.effective_from,
                provenance.source,
                provenance.as_of
            )
        })
        .collect()
}
