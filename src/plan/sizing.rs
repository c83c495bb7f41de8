//! Quick sizing: from one rate and one mean request to PTU, without traffic.
//!
//! The formula is Microsoft's (Azure docs, how-to-provisioned-throughput-sizing.md @03b0fd5 of
//! 2026-09-23): tokens a minute of each class times the weight of the class, over the input tokens
//! that one PTU serves in a minute, rounded up to a size that can be bought. All of it is exact;
//! only [`bursts`], which tells what an average hides, computes in floats.

pub mod bursts;
pub mod classes;
mod cost;
mod error;
pub mod hidden;
mod load;

pub use bursts::Burst;
pub use classes::{ClassUse, SizedClass};
pub use cost::{KindCost, TermCost};
pub use error::{LoadError, SizingError};
pub use hidden::Hidden;
pub use load::{Basis, Load, MeanRequest, MonthTotals};

use chrono::NaiveDate;

use crate::azure::{DeploymentKind, PtuTerm};
use crate::catalog::{Catalog, ModelName, ProvisionedModel, PtuSizes};
use crate::money::Factor;
use crate::rate_card::RateCard;
use crate::units::{Ptu, Tokens};

/// What is sized.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Figures of models.
    pub catalog: &'a Catalog,
    /// Prices.
    pub rates: &'a RateCard,
    /// The model, as the catalog names it.
    pub model: ModelName,
    /// The deployment kinds; empty for those that the model has sizes for.
    pub kinds: Vec<DeploymentKind>,
    /// The terms that are priced.
    pub terms: Vec<PtuTerm>,
    /// Azure region, programmatic name, for prices.
    pub region: String,
    /// The day that figures and prices hold on.
    pub on: NaiveDate,
    /// The rate and the mean request.
    pub load: Load,
}

/// What a load needs of provisioned throughput, and what that costs.
#[derive(Clone, Debug)]
pub struct Sizing {
    /// The throughput figures.
    pub figures: ProvisionedModel,
    /// Whether the mean request is weighed as a long one: beyond this many input tokens.
    pub long_above: Option<Tokens>,
    /// The load.
    pub load: Load,
    /// Azure region, programmatic name.
    pub region: String,
    /// The day.
    pub on: NaiveDate,
    /// What the classes of tokens use in a minute at the peak.
    pub classes: Vec<ClassUse>,
    /// Weighted tokens a minute at the peak, exact.
    pub weighted: Factor,
    /// What the peak needs, before rounding to a size that can be bought, exact [PTU].
    pub exact: Factor,
    /// Speed that 99 % of requests should exceed [output token/second].
    pub latency_tokens_per_second: Option<u32>,
    /// A size for each deployment kind.
    pub kinds: Vec<KindSize>,
    /// What the averages do not tell.
    pub hidden: Vec<Hidden>,
    /// What the peak needs without any hit of the prompt cache, exact [PTU]; `None` where none is
    /// assumed.
    pub without_cache: Option<Factor>,
}

/// The size for one deployment kind.
#[derive(Clone, Debug)]
pub struct KindSize {
    /// The kind.
    pub kind: DeploymentKind,
    /// The sizes that can be bought.
    pub sizes: PtuSizes,
    /// The smallest of them that holds the peak.
    pub ptu: Ptu,
    /// What the peak uses of it, from 0 to 1.
    pub peak_use: Factor,
    /// What the mean load uses of it, from 0 to 1.
    pub mean_use: Factor,
    /// The size without any hit of the prompt cache; `None` where none is assumed.
    pub without_cache: Option<Ptu>,
    /// What it costs, beside paying per token.
    pub cost: KindCost,
}

/// Sizes a load.
pub fn size(asked: &Asked<'_>) -> Result<Sizing, SizingError> {
    let catalog = asked.catalog;
    let figures = catalog.provisioned(&asked.model, asked.on)?.clone();
    let (long_above, classes) = classes::used(catalog, &figures, &asked.load)?;
    let weighted: Factor = classes.iter().map(|class| &class.weighted).sum();
    let exact = ptu_of(&weighted, &figures);
    let without_cache = asked.load.without_cache().map(|load| {
        let (_, classes) = classes::used(catalog, &figures, &load)?;
        let weighted = classes.iter().map(|class| &class.weighted).sum();
        Ok::<_, SizingError>(ptu_of(&weighted, &figures))
    });
    let mut sizing = Sizing {
        long_above,
        load: asked.load.clone(),
        region: asked.region.clone(),
        on: asked.on,
        classes,
        weighted,
        exact,
        latency_tokens_per_second: facts(asked, &figures)?.latency_tokens_per_second,
        kinds: Vec::new(),
        hidden: Vec::new(),
        without_cache: without_cache.transpose()?,
        figures,
    };
    if let Some(limit) = hidden::limit(&sizing)?
        && sizing.load.request.input > Factor::ratio(limit.get().into(), 1)
    {
        return Err(SizingError::TooLong {
            model: sizing.figures.name.to_string(),
            found: sizing.load.request.input.to_trimmed(1),
            limit,
        });
    }
    let kinds = kinds(asked, &sizing.figures)?.into_iter();
    let kinds = kinds.map(|kind| kind_size(asked, &sizing, kind));
    sizing.kinds = kinds.collect::<Result<_, _>>()?;
    sizing.hidden = hidden::of(asked.catalog, &sizing)?;
    Ok(sizing)
}

/// Weighted tokens a minute as provisioned throughput [PTU].
fn ptu_of(weighted: &Factor, figures: &ProvisionedModel) -> Factor {
    let per_ptu = Factor::ratio(figures.input_tpm_per_ptu.get().into(), 1);
    weighted.divided_by(&per_ptu)
}

fn facts<'a>(
    asked: &Asked<'a>,
    figures: &ProvisionedModel,
) -> Result<&'a crate::catalog::DeploymentFacts, SizingError> {
    let facts = asked.catalog.deployment_facts(&figures.name, asked.on);
    facts.ok_or_else(|| SizingError::NoSizes {
        model: figures.name.to_string(),
        kind: None,
    })
}

/// The kinds that are asked for, else all that the model has sizes for and may run as.
fn kinds(
    asked: &Asked<'_>,
    figures: &ProvisionedModel,
) -> Result<Vec<DeploymentKind>, SizingError> {
    let facts = facts(asked, figures)?;
    let may_run = |kind: &DeploymentKind| {
        let listed = facts.kinds.iter().any(|(listed, _)| listed == kind);
        facts.kinds.is_empty() || listed
    };
    let missing = |kind: DeploymentKind| SizingError::NoSizes {
        model: figures.name.to_string(),
        kind: Some(kind),
    };
    let has_sizes = |kind: &DeploymentKind| facts.sizes(*kind).is_some();
    if let Some(kind) = asked.kinds.iter().find(|kind| !has_sizes(kind)) {
        return Err(missing(*kind));
    }
    let all = DeploymentKind::ALL.iter().copied();
    let wanted: Vec<DeploymentKind> = if asked.kinds.is_empty() {
        all.filter(may_run).filter(has_sizes).collect()
    } else {
        all.filter(|kind| asked.kinds.contains(kind)).collect()
    };
    if wanted.is_empty() {
        return Err(SizingError::NoSizes {
            model: figures.name.to_string(),
            kind: None,
        });
    }
    Ok(wanted)
}

fn kind_size(
    asked: &Asked<'_>,
    sizing: &Sizing,
    kind: DeploymentKind,
) -> Result<KindSize, SizingError> {
    let sizes = facts(asked, &sizing.figures)?.sizes(kind);
    let sizes = sizes.expect("kinds without sizes were refused");
    let legal = |exact: &Factor| legal(exact, sizes, kind, &sizing.figures);
    let ptu = legal(&sizing.exact)?;
    let peak_use = sizing.exact.divided_by(&Factor::ratio(ptu.get().into(), 1));
    Ok(KindSize {
        kind,
        sizes,
        ptu,
        mean_use: peak_use.times(&sizing.load.mean_share),
        peak_use,
        without_cache: sizing.without_cache.as_ref().map(legal).transpose()?,
        cost: cost::of(asked, sizing, kind, ptu),
    })
}

/// The smallest size that can be bought and is not below `exact`.
fn legal(
    exact: &Factor,
    sizes: PtuSizes,
    kind: DeploymentKind,
    figures: &ProvisionedModel,
) -> Result<Ptu, SizingError> {
    let whole = exact.parts().and_then(|(numerator, denominator)| {
        let numerator = u128::try_from(numerator).ok()?;
        u32::try_from(numerator.div_ceil(denominator)).ok()
    });
    let whole = whole.ok_or_else(|| SizingError::TooLarge {
        ptu: exact.to_trimmed(0),
    })?;
    let above = sizes.nearest(Ptu::new(whole)).above;
    above.ok_or_else(|| SizingError::NoStep {
        model: figures.name.to_string(),
        kind,
        minimum: sizes.minimum(),
        needed: exact.to_trimmed(2),
    })
}

#[cfg(test)]
mod tests;
