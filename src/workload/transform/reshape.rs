//! The same requests with other tokens: longer answers, more or less in the prompt cache.

use crate::workload::app::Apps;
use crate::workload::request::{Request, RequestTokens};
use crate::workload::{Traffic, TrafficError};

/// What is different about the tokens of requests. Times, callers and limits stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reshaping {
    /// Answers are this long for 100 tokens of now [token], rounded half up; an answer stops where
    /// the caller's maximum stops it, and one that has a token keeps one.
    Answers {
        /// 120 for a fifth longer.
        percent: u32,
    },
    /// The prompt cache holds a larger or smaller part of prompts.
    Cached {
        /// Points of a hundred that the cached share of each app's prompts moves by.
        points: i32,
        /// Equal tokens from which on a prompt is cached at all [token]: shorter prompts are never
        /// cached, and of longer ones so many or nothing.
        minimum: u32,
    },
}

/// Reshaped traffic.
#[derive(Debug)]
pub struct Reshape<T> {
    traffic: T,
    reshaping: Reshaping,
    /// What the cache is still to hold more, or less, by the places of apps [10⁻² token].
    owed: Vec<u64>,
}

impl<T> Reshape<T> {
    /// `traffic` with other tokens.
    pub const fn new(traffic: T, reshaping: Reshaping) -> Self {
        Self {
            traffic,
            reshaping,
            owed: Vec::new(),
        }
    }

    fn reshaped(&mut self, request: Request) -> Request {
        let tokens = match self.reshaping {
            Reshaping::Answers { percent } => {
                let most = request.max_tokens.map_or(u32::MAX, std::num::NonZero::get);
                longer(request.tokens, percent, most)
            }
            Reshaping::Cached { points, minimum } => {
                let place = request.app.place();
                if place >= self.owed.len() {
                    self.owed.resize(place + 1, 0);
                }
                let share = Share { points, minimum };
                share.moved(request.tokens, &mut self.owed[place])
            }
        };
        Request { tokens, ..request }
    }
}

impl<T: Traffic> Traffic for Reshape<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.traffic.next(apps)?;
        Some(request.map(|request| self.reshaped(request)))
    }
}

fn longer(tokens: RequestTokens, percent: u32, most: u32) -> RequestTokens {
    let least = tokens.output.min(1);
    // A log may tell of an answer that is longer than its caller allowed.
    let most = most.max(tokens.output);
    let output = scaled(tokens.output, percent).clamp(least, most);
    RequestTokens {
        output,
        reasoning: scaled(tokens.reasoning, percent).min(output),
        ..tokens
    }
}

fn scaled(count: u32, percent: u32) -> u32 {
    let hundredths = u64::from(count) * u64::from(percent);
    u32::try_from((hundredths + 50) / 100).unwrap_or(u32::MAX)
}

/// How far the cached share moves.
///
/// A cache holds the start of a prompt from a minimum on, so a tenth more of all prompts is not a
/// tenth more of each. What each prompt owes adds up, and the next one that can pays it: the
/// share of all prompts moves by the points asked for, as long as there is room.
#[derive(Clone, Copy)]
struct Share {
    points: i32,
    minimum: u32,
}

impl Share {
    fn moved(self, tokens: RequestTokens, owed: &mut u64) -> RequestTokens {
        if tokens.input < self.minimum {
            return tokens;
        }
        *owed += u64::from(tokens.input) * u64::from(self.points.unsigned_abs());
        let whole = u32::try_from(*owed / 100).unwrap_or(u32::MAX);
        let cached = if self.points < 0 {
            self.less(tokens.cached_input, whole)
        } else {
            self.more(tokens, whole)
        };
        *owed -= u64::from(cached.abs_diff(tokens.cached_input)) * 100;
        RequestTokens {
            cached_input: cached,
            cache_write: tokens.cache_write.min(tokens.input - cached),
            ..tokens
        }
    }

    fn more(self, tokens: RequestTokens, owed: u32) -> u32 {
        let cached = tokens.cached_input.saturating_add(owed).min(tokens.input);
        if cached < self.minimum {
            tokens.cached_input
        } else {
            cached.max(tokens.cached_input)
        }
    }

    fn less(self, cached: u32, owed: u32) -> u32 {
        let left = cached.saturating_sub(owed);
        if left == 0 || left >= self.minimum {
            left
        } else {
            cached
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workload::tests::{all, request};

    fn played(tokens: &[RequestTokens], reshaping: Reshaping) -> Vec<RequestTokens> {
        let requests: Vec<Request> = (0..)
            .zip(tokens)
            .map(|(at, tokens)| Request {
                tokens: *tokens,
                ..request(at, 0)
            })
            .collect();
        let reshaped = all(Reshape::new(requests.into_iter(), reshaping)).unwrap();
        reshaped.iter().map(|request| request.tokens).collect()
    }

    fn cached(prompts: &[(u32, u32)], points: i32) -> Vec<u32> {
        let tokens = prompts.iter().map(|&(input, cached_input)| RequestTokens {
            input,
            cached_input,
            ..RequestTokens::default()
        });
        let minimum = 1_000;
        let reshaping = Reshaping::Cached { points, minimum };
        let reshaped = played(&tokens.collect::<Vec<_>>(), reshaping);
        reshaped.iter().map(|tokens| tokens.cached_input).collect()
    }

    #[test]
    fn answers_are_longer_up_to_the_callers_maximum() {
        for (output, reasoning, maximum, percent, expected) in [
            (100, 50, None, 120, (120, 60)),
            (100, 50, None, 80, (80, 40)),
            (3, 0, None, 120, (4, 0)),
            (1, 1, None, 20, (1, 0)),
            (0, 0, None, 120, (0, 0)),
            (100, 100, Some(110), 120, (110, 110)),
            (u32::MAX, 0, None, 120, (u32::MAX, 0)),
        ] {
            let mut asked = request(1, 10);
            asked.max_tokens = maximum.and_then(std::num::NonZero::new);
            asked.tokens.output = output;
            asked.tokens.reasoning = reasoning;
            let traffic = vec![asked].into_iter();
            let found = all(Reshape::new(traffic, Reshaping::Answers { percent })).unwrap();
            let tokens = found[0].tokens;
            assert_eq!((tokens.output, tokens.reasoning), expected, "{output}");
            assert_eq!(tokens.input, 10);
        }
    }

    /// Ten points of prompts of 4,000 tokens are 400 each: a prompt that holds 2,000 takes them at
    /// once, one that holds nothing waits until there are 1,000.
    #[test]
    fn the_cached_share_moves_by_the_points() {
        for (prompts, points, expected) in [
            (&[(4_000, 2_000); 2][..], 10, vec![2_400, 2_400]),
            (&[(4_000, 2_000); 2], -10, vec![1_600, 1_600]),
            (&[(4_000, 0); 4], 10, vec![0, 0, 1_200, 0]),
            (&[(4_000, 1_200); 3], -10, vec![1_200, 1_200, 0]),
            (&[(4_000, 3_900), (4_000, 3_900)], 10, vec![4_000, 4_000]),
            (&[(900, 0), (900, 900)], 10, vec![0, 900]),
        ] {
            assert_eq!(cached(prompts, points), expected, "{prompts:?} {points}");
        }
    }

    proptest! {
        #[test]
        fn parts_stay_parts(
            prompts in prop::collection::vec((0_u32..9_000, 0_u32..=100, 0_u32..=100), 1..40),
            points in -30_i32..30,
            minimum in 0_u32..2_000,
        ) {
            let tokens: Vec<_> = prompts.iter().map(|&(input, cached, written)| {
                let cached_input = input * cached / 100;
                RequestTokens {
                    input,
                    cached_input,
                    cache_write: (input - cached_input) * written / 100,
                    ..RequestTokens::default()
                }
            }).collect();
            let moved = played(&tokens, Reshaping::Cached { points, minimum });
            for (now, before) in moved.iter().zip(&tokens) {
                prop_assert!(now.cached_input + now.cache_write <= now.input);
                prop_assert_eq!(now.input, before.input);
                let grows = now.cached_input >= before.cached_input;
                prop_assert!(grows == (points >= 0) || now.cached_input == before.cached_input);
            }
            let sum = |all: &[RequestTokens]| -> u64 {
                all.iter().map(|tokens| u64::from(tokens.cached_input)).sum()
            };
            let inputs: u64 = tokens.iter().map(|tokens| u64::from(tokens.input)).sum();
            let most = inputs * u64::from(points.unsigned_abs()) / 100;
            prop_assert!(sum(&moved).abs_diff(sum(&tokens)) <= most);
        }

        #[test]
        fn reasoning_stays_within_the_answer(
            output in 0_u32..10_000,
            reasoning in 0_u32..10_000,
            percent in 1_u32..300,
        ) {
            let tokens = RequestTokens {
                output,
                reasoning: reasoning.min(output),
                ..RequestTokens::default()
            };
            let found = played(&[tokens], Reshaping::Answers { percent });
            prop_assert!(found[0].reasoning <= found[0].output);
            prop_assert_eq!(found[0].output == 0, output == 0);
        }
    }
}
