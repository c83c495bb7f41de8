//! The classes of corruption: what is done, to whose exports, and which rules tell it.

mod bytes;
mod fields;
mod money;
mod pasted;
mod policy;
mod rows;
mod times;

use super::files::{Files, written};
use super::month::{Carrier, Month};
use crate::samples::generator::rng::Rng;

/// How many places each class is tried at.
pub(crate) const PLACES: u64 = 20;

/// What is done to an export.
pub(crate) enum Damage {
    /// Something to its rows.
    Rows(fn(&mut Month, &mut Rng)),
    /// Something to its bytes.
    Bytes(fn(&mut Files, &mut Rng)),
    /// Something to the configuration.
    Policy(fn(&str, &mut Rng) -> String),
}

/// A month without a fault, and its files.
pub(crate) struct Clean {
    month: Month,
    files: Files,
}

impl Clean {
    /// The month of a seed.
    pub(crate) fn of(carrier: Carrier, seed: u64) -> Self {
        let month = Month::clean(carrier, seed);
        let files = written(&month);
        Self { month, files }
    }
}

/// A class of corruption.
pub(crate) struct Class {
    /// What is done, as the table says it.
    pub(crate) what: &'static str,
    /// Whose exports it is done to, in turn.
    pub(crate) carriers: &'static [Carrier],
    /// The rules any of which tells it.
    pub(crate) told_by: &'static [&'static str],
    /// At how many of the places it is told.
    pub(crate) told: u64,
    /// Why it cannot always be told; empty where it is.
    pub(crate) because: &'static str,
    pub(crate) damage: Damage,
}

impl Class {
    const fn rows(
        what: &'static str,
        carriers: &'static [Carrier],
        told_by: &'static [&'static str],
        damage: fn(&mut Month, &mut Rng),
    ) -> Self {
        Self::of(what, carriers, told_by, Damage::Rows(damage))
    }

    const fn bytes(
        what: &'static str,
        carriers: &'static [Carrier],
        told_by: &'static [&'static str],
        damage: fn(&mut Files, &mut Rng),
    ) -> Self {
        Self::of(what, carriers, told_by, Damage::Bytes(damage))
    }

    const fn policy(
        what: &'static str,
        carriers: &'static [Carrier],
        told_by: &'static [&'static str],
        damage: fn(&str, &mut Rng) -> String,
    ) -> Self {
        Self::of(what, carriers, told_by, Damage::Policy(damage))
    }

    const fn of(
        what: &'static str,
        carriers: &'static [Carrier],
        told_by: &'static [&'static str],
        damage: Damage,
    ) -> Self {
        Self {
            what,
            carriers,
            told_by,
            told: PLACES,
            because: "",
            damage,
        }
    }

    /// The same, told at fewer places, for a reason.
    const fn only(mut self, told: u64, because: &'static str) -> Self {
        self.told = told;
        self.because = because;
        self
    }

    /// What its places are drawn from: its name (FNV-1a), so that other classes do not move them.
    pub(crate) fn seed(&self) -> u64 {
        self.what.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// The export with the damage done to it, and the configuration.
    pub(crate) fn damaged(&self, clean: &Clean, rng: &mut Rng) -> (Files, String) {
        let mut files = clean.files.clone();
        let policy = &clean.month.policy;
        match self.damage {
            Damage::Rows(damage) => {
                let mut month = clean.month.clone();
                damage(&mut month, rng);
                (written(&month), month.policy)
            }
            Damage::Bytes(damage) => {
                damage(&mut files, rng);
                (files, policy.clone())
            }
            Damage::Policy(damage) => (files, damage(policy, rng)),
        }
    }
}

/// Every class, in the order of the table.
pub(crate) fn all() -> Vec<&'static Class> {
    [
        rows::CLASSES,
        bytes::CLASSES,
        fields::CLASSES,
        times::CLASSES,
        pasted::CLASSES,
        policy::OWNERS,
        policy::PRICES,
        policy::PROVISIONED,
        money::CLASSES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The gateways that tell each request. Event Hubs come rarely: their envelopes take longest.
const REQUESTS: &[Carrier] = &[
    Carrier::Portal,
    Carrier::AiHub,
    Carrier::Portal,
    Carrier::AiHub,
    Carrier::EventHub,
];
/// API Management's own logs.
const PAIRS: &[Carrier] = &[
    Carrier::Portal,
    Carrier::Portal,
    Carrier::Portal,
    Carrier::EventHub,
];
/// All of them.
const ALL: &[Carrier] = &[
    Carrier::Portal,
    Carrier::AiHub,
    Carrier::Sums,
    Carrier::Portal,
    Carrier::AiHub,
    Carrier::Sums,
    Carrier::EventHub,
];
