//! Why a load cannot be sized.

use thiserror::Error;

use crate::azure::DeploymentKind;
use crate::catalog::CatalogError;
use crate::facts::FactError;
use crate::units::{Ptu, Tokens};

/// A load that cannot be.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// Nothing is sent.
    #[error("{field} is 0; expected more than 0, or there is nothing to size")]
    Nothing {
        /// The field.
        field: &'static str,
    },
    /// A negative figure.
    #[error("{field} is {found}; expected 0 or more")]
    Negative {
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
    },
    /// A share beyond the whole.
    #[error("{field} is {found}; expected a share from 0 to 1, or from 0% to 100%")]
    Share {
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
    },
    /// Tokens that are read from the cache are not written to it.
    #[error(
        "the shares of cached input ({cached}) and of cache writes ({written}) are more than the \
         whole prompt together; each token is one or the other"
    )]
    Shares {
        /// The share read.
        cached: String,
        /// The share written.
        written: String,
    },
    /// A mean above the peak.
    #[error(
        "the peak is {found} times the mean; expected 1 or more, for a mean is not above its peak"
    )]
    PeakFactor {
        /// Peak over mean.
        found: String,
    },
}

/// Why a load cannot be sized.
#[derive(Debug, Error)]
pub enum SizingError {
    /// The catalog has no figures.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The figures lack the weights of tokens.
    #[error(
        "no source gives the weight of a {class} token of {model} on provisioned throughput\n\
         hint: state it in [[model]] of tollbook.toml, with its source"
    )]
    NoWeights {
        /// The model.
        model: String,
        /// The class of tokens.
        class: String,
    },
    /// Tokens of a kind that the model does not take.
    #[error("{model} has no weight for {class} tokens; leave {flag} out")]
    NotMedia {
        /// The model.
        model: String,
        /// The class of tokens.
        class: &'static str,
        /// The flag that states them.
        flag: &'static str,
    },
    /// Nobody says which sizes there are.
    #[error("no source gives sizes of {}provisioned deployments of {model}", of_kind(*kind))]
    NoSizes {
        /// The model.
        model: String,
        /// The kind, where one was asked for.
        kind: Option<DeploymentKind>,
    },
    /// The minimum is known and too small, and nobody says which sizes are above it.
    #[error(
        "{model} needs {needed} PTU; no source gives the {kind} sizes above its minimum of {minimum}"
    )]
    NoStep {
        /// The model.
        model: String,
        /// The kind.
        kind: DeploymentKind,
        /// The minimum.
        minimum: Ptu,
        /// What is needed [PTU].
        needed: String,
    },
    /// More than any deployment.
    #[error("the load needs {ptu} PTU, which is no size of anything; check its rate and tokens")]
    TooLarge {
        /// What is needed [PTU].
        ptu: String,
    },
    /// The mean prompt is not served at all.
    #[error(
        "the mean prompt has {found} tokens; provisioned deployments of {model} serve prompts of up \
         to {limit}, and longer ones only go to their spillover"
    )]
    TooLong {
        /// The model.
        model: String,
        /// Tokens of the mean prompt.
        found: String,
        /// The longest prompt that is served.
        limit: Tokens,
    },
    /// A bundled table does not load.
    #[error(transparent)]
    Table(#[from] FactError),
}

fn of_kind(kind: Option<DeploymentKind>) -> String {
    kind.map(|kind| format!("{kind} ")).unwrap_or_default()
}
