//! Owner rules: which business unit pays for a caller's usage.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::Deserialize;

use super::pattern::{CallerText, Pattern};
use super::statement::UNATTRIBUTED;
use crate::money::Factor;
use crate::usage::Dimensions;

/// Who pays, as precisely as the owner rules tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Payer {
    /// The business unit.
    pub business_unit: String,
    /// Its cost centre; may be empty.
    pub cost_centre: String,
    /// The application; may be empty.
    pub app: String,
}

impl Payer {
    /// A business unit as a whole.
    pub fn whole(business_unit: &str, cost_centre: &str) -> Self {
        Self {
            business_unit: business_unit.to_owned(),
            cost_centre: cost_centre.to_owned(),
            app: String::new(),
        }
    }
}

/// One rule. Rules are tried in file order; the first whose fields all match owns the usage.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerRule {
    /// What the usage must look like.
    #[serde(rename = "match")]
    pub matches: Match,
    /// The owner, unless the usage is split.
    pub business_unit: Option<String>,
    /// Cost centre of the owner.
    #[serde(default)]
    pub cost_centre: String,
    /// Application; by default the caller's app, else its product, else its subscription.
    pub app: Option<String>,
    /// Several owners instead of one.
    #[serde(default)]
    pub split: Vec<SplitShare>,
    /// First day the rule holds.
    pub from: Option<NaiveDate>,
    /// Day after the last.
    pub until: Option<NaiveDate>,
}

/// One owner of split usage.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SplitShare {
    /// The owner.
    pub business_unit: String,
    /// Cost centre of the owner.
    #[serde(default)]
    pub cost_centre: String,
    /// Application; by default as for rules.
    pub app: Option<String>,
    /// Share of quantities and amounts.
    pub percent: Factor,
}

/// Patterns for the fields of usage; those left out match anything.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// API Management subscription.
    pub subscription: Option<Pattern>,
    /// API Management product.
    pub product: Option<Pattern>,
    /// Client application.
    pub app: Option<Pattern>,
    /// Pseudonym of the end user.
    pub user: Option<Pattern>,
    /// Gateway API.
    pub api: Option<Pattern>,
    /// Gateway operation.
    pub operation: Option<Pattern>,
    /// Deployment as logged.
    pub deployment: Option<Pattern>,
    /// Model as logged.
    pub model: Option<Pattern>,
    /// Gateway backend.
    pub backend: Option<Pattern>,
    /// Azure region.
    pub region: Option<Pattern>,
}

/// Names that gateways write for callers they do not know.
const ANONYMOUS: &[&str] = &[
    "",
    "master",
    "na",
    "portal-admin",
    "unassigned team",
    "unknown consumer",
];

/// Whether `text` is a name that gateways write for callers they do not know.
pub fn is_anonymous(text: &str) -> bool {
    let text = text.trim();
    ANONYMOUS.iter().any(|name| text.eq_ignore_ascii_case(name))
}

impl Match {
    /// The patterns, each with the text it is held against.
    fn fields<'a>(
        &'a self,
        of: &'a Dimensions,
    ) -> impl Iterator<Item = (&'a Pattern, CallerText<'a>)> {
        let callers = [
            (&self.subscription, &of.subscription),
            (&self.product, &of.product),
            (&self.app, &of.app),
            (&self.user, &of.user),
        ];
        let others = [
            (&self.api, &of.api),
            (&self.operation, &of.operation),
            (&self.deployment, &of.deployment),
            (&self.model, &of.model),
            (&self.backend, &of.backend),
            (&self.region, &of.region),
        ];
        // Only what a rule names is looked at: every rule is held against every caller.
        let caller = |(pattern, text): (&'a Option<Pattern>, &'a String)| {
            let anonymous = pattern.is_some() && is_anonymous(text);
            Some((pattern.as_ref()?, CallerText { text, anonymous }))
        };
        let other = |(pattern, text): (&'a Option<Pattern>, &'a String)| {
            let anonymous = false;
            Some((pattern.as_ref()?, CallerText { text, anonymous }))
        };
        let callers = callers.into_iter().filter_map(caller);
        callers.chain(others.into_iter().filter_map(other))
    }

    /// Whether every field matches.
    pub fn fit(&self, dimensions: &Dimensions) -> bool {
        self.fields(dimensions)
            .all(|(pattern, text)| pattern.matches(&text))
    }

    /// Every pattern by the name of its field, those of callers first.
    pub fn patterns(&self) -> impl Iterator<Item = (&'static str, &Pattern)> {
        self.by_name()
            .into_iter()
            .filter_map(|(name, pattern)| Some((name, pattern.as_ref()?)))
    }

    fn by_name(&self) -> [(&'static str, &Option<Pattern>); 10] {
        [
            ("subscription", &self.subscription),
            ("product", &self.product),
            ("app", &self.app),
            ("user", &self.user),
            ("api", &self.api),
            ("operation", &self.operation),
            ("deployment", &self.deployment),
            ("model", &self.model),
            ("backend", &self.backend),
            ("region", &self.region),
        ]
    }

    /// Whether this surely matches whatever `other` does. Of regular expressions only equal ones
    /// are known to do so.
    pub fn covers(&self, other: &Self) -> bool {
        const CALLERS: usize = 4;
        let both = self.by_name().into_iter().zip(other.by_name());
        both.enumerate()
            .all(|(at, ((_, mine), (_, theirs)))| match (mine, theirs) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(mine), Some(Pattern::Exact(name))) if at < CALLERS => {
                    mine.matches(&CallerText {
                        text: name,
                        anonymous: is_anonymous(name),
                    })
                }
                (Some(mine), Some(theirs)) => mine.covers(theirs),
            })
    }

    /// Whether no field is named.
    pub fn is_empty(&self) -> bool {
        self.fields(&Dimensions::default()).next().is_none()
    }
}

impl fmt::Display for Match {
    /// Writes the fields as the configuration does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, pattern)) in self.patterns().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}{name} = {pattern}")?;
        }
        Ok(())
    }
}

impl OwnerRule {
    /// Whether the rule holds on `day` and every field matches.
    pub fn claims(&self, dimensions: &Dimensions, day: NaiveDate) -> bool {
        self.holds_on(day) && self.matches.fit(dimensions)
    }

    /// Whether the rule holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Who pays which share of the usage of `dimensions`; shares sum to 1.
    pub fn payers(&self, dimensions: &Dimensions) -> Vec<(Payer, Factor)> {
        let payer = |business_unit: &str, cost_centre: &str, app: Option<&String>| Payer {
            business_unit: business_unit.to_owned(),
            cost_centre: cost_centre.to_owned(),
            app: app.cloned().unwrap_or_else(|| caller_app(dimensions)),
        };
        if let Some(business_unit) = &self.business_unit {
            let only = payer(business_unit, &self.cost_centre, self.app.as_ref());
            return vec![(only, Factor::one())];
        }
        let mut shares: BTreeMap<Payer, Factor> = BTreeMap::new();
        for share in &self.split {
            let app = share.app.as_ref().or(self.app.as_ref());
            let payer = payer(&share.business_unit, &share.cost_centre, app);
            let sum = shares.entry(payer).or_insert_with(Factor::zero);
            *sum = sum.plus(&share.percent.percent());
        }
        shares.into_iter().collect()
    }

    /// The business units the rule names, each with its cost centre.
    pub fn business_units(&self) -> impl Iterator<Item = (&str, &str)> {
        let one = self.business_unit.as_deref();
        let several = self.split.iter();
        one.map(|name| (name, self.cost_centre.as_str()))
            .into_iter()
            .chain(several.map(|s| (s.business_unit.as_str(), s.cost_centre.as_str())))
    }
}

/// Who pays for usage that no rule claims: nobody, but under the caller's own name, so that the
/// statement shows what rule is missing.
pub(super) fn unattributed(dimensions: &Dimensions) -> Vec<(Payer, Factor)> {
    let payer = Payer {
        business_unit: UNATTRIBUTED.to_owned(),
        cost_centre: String::new(),
        app: caller_app(dimensions),
    };
    vec![(payer, Factor::one())]
}

/// The caller's app, else its product, else its subscription; empty when none has a name.
fn caller_app(dimensions: &Dimensions) -> String {
    [
        &dimensions.app,
        &dimensions.product,
        &dimensions.subscription,
    ]
    .into_iter()
    .find(|text| !is_anonymous(text))
    .cloned()
    .unwrap_or_default()
}
