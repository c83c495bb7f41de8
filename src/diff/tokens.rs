//! Why charges per token changed: volume, mix, price, and allocation where a policy moved owners.
//!
//! The tokens of one application are compared by what they are: model, deployment and component.
//! With `q` tokens and the amount `L` of each kind before (A) and after (B), `Q` the tokens of all
//! kinds, and `p` the price before:
//!
//! - volume = `(Q* ÷ Q_A − 1) · q_A · p`: all kinds grow alike,
//! - mix = `(q* − q_A · Q* ÷ Q_A) · p`: the rest of the change in quantity,
//! - allocation = `(q_B − q*) · p`,
//! - price = `L_B − L_A − (q_B − q_A) · p`, which is `q_B · (p_B − p)` wherever tokens have a price.
//!
//! `q*` is `q_B`; where both statements charge the same requests it is `q_A · T_B ÷ T_A`, with `T` the
//! tokens of everybody: what this application would have at its old part of them.
//!
//! `p` is the average price before, `L_A ÷ q_A`; for a kind that the application did not have, that
//! of everybody before; for one that nobody had, its price after. An application that had no
//! tokens is all volume. A line without a quantity has no price, so that its change is price.

use std::collections::BTreeMap;

use super::cause::{Cause, Effects};
use super::pair::Pair;
use super::{EffectsByPlace, Place, Traffic};
use crate::chargeback::statement::{Component, Statement, StatementLine};
use crate::money::{Factor, Money};

/// Tokens and what they cost; exact.
#[derive(Clone, Debug)]
struct Sold {
    tokens: Factor,
    amount: Money,
}

impl Default for Sold {
    fn default() -> Self {
        Self {
            tokens: Factor::zero(),
            amount: Money::zero(),
        }
    }
}

/// What tokens are, whoever pays them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    model: String,
    deployment: String,
    component: Component,
}

/// Tokens by what they are.
type Kinds = BTreeMap<Kind, Pair<Sold>>;

/// Business unit and application.
type App = (String, String);

/// The effects on everything that is paid per token.
pub(super) fn effects(statements: Pair<&Statement>, traffic: Traffic) -> EffectsByPlace {
    let mut apps: BTreeMap<App, Kinds> = BTreeMap::new();
    let mut everybody = Kinds::new();
    for (side, line) in statements.lines() {
        let Some(kind) = Kind::of(line) else { continue };
        let app = (line.business_unit.clone(), line.app.clone());
        let mine = apps.entry(app).or_default().entry(kind.clone());
        mine.or_default().on(side).add(line);
        everybody.entry(kind).or_default().on(side).add(line);
    }
    let mut effects = EffectsByPlace::new();
    for (app, kinds) in apps {
        explain_app(&app, &kinds, (&everybody, traffic), &mut effects);
    }
    super::cut(&mut effects);
    effects
}

impl Kind {
    /// What the tokens of a line are; `None` where it charges for something else.
    fn of(line: &StatementLine) -> Option<Self> {
        matches!(line.component, Component::Tokens { .. }).then(|| Self {
            model: line.model.clone(),
            deployment: line.deployment.clone(),
            component: line.component,
        })
    }

    fn place(&self, (business_unit, app): &App) -> Place {
        Place {
            leaf: super::LeafKey {
                business_unit: business_unit.clone(),
                app: app.clone(),
                model: self.model.clone(),
            },
            deployment: self.deployment.clone(),
        }
    }
}

impl Sold {
    fn add(&mut self, line: &StatementLine) {
        if let Some(quantity) = &line.quantity {
            self.tokens = self.tokens.plus(&quantity.value);
        }
        self.amount += &line.exact;
    }

    /// The average price; `None` where there is no token.
    fn price(&self) -> Option<Money> {
        (!self.tokens.is_zero()).then(|| {
            let part = Factor::one().divided_by(&self.tokens);
            self.amount.times(&part)
        })
    }
}

/// Tokens of one kind on their way from before to after.
struct Move<'a> {
    sold: &'a Pair<Sold>,
    /// The tokens that would be there after at the application's old part of everybody's.
    kept: Factor,
    /// The price before.
    price: Money,
}

impl<'a> Move<'a> {
    fn of(sold: &'a Pair<Sold>, all: &Pair<Sold>, traffic: Traffic) -> Self {
        let price = sold.before.price().or_else(|| all.before.price());
        let kept = match traffic {
            Traffic::Same if !all.before.tokens.is_zero() => {
                let growth = all.after.tokens.divided_by(&all.before.tokens);
                sold.before.tokens.times(&growth)
            }
            Traffic::Same | Traffic::Apart => sold.after.tokens.clone(),
        };
        Self {
            sold,
            kept,
            price: price.or_else(|| sold.after.price()).unwrap_or_default(),
        }
    }

    /// The effects, where all tokens of the application grew by `growth`, if it had any.
    fn effects(&self, growth: Option<&Factor>) -> Effects {
        let Pair { before, after } = self.sold;
        let scaled = match growth {
            Some(growth) => before.tokens.times(growth),
            None => self.kept.clone(),
        };
        let worth = |from: &Factor, to: &Factor| self.price.times(&to.minus(from));
        let change = after.amount.clone() - before.amount.clone();
        let mut effects = Effects::default();
        effects.post(Cause::Volume, &worth(&before.tokens, &scaled));
        effects.post(Cause::Mix, &worth(&scaled, &self.kept));
        effects.post(Cause::Allocation, &worth(&self.kept, &after.tokens));
        let quantity = worth(&before.tokens, &after.tokens);
        effects.post(Cause::Price, &(change - quantity));
        effects
    }
}

fn explain_app(
    app: &App,
    kinds: &Kinds,
    (everybody, traffic): (&Kinds, Traffic),
    effects: &mut EffectsByPlace,
) {
    let moves = kinds.iter().map(|(kind, sold)| {
        let all = &everybody[kind];
        (kind, Move::of(sold, all, traffic))
    });
    let moves: Vec<(&Kind, Move<'_>)> = moves.collect();
    let before: Factor = moves.iter().map(|(_, one)| &one.sold.before.tokens).sum();
    let kept: Factor = moves.iter().map(|(_, one)| &one.kept).sum();
    let growth = (!before.is_zero()).then(|| kept.divided_by(&before));
    for (kind, one) in moves {
        let place = effects.entry(kind.place(app)).or_default();
        place.add(&one.effects(growth.as_ref()));
    }
}
