//! What a Service Bus queue is where nothing is stated: facts with source and date.

use std::num::NonZero;

use crate::facts::{FactError, Provenance, Settings};
use crate::time::SimDuration;

const SERVICE_BUS: &str = include_str!("../data/service_bus.csv");

/// Settings of a Service Bus queue and its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceBusDefaults {
    /// Lock of a fetched message.
    pub lock: SimDuration,
    /// The longest lock that a queue can be given.
    pub longest_lock: SimDuration,
    /// How long clients renew the lock of a message in work.
    pub renewal: SimDuration,
    /// Deliveries before a message is dead-lettered.
    pub max_deliveries: NonZero<u32>,
    /// Where each setting is from, in the order of the table.
    pub provenance: Vec<(String, Provenance)>,
}

/// The defaults that come with the program.
pub fn bundled() -> ServiceBusDefaults {
    load(SERVICE_BUS).expect("the bundled table is tested")
}

fn load(csv: &str) -> Result<ServiceBusDefaults, FactError> {
    let table = Settings::read("service_bus.csv", csv)?;
    let seconds = |name| {
        let value = table.get(name)?;
        Ok::<_, FactError>(SimDuration::from_seconds(value.get().into()))
    };
    Ok(ServiceBusDefaults {
        lock: seconds("lock_duration_s")?,
        longest_lock: seconds("longest_lock_duration_s")?,
        renewal: seconds("max_auto_lock_renewal_s")?,
        max_deliveries: table.get("max_delivery_count")?,
        provenance: table
            .provenance()
            .map(|(setting, provenance)| (setting.to_owned(), provenance.clone()))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        let defaults = bundled();
        assert_eq!(defaults.lock, SimDuration::from_seconds(60));
        assert_eq!(defaults.longest_lock, SimDuration::from_seconds(300));
        assert_eq!(defaults.renewal, SimDuration::from_seconds(300));
        assert_eq!(defaults.max_deliveries.get(), 10);
        assert_eq!(defaults.provenance.len(), 4);
    }

    #[test]
    fn a_table_without_a_setting_does_not_load() {
        let header = SERVICE_BUS.lines().next().unwrap();
        let error = load(header).unwrap_err().to_string();
        assert!(error.contains("lock_duration_s"), "{error}");
    }
}
