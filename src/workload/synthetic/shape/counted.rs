//! Tokens of whole requests, drawn as often as they were counted.

use std::num::NonZero;

use super::drawn::limit;
use crate::shapes::RequestKind;
use crate::workload::request::RequestTokens;
use crate::workload::seed::Stream;
use crate::workload::synthetic::amount::{Amount, Draw, Histogram};

/// Requests as they were counted, and what fills the gaps in what is known of them.
#[derive(Clone, Debug)]
pub struct CountedTokens {
    /// Kinds of requests, and how many of each there were.
    pub kinds: Vec<RequestKind>,
    /// Fewer cached tokens than this count as none [token].
    pub cached_minimum: u32,
    /// Answer tokens of kinds that do not know them, had the caller set no limit.
    pub output: Option<Amount>,
    /// The most tokens callers let the answer have, for kinds that do not know it.
    pub max_tokens: Option<Amount>,
}

/// [`CountedTokens`] whose numbers are right.
#[derive(Debug)]
pub(in crate::workload::synthetic) struct CountedDraw {
    kinds: Histogram<RequestKind>,
    cached_minimum: u32,
    output: Option<Draw>,
    max_tokens: Option<Draw>,
}

impl CountedDraw {
    pub(super) fn of(tokens: &CountedTokens) -> Result<Self, String> {
        let without_output = requests(tokens, |kind| kind.output.is_none());
        let without_limit = requests(tokens, |kind| kind.max_tokens.is_none());
        match (without_output, &tokens.output) {
            (0, Some(_)) => return Err(known("output")),
            (1.., None) => {
                let all = requests(tokens, |_| true);
                return Err(format!(
                    "the shape does not know the answers of {without_output} of its {all} \
                     requests; add `output`"
                ));
            }
            _ => {}
        }
        if without_limit == 0 && tokens.max_tokens.is_some() {
            return Err(known("max_tokens"));
        }
        let output = tokens.output.as_ref().map(Draw::of).transpose()?;
        let may_be_nothing = output.as_ref().is_some_and(|output| output.least() == 0);
        let is_nothing = |kind: &RequestKind| {
            kind.input == 0 && kind.output.map_or(may_be_nothing, |output| output == 0)
        };
        if tokens.kinds.iter().any(is_nothing) {
            return Err(
                "a request may have neither input nor output; expected one of them always".into(),
            );
        }
        let kinds = tokens.kinds.iter().map(|kind| (*kind, weight(kind)));
        Ok(Self {
            kinds: Histogram::new(kinds)?,
            cached_minimum: tokens.cached_minimum,
            output,
            max_tokens: limit(tokens.max_tokens.as_ref())?,
        })
    }

    /// Tokens and limit of the next request. Kinds of several requests hold means, so their cached
    /// part is no whole number of blocks; it is taken as it is.
    pub(super) fn draw(&self, stream: &mut Stream) -> (RequestTokens, Option<NonZero<u32>>) {
        let kind = self.kinds.draw(stream);
        let mut filled = |draw: &Option<Draw>| draw.as_ref().map(|draw| draw.draw(stream));
        let output = kind.output.or_else(|| filled(&self.output));
        let max_tokens = kind.max_tokens.map(NonZero::get);
        let max_tokens = max_tokens.or_else(|| filled(&self.max_tokens));
        let is_cached = kind.cached >= self.cached_minimum;
        let tokens = RequestTokens {
            input: kind.input,
            cached_input: if is_cached { kind.cached } else { 0 },
            output: output.expect("kinds without answers are refused where nothing fills them"),
            ..RequestTokens::default()
        };
        (tokens, max_tokens.and_then(NonZero::new))
    }
}

/// How many requests are of such kinds; beyond 64 bits, that many.
fn requests(tokens: &CountedTokens, is_such: impl Fn(&RequestKind) -> bool) -> u64 {
    let such = tokens.kinds.iter().filter(|kind| is_such(kind));
    such.fold(0, |sum, kind| sum.saturating_add(kind.count.get()))
}

fn known(key: &str) -> String {
    format!("the shape knows `{key}` of every request; leave it out here")
}

#[expect(clippy::cast_precision_loss, reason = "a weight of random draws")]
const fn weight(kind: &RequestKind) -> f64 {
    kind.count.get() as f64
}
