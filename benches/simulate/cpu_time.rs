//! CPU time as a measurement: what other programs do on the machine does not count. It is read
//! from the kernel's account of this thread, which Linux keeps.

use std::fs;

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};

/// CPU time of the measuring thread [ns].
pub(crate) struct CpuTime;

fn nanoseconds() -> u64 {
    let account = fs::read_to_string("/proc/thread-self/schedstat")
        .expect("the bench runs on Linux, which accounts for threads");
    let first = account.split_whitespace().next();
    first
        .and_then(|text| text.parse().ok())
        .expect("the account starts with nanoseconds")
}

impl Measurement for CpuTime {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        nanoseconds()
    }

    fn end(&self, start: u64) -> u64 {
        nanoseconds() - start
    }

    fn add(&self, one: &u64, other: &u64) -> u64 {
        one + other
    }

    fn zero(&self) -> u64 {
        0
    }

    #[expect(clippy::cast_precision_loss, reason = "statistics")]
    fn to_f64(&self, value: &u64) -> f64 {
        *value as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

impl ValueFormatter for CpuTime {
    fn scale_values(&self, _typical: f64, values: &mut [f64]) -> &'static str {
        for value in values {
            *value /= 1e6;
        }
        "ms CPU"
    }

    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        let Throughput::Elements(elements) = throughput else {
            return self.scale_values(0.0, values);
        };
        #[expect(clippy::cast_precision_loss, reason = "statistics")]
        let elements = *elements as f64;
        for value in values {
            *value = elements / *value * 1e3;
        }
        "M/s CPU"
    }

    fn scale_for_machines(&self, _values: &mut [f64]) -> &'static str {
        "ns"
    }
}
