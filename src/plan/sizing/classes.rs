//! What each class of tokens takes of a deployment's throughput.

use super::{Load, SizingError};
use crate::azure::TokenClass;
use crate::catalog::{CapacityWeights, Catalog, ProvisionedModel};
use crate::money::Factor;
use crate::units::{TokenWeight, Tokens};

/// A class of tokens with a weight of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SizedClass {
    /// Tokens of a text model.
    Text(TokenClass),
    /// Text of the prompt, for a model of images.
    TextInput,
    /// Images in the prompt.
    ImageInput,
    /// Images in the answer.
    ImageOutput,
}

/// What one class uses in a minute at the peak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassUse {
    /// The class.
    pub class: SizedClass,
    /// Tokens a minute, exact.
    pub tokens: Factor,
    /// The weight of one of them.
    pub weight: TokenWeight,
    /// Weighted tokens a minute, exact.
    pub weighted: Factor,
}

impl SizedClass {
    /// The word used in tables and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text(class) => class.name(),
            Self::TextInput => "text-input",
            Self::ImageInput => "image-input",
            Self::ImageOutput => "image-output",
        }
    }

    /// Its name in the catalog's table of media weights.
    const fn medium(self) -> &'static str {
        match self {
            Self::Text(_) => "",
            Self::TextInput => "text_input",
            Self::ImageInput => "image_input",
            Self::ImageOutput => "image_output",
        }
    }
}

/// What the classes of a load use, and the context threshold that the mean request exceeds.
pub(super) fn used(
    catalog: &Catalog,
    figures: &ProvisionedModel,
    load: &Load,
) -> Result<(Option<Tokens>, Vec<ClassUse>), SizingError> {
    let is_media = catalog.media_weights(&figures.name.model).next().is_some();
    if is_media {
        return Ok((None, media(catalog, figures, load)?));
    }
    text(figures, load)
}

/// Prompt tokens that are neither read from nor written to the cache, of one mean request.
fn plain_share(load: &Load) -> Factor {
    let request = &load.request;
    Factor::one()
        .minus(&request.cached)
        .minus(&request.cache_write)
}

fn text(
    figures: &ProvisionedModel,
    load: &Load,
) -> Result<(Option<Tokens>, Vec<ClassUse>), SizingError> {
    let request = &load.request;
    let images = [
        ("image prompt", "--image-input", &request.image_input),
        ("image answer", "--image-output", &request.image_output),
    ];
    if let Some((class, flag, _)) = images.into_iter().find(|(_, _, tokens)| !tokens.is_zero()) {
        return Err(SizingError::NotMedia {
            model: figures.name.to_string(),
            class,
            flag,
        });
    }
    let (above, weights) = weights(figures, load)?;
    let classes = [
        (TokenClass::Input, request.input.times(&plain_share(load))),
        (
            TokenClass::CachedInput,
            request.input.times(&request.cached),
        ),
        (
            TokenClass::CacheWrite,
            request.input.times(&request.cache_write),
        ),
        (TokenClass::Output, request.output.clone()),
    ];
    let used = classes.into_iter().filter(|(_, tokens)| !tokens.is_zero());
    let used = used.map(|(class, tokens)| {
        ClassUse::of(SizedClass::Text(class), &tokens, weights.of(class), load)
    });
    Ok((above, used.collect()))
}

/// The weights of the mean request: those of long ones where it is longer than their threshold.
fn weights(
    figures: &ProvisionedModel,
    load: &Load,
) -> Result<(Option<Tokens>, CapacityWeights), SizingError> {
    let exceeds = |threshold: Tokens| load.request.input > Factor::ratio(threshold.get().into(), 1);
    let (above, weights) = match &figures.long_context {
        Some((threshold, long)) if exceeds(*threshold) => (Some(*threshold), Some(*long)),
        _ => (None, figures.weights),
    };
    let weights = weights.ok_or_else(|| SizingError::NoWeights {
        model: figures.name.to_string(),
        class: "output".to_owned(),
    })?;
    Ok((above, weights))
}

fn media(
    catalog: &Catalog,
    figures: &ProvisionedModel,
    load: &Load,
) -> Result<Vec<ClassUse>, SizingError> {
    let request = &load.request;
    let refused = |class, flag| SizingError::NotMedia {
        model: figures.name.to_string(),
        class,
        flag,
    };
    if !request.output.is_zero() {
        return Err(refused("text answer", "--output"));
    }
    if !request.cached.is_zero() {
        return Err(refused("cached", "--cached"));
    }
    if !request.cache_write.is_zero() {
        return Err(refused("cache write", "--cache-write"));
    }
    let classes = [
        (SizedClass::TextInput, &request.input),
        (SizedClass::ImageInput, &request.image_input),
        (SizedClass::ImageOutput, &request.image_output),
    ];
    let used = classes.into_iter().filter(|(_, tokens)| !tokens.is_zero());
    let used = used.map(|(class, tokens)| {
        let mut weights = catalog.media_weights(&figures.name.model);
        let weight = weights.find(|weight| weight.class == class.medium());
        let weight = weight.ok_or_else(|| SizingError::NoWeights {
            model: figures.name.to_string(),
            class: class.name().to_owned(),
        })?;
        Ok(ClassUse::of(class, tokens, weight.weight, load))
    });
    used.collect()
}

impl ClassUse {
    /// The use of `tokens` of a class in each request of a load.
    fn of(class: SizedClass, tokens: &Factor, weight: TokenWeight, load: &Load) -> Self {
        let tokens = tokens.times(&load.rpm);
        let thousandths = Factor::ratio(weight.thousandths().into(), 1_000);
        Self {
            class,
            weighted: tokens.times(&thousandths),
            tokens,
            weight,
        }
    }
}
