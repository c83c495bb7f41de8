//! Tables of severities: from the names that are written to the rules that are meant.

use std::collections::BTreeMap;

use super::super::rule::{Family, Rule};
use crate::chargeback::{Fault, Step};
use crate::config::check::Level;
use crate::spelling::hint;

/// Every rule there is.
pub(super) type Rules = [&'static Rule];

/// Levels by the id of the rule.
pub(super) type Levels = BTreeMap<&'static str, Level>;

/// What one name means.
pub(super) enum Meaning {
    /// One rule, by its id or name.
    Rule(&'static Rule),
    /// All rules of a family; there may be none.
    Family(Family),
}

/// What a name means, never minding case; what is wrong with it if it means nothing.
pub(super) fn meaning(rules: &Rules, name: &str) -> Result<Meaning, String> {
    let is_name = |known: &str| known.eq_ignore_ascii_case(name);
    let mut all = rules.iter();
    if let Some(rule) = all.find(|rule| is_name(rule.id) || is_name(rule.name)) {
        return Ok(Meaning::Rule(rule));
    }
    let mut families = Family::ALL.into_iter();
    if let Some(family) = families.find(|family| is_name(family.name())) {
        return Ok(Meaning::Family(family));
    }
    let names = rules.iter().flat_map(|rule| [rule.id, rule.name]);
    let nearest = hint(name, names.chain(Family::ALL.map(Family::name)));
    Err(format!(
        "{name:?} is no rule and no family of rules{nearest} (tollbook check --list shows all)"
    ))
}

/// The levels of one table, told one by one; ids and names go before families.
pub(super) struct Table<'r> {
    rules: &'r Rules,
    families: BTreeMap<Family, Level>,
    own: Levels,
}

impl<'r> Table<'r> {
    /// An empty table.
    pub(super) const fn new(rules: &'r Rules) -> Self {
        Self {
            rules,
            families: BTreeMap::new(),
            own: BTreeMap::new(),
        }
    }

    /// Adds an entry; what is wrong with it if it means nothing, or what was told already.
    pub(super) fn tell(&mut self, name: &str, level: Level) -> Result<(), String> {
        let before = match meaning(self.rules, name)? {
            Meaning::Rule(rule) => self.own.insert(rule.id, level).map(|_| rule.to_string()),
            Meaning::Family(family) => {
                let before = self.families.insert(family, level);
                before.map(|_| family.name().to_owned())
            }
        };
        before.map_or(Ok(()), |what| {
            Err(format!(
                "{name:?} means {what}, which has a severity here already; keep one of them"
            ))
        })
    }

    /// The level of every rule that something was told of.
    pub(super) fn levels(mut self) -> Levels {
        for rule in self.rules {
            if let Some(level) = self.families.get(&rule.family) {
                self.own.entry(rule.id).or_insert(*level);
            }
        }
        self.own
    }
}

/// The levels of a table at `path`; adds what is wrong with it.
pub(super) fn written(
    rules: &Rules,
    table: &BTreeMap<String, Level>,
    path: &[Step],
    faults: &mut Vec<Fault>,
) -> Levels {
    let mut levels = Table::new(rules);
    for (at, (name, level)) in table.iter().enumerate() {
        if let Err(message) = levels.tell(name, *level) {
            let path = [path, &[Step::Entry(at)]].concat();
            faults.push(Fault::of(path, message));
        }
    }
    levels.levels()
}
