//! The owner and the route of each distinct caller, found once and looked up after that.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::owners::{Payer, unattributed};
use super::policy::Policy;
use super::routes::{Route, Routes};
use super::segments::Segments;
use crate::catalog::Catalog;
use crate::money::Factor;
use crate::usage::Dimensions;

/// The payers of some usage with their shares, by number.
pub(super) type Owner = usize;

/// Everything that is the same for all usage of one caller.
struct Caller {
    dimensions: Arc<Dimensions>,
    route: Route,
    /// The owner in each owner segment, once it is known.
    owners: Vec<Option<Owner>>,
    /// The owner where the gateway row is missing.
    nobody: Option<Owner>,
}

/// All callers met.
pub(super) struct Callers<'a> {
    policy: &'a Policy,
    pub(super) routes: Routes<'a>,
    /// Runs of days on which the same owner rules hold.
    segments: Segments,
    met: Vec<Caller>,
    /// By the address of shared texts: the same address is the same caller. Addresses decide
    /// nothing else, so they never reach output.
    by_address: HashMap<usize, usize>,
    by_texts: HashMap<Arc<Dimensions>, usize>,
    numbers: BTreeMap<Vec<(Payer, Factor)>, Owner>,
    /// The payers of each owner.
    pub(super) payers: Vec<Vec<(Payer, Factor)>>,
    /// Which rules claimed anything.
    pub(super) matched: Vec<bool>,
}

impl<'a> Callers<'a> {
    /// Nobody met yet.
    pub(super) fn new(policy: &'a Policy, catalog: &'a Catalog, segments: Segments) -> Self {
        Self {
            policy,
            routes: Routes::new(policy, catalog),
            segments,
            met: Vec::new(),
            by_address: HashMap::new(),
            by_texts: HashMap::new(),
            numbers: BTreeMap::new(),
            payers: Vec::new(),
            matched: vec![false; policy.owners.len()],
        }
    }

    /// The number of the caller with these texts.
    pub(super) fn number(&mut self, dimensions: &Arc<Dimensions>) -> usize {
        let address = Arc::as_ptr(dimensions).addr();
        if let Some(&caller) = self.by_address.get(&address) {
            return caller;
        }
        let caller = match self.by_texts.get(dimensions) {
            Some(&caller) => caller,
            None => self.add(dimensions),
        };
        self.by_address.insert(address, caller);
        caller
    }

    fn add(&mut self, dimensions: &Arc<Dimensions>) -> usize {
        let caller = Caller {
            dimensions: Arc::clone(dimensions),
            route: self.routes.of(dimensions),
            owners: vec![None; self.segments.count()],
            nobody: None,
        };
        self.met.push(caller);
        self.by_texts
            .insert(Arc::clone(dimensions), self.met.len() - 1);
        self.met.len() - 1
    }

    /// How the caller's usage is paid.
    pub(super) fn route(&self, caller: usize) -> Route {
        self.met[caller].route
    }

    /// The caller's texts.
    pub(super) fn dimensions(&self, caller: usize) -> &Dimensions {
        &self.met[caller].dimensions
    }

    /// Who owns the caller's usage of a day.
    pub(super) fn owner(&mut self, caller: usize, day_index: usize) -> Owner {
        let segment = self.segments.of(day_index);
        if let Some(owner) = self.met[caller].owners[segment as usize] {
            return owner;
        }
        let payers = self.claim(caller, self.segments.start(segment));
        let owner = self.number_of(payers);
        self.met[caller].owners[segment as usize] = Some(owner);
        owner
    }

    /// Who owns usage whose gateway row, and so whose caller, is missing.
    pub(super) fn nobody(&mut self, caller: usize) -> Owner {
        if let Some(owner) = self.met[caller].nobody {
            return owner;
        }
        let payers = unattributed(self.dimensions(caller));
        let owner = self.number_of(payers);
        self.met[caller].nobody = Some(owner);
        owner
    }

    fn claim(&mut self, caller: usize, day: NaiveDate) -> Vec<(Payer, Factor)> {
        let dimensions = &self.met[caller].dimensions;
        let (rule, payers) = self.policy.payers(dimensions, day);
        if let Some(rule) = rule {
            self.matched[rule] = true;
        }
        payers
    }

    fn number_of(&mut self, payers: Vec<(Payer, Factor)>) -> Owner {
        let next = self.payers.len();
        let number = *self.numbers.entry(payers.clone()).or_insert(next);
        if number == next {
            self.payers.push(payers);
        }
        number
    }
}
