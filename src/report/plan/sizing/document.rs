//! A sizing as JSON with a versioned schema (`docs/schema/sizing-1.schema.json`).

use serde_json::{Value, json};

use super::{grids, notes};
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::plan::sizing::bursts::Burst;
use crate::plan::sizing::{Basis, KindSize, Sizing, TermCost};
use crate::rate_card::TokenPrice;
use crate::report::figure::EXACT_DIGITS;
use crate::report::json::written;

pub(super) fn render(sizing: &Sizing) -> String {
    let figures = &sizing.figures;
    let texts = sizing.hidden.iter().map(|one| notes::text(one, sizing));
    let document = json!({
        "schema": "tollbook/sizing/1",
        "model": figures.name.model,
        "version": figures.name.version,
        "region": sizing.region,
        "on": sizing.on.to_string(),
        "currency": "USD",
        "load": load(sizing),
        "classes": grids::classes(sizing).objects(),
        "weighted_tokens_per_minute": exact(&sizing.weighted),
        "exact_ptu": exact(&sizing.exact),
        "exact_ptu_without_cache": sizing.without_cache.as_ref().map(exact),
        "latency_tokens_per_second": sizing.latency_tokens_per_second.map(|speed| speed.to_string()),
        "sizes": sizing.kinds.iter().map(size).collect::<Vec<_>>(),
        "bursts": grids::all_bursts(sizing).iter().map(burst).collect::<Vec<_>>(),
        "figures": {
            "input_tpm_per_ptu": figures.input_tpm_per_ptu.to_string(),
            "effective_from": figures.effective_from.to_string(),
            "source": figures.source,
            "as_of": figures.as_of.to_string(),
        },
        "hidden": texts.collect::<Vec<_>>(),
        "notes": notes::all(sizing),
    });
    written(&document)
}

fn exact(factor: &Factor) -> String {
    factor.to_trimmed(EXACT_DIGITS)
}

fn usd(money: &Money) -> String {
    money.to_trimmed(EXACT_DIGITS)
}

fn load(sizing: &Sizing) -> Value {
    let (load, request) = (&sizing.load, &sizing.load.request);
    let basis = match &load.basis {
        Basis::Peak => "peak",
        Basis::Month(_) => "month",
    };
    json!({
        "basis": basis,
        "requests_per_minute": exact(&load.rpm),
        "mean_share_of_peak": exact(&load.mean_share),
        "input_tokens": exact(&request.input),
        "cached_share": exact(&request.cached),
        "cache_write_share": exact(&request.cache_write),
        "output_tokens": exact(&request.output),
        "image_input_tokens": exact(&request.image_input),
        "image_output_tokens": exact(&request.image_output),
    })
}

fn size(size: &KindSize) -> Value {
    let per_token = &size.cost.per_token_month;
    json!({
        "kind": size.kind.name(),
        "ptu": size.ptu.to_string(),
        "minimum": size.sizes.minimum().to_string(),
        "increment": size.sizes.increment().map(|step| step.to_string()),
        "ptu_without_cache": size.without_cache.map(|ptu| ptu.to_string()),
        "peak_use": exact(&size.peak_use),
        "mean_use": exact(&size.mean_use),
        "per_token_usd_per_month": per_token.as_ref().ok().map(usd),
        "per_token_unknown": per_token.as_ref().err(),
        "token_prices": size.cost.token_prices.iter().map(token_price).collect::<Vec<_>>(),
        "terms": size.cost.terms.iter().map(term).collect::<Vec<_>>(),
        "terms_without_price": size.cost.missing.iter().map(missing).collect::<Vec<_>>(),
    })
}

fn token_price(price: &TokenPrice) -> Value {
    json!({
        "class": price.class.name(),
        "usd_per_million": price.price.to_string(),
        "effective_from": price.source.effective_from.to_string(),
        "source": price.source.text,
        "as_of": price.source.as_of.to_string(),
    })
}

fn term(cost: &TermCost) -> Value {
    let price = &cost.price;
    json!({
        "term": price.term.name(),
        "usd_per_ptu_hour": usd(&price.per_hour),
        "usd_per_month": usd(&cost.month),
        "break_even_utilization": cost.break_even.as_ref().map(exact),
        "listed_usd_per_ptu": usd(&price.price.price),
        "effective_from": price.price.source.effective_from.to_string(),
        "source": price.price.source.text,
        "as_of": price.price.source.as_of.to_string(),
    })
}

fn missing((term, reason): &(PtuTerm, String)) -> Value {
    json!({ "term": term.name(), "reason": reason })
}

/// Shares of statistics have as many decimals as CSV writes of them.
fn burst(burst: &Burst) -> Value {
    let depths = crate::sim::runs::BAND_SECONDS.iter().zip(&burst.refused);
    let refused = depths.map(|(depth, share)| {
        json!({ "depth_seconds": depth.to_string(), "refused_share": format!("{share:.6}") })
    });
    json!({
        "ptu": burst.ptu.to_string(),
        "rate": burst.rate.to_string(),
        "depths": refused.collect::<Vec<_>>(),
    })
}
