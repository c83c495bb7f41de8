//! The tables of model facts that come with the program.

use std::str::FromStr;

use super::names::{Alias, Names};
use super::{
    CapacityWeights, Catalog, Claim, DeploymentFacts, Encoding, MediaWeight, ModelFacts, ModelName,
    ProvisionedModel, PtuSizes,
};
use crate::azure::DeploymentKind;
use crate::facts::{self, Fact, FactError};
use crate::units::{Ptu, TokenWeight, Tokens, TokensPerMinute};

const MODELS: &str = include_str!("data/models.csv");
const ALIASES: &str = include_str!("data/aliases.csv");
const PROVISIONED: &str = include_str!("data/provisioned.csv");
const MEDIA_WEIGHTS: &str = include_str!("data/media_weights.csv");
const OTHER_CLAIMS: &str = include_str!("data/other_claims.csv");

/// Loads every embedded row.
pub(super) fn load() -> Result<Catalog, FactError> {
    let models = facts::read("models.csv", MODELS, model)?;
    let aliases = facts::read("aliases.csv", ALIASES, alias)?;
    let rows = provisioned("provisioned.csv", PROVISIONED)?;
    let (figures, deployments): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let mut catalog = Catalog {
        names: Names::new(models, aliases),
        provisioned: figures.into_iter().flatten().collect(),
        deployments,
        media: facts::read("media_weights.csv", MEDIA_WEIGHTS, media_weight)?,
        claims: facts::read("other_claims.csv", OTHER_CLAIMS, claim)?,
        ..Catalog::default()
    };
    let files = [MODELS, ALIASES, PROVISIONED, MEDIA_WEIGHTS, OTHER_CLAIMS];
    catalog.version = catalog.newest_and(&files.map(str::as_bytes));
    Ok(catalog)
}

/// One row of the table of provisioned models: throughput where a source gives it, and the rest.
type Row = (Option<ProvisionedModel>, DeploymentFacts);

/// Reads a table of provisioned models.
pub(super) fn provisioned(file: &str, csv: &str) -> Result<Vec<Row>, FactError> {
    facts::read(file, csv, |fact| Ok((figures(fact)?, deployment(fact)?)))
}

fn name(fact: &Fact<'_>) -> Result<ModelName, FactError> {
    Ok(ModelName {
        model: fact.required("model")?.to_owned(),
        version: fact.optional("version", "a version")?,
    })
}

fn model(fact: &Fact<'_>) -> Result<ModelFacts, FactError> {
    Ok(ModelFacts {
        name: name(fact)?,
        router: match fact.text("role")? {
            "" => false,
            "router" => true,
            _ => return Err(fact.refused("role", "router, or nothing")),
        },
        encoding: Encoding {
            name: fact.text("encoding")?.to_owned(),
            basis: fact.required("encoding_basis")?.to_owned(),
        },
        provenance: Some(fact.provenance()?),
    })
}

fn alias(fact: &Fact<'_>) -> Result<Alias, FactError> {
    fact.provenance()?;
    Ok(Alias {
        alias: fact.required("alias")?.to_owned(),
        name: name(fact)?,
    })
}

fn figures(fact: &Fact<'_>) -> Result<Option<ProvisionedModel>, FactError> {
    let Some(throughput) = fact.optional("input_tpm_per_ptu", "tokens per minute")? else {
        return Ok(None);
    };
    let provenance = fact.provenance()?;
    let above: Option<u64> = fact.optional("long_above", "tokens")?;
    let long = weights(fact, "long_")?;
    Ok(Some(ProvisionedModel {
        name: name(fact)?,
        input_tpm_per_ptu: TokensPerMinute::new(throughput),
        weights: weights(fact, "")?,
        long_context: above.map(Tokens::new).zip(long),
        effective_from: provenance.effective_from,
        effective_until: provenance.effective_until,
        source: provenance.source,
        as_of: provenance.as_of,
    }))
}

/// The weights in the four columns that start with `prefix`: all of them, or none.
fn weights(fact: &Fact<'_>, prefix: &str) -> Result<Option<CapacityWeights>, FactError> {
    const WEIGHT: &str = "a weight such as 1.25, in all four columns or in none";
    let column = |name: &str| format!("{prefix}{name}");
    if fact.text(&column("input"))?.is_empty() && fact.text(&column("output"))?.is_empty() {
        return Ok(None);
    }
    let weight = |name: &str| fact.value::<TokenWeight>(&column(name), WEIGHT);
    Ok(Some(CapacityWeights {
        input: weight("input")?,
        cached_input: weight("cached_input")?,
        cache_write: weight("cache_write")?,
        output: weight("output")?,
    }))
}

fn deployment(fact: &Fact<'_>) -> Result<DeploymentFacts, FactError> {
    const KINDS: &str = "kinds joined by |, each with @zone where it is limited to one";
    let kinds: Result<Vec<_>, _> = fact
        .text("kinds")?
        .split('|')
        .filter(|kind| !kind.is_empty())
        .map(kind_in_zone)
        .collect();
    let latency = "latency_tokens_per_second";
    Ok(DeploymentFacts {
        name: name(fact)?,
        kinds: kinds.map_err(|_| fact.refused("kinds", KINDS))?,
        shared_sizes: sizes(fact, "global")?,
        regional_sizes: sizes(fact, "regional")?,
        latency_tokens_per_second: fact.optional(latency, "tokens per second")?,
        provenance: fact.provenance()?,
    })
}

fn kind_in_zone(
    text: &str,
) -> Result<(DeploymentKind, Option<String>), <DeploymentKind as FromStr>::Err> {
    match text.split_once('@') {
        None => Ok((text.parse()?, None)),
        Some((kind, zone)) => Ok((kind.parse()?, Some(zone.to_owned()))),
    }
}

fn sizes(fact: &Fact<'_>, prefix: &str) -> Result<Option<PtuSizes>, FactError> {
    let ptu = |name: &str| -> Result<Option<Ptu>, FactError> {
        let count = fact.optional(&format!("{prefix}_{name}"), "PTU")?;
        Ok(count.map(Ptu::new))
    };
    let increment = ptu("increment")?;
    Ok(ptu("minimum")?.map(|minimum| PtuSizes::new(minimum, increment)))
}

fn media_weight(fact: &Fact<'_>) -> Result<MediaWeight, FactError> {
    Ok(MediaWeight {
        name: name(fact)?,
        class: fact.required("class")?.to_owned(),
        weight: fact.value("weight", "a weight such as 1.6")?,
        provenance: fact.provenance()?,
    })
}

fn claim(fact: &Fact<'_>) -> Result<Claim, FactError> {
    Ok(Claim {
        name: name(fact)?,
        field: fact.required("field")?.to_owned(),
        value: fact.required("value")?.to_owned(),
        provenance: fact.provenance()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_row_loads() {
        let catalog = load().unwrap();
        assert!(catalog.models().count() > 100);
        assert!(catalog.provisioned_rows().count() > 60);
        assert_eq!(catalog.claims().count(), 14);
        assert!(catalog.version().starts_with("2026-11-22+"));
    }

    #[test]
    fn every_provisioned_model_and_alias_is_a_known_model() {
        let catalog = load().unwrap();
        let aliases = facts::read("aliases.csv", ALIASES, alias).unwrap();
        let names = catalog.provisioned_rows().map(|row| &row.name);
        for name in names.chain(aliases.iter().map(|alias| &alias.name)) {
            assert!(catalog.facts(&name.model).is_some(), "{name}");
        }
    }

    #[test]
    fn a_bad_row_names_file_line_and_field() {
        let header = PROVISIONED.lines().next().unwrap();
        let tail = "2026-10-01,,stated,s,2026-10-05";
        for (row, message) in [
            (
                format!("m,,global,many,1,0,1,4,,,,,,15,5,50,50,80,{tail}"),
                "p.csv:2: `input_tpm_per_ptu` is \"many\"; expected tokens per minute",
            ),
            (
                format!("m,,global,3000,1,,1,4,,,,,,15,5,50,50,80,{tail}"),
                "p.csv:2: `cached_input` is \"\"; expected a weight such as 1.25, in all four \
                 columns or in none",
            ),
            (
                format!("m,,everywhere,3000,1,0,1,4,,,,,,15,5,50,50,80,{tail}"),
                "p.csv:2: `kinds` is \"everywhere\"; expected kinds joined by |, each with @zone \
                 where it is limited to one",
            ),
            (
                "m,,global,3000,1,0,1,4,,,,,,15,5,50,50,80,2026-10-01,,stated,s,".to_owned(),
                "p.csv:2: `as_of` is \"\"; expected a day such as 2026-10-01",
            ),
        ] {
            let error = provisioned("p.csv", &format!("{header}\n{row}\n")).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
