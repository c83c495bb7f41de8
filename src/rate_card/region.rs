//! Azure regions, and the groups of them that share a price.

use std::collections::BTreeMap;

use crate::azure::region_name;
use crate::spelling;

/// The group of every commercial region: all but the government cloud.
const COMMERCIAL: &str = "all-commercial";
/// The group of the government cloud.
const GOVERNMENT: &str = "usgov";

/// Every known region with its group: `us`, `eu`, `apac`, `other` or `usgov`.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    groups: BTreeMap<String, String>,
}

impl Regions {
    /// Regions by programmatic name, each with its group; empty for none.
    pub fn new(groups: BTreeMap<String, String>) -> Self {
        Self { groups }
    }

    /// What a price that covers `region` may be limited to: the region, its group, and the group
    /// of all commercial regions.
    pub fn names<'a>(&'a self, region: &'a str) -> Vec<&'a str> {
        match self.groups.get(region).map(String::as_str) {
            None => vec![region],
            Some(GOVERNMENT) => vec![region, GOVERNMENT],
            Some("") => vec![region, COMMERCIAL],
            Some(group) => vec![region, group, COMMERCIAL],
        }
    }

    /// Whether `name` is a known region.
    pub fn knows(&self, name: &str) -> bool {
        self.groups.contains_key(name)
    }

    /// Whether `name` is a known region or group.
    pub fn knows_any(&self, name: &str) -> bool {
        name == COMMERCIAL || self.knows(name) || self.groups.values().any(|group| group == name)
    }

    /// Whether no region is known.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Every known region.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// "; did you mean swedencentral?", or nothing when no known region is alike.
    pub fn hint(&self, name: &str) -> String {
        spelling::hint(&region_name(name), self.iter())
    }
}
