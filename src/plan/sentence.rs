//! Sentences with figures in them: this module says what, the report how figures are written.

use crate::money::{Factor, Money};
use crate::time::SimDuration;
use crate::units::Ptu;

/// A figure, or a name that comes from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A name, or words that the case decides.
    Text(String),
    /// Throughput [PTU].
    Ptu(Ptu),
    /// An amount [USD, exact].
    Money(Money),
    /// A part of something, from 0 to 1.
    Share(Factor),
    /// A plain ratio.
    Ratio(Factor),
    /// A length of time.
    Span(SimDuration),
    /// A count.
    Count(u64),
}

/// A sentence, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(&'static str),
    Figure(Figure),
}

impl Sentence {
    /// The words of `template`, in which each `{}` stands for the next of `figures`.
    pub fn new(template: &'static str, figures: impl IntoIterator<Item = Figure>) -> Self {
        let mut figures = figures.into_iter();
        let mut parts = Vec::new();
        for (at, words) in template.split("{}").enumerate() {
            if at > 0 {
                parts.extend(figures.next().map(Part::Figure));
            }
            if !words.is_empty() {
                parts.push(Part::Words(words));
            }
        }
        debug_assert!(figures.next().is_none(), "every figure has its place");
        Self { parts }
    }

    /// Words without figures.
    pub fn plain(words: &'static str) -> Self {
        Self::new(words, [])
    }

    /// This and then `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The sentence as text, with every figure as `written` writes it.
    pub fn told(&self, written: impl Fn(&Figure) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Figure(figure) => written(figure),
        };
        self.parts.iter().map(part).collect()
    }

    /// Every figure, in their order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.parts.iter().filter_map(|part| match part {
            Part::Words(_) => None,
            Part::Figure(figure) => Some(figure),
        })
    }
}

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Figure {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Ptu> for Figure {
    fn from(ptu: Ptu) -> Self {
        Self::Ptu(ptu)
    }
}

impl From<Money> for Figure {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<SimDuration> for Figure {
    fn from(span: SimDuration) -> Self {
        Self::Span(span)
    }
}

impl From<u64> for Figure {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Figure {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_take_their_places() {
        let sentence = Sentence::new("Buy {} of {}", [Ptu::new(15).into(), "x".into()])
            .and(Sentence::new(" for {}.", [Figure::Count(1)]));
        let told = sentence.told(|figure| match figure {
            Figure::Ptu(ptu) => format!("{ptu} PTU"),
            Figure::Text(text) => text.clone(),
            other => format!("{other:?}"),
        });
        assert_eq!(told, "Buy 15 PTU of x for Count(1).");
        assert_eq!(sentence.figures().count(), 3);
    }
}
