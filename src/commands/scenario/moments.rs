//! Flags that are times: the span, and the depth of the bucket.

use anyhow::bail;

use crate::chargeback::moment;
use crate::config::scenario::SimulationSection;
use crate::time::{SimDuration, Timestamp};

/// `--depth`.
#[derive(Clone, Copy, Debug)]
pub(super) struct DepthFlag(pub(super) SimDuration);

impl std::str::FromStr for DepthFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is no depth in seconds; expected e.g. 60 or 0.5");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let written = format!("{whole}{fraction:0<6}");
        let fits = fraction.len() <= 6 && written.len() <= 15 && digits(&written);
        let micros = fits.then(|| written.parse().ok()).flatten();
        micros
            .filter(|micros| *micros > 0)
            .map(|micros| Self(SimDuration::from_micros(micros)))
            .ok_or_else(refusal)
    }
}

/// `--from`, `--until`.
#[derive(Clone, Copy, Debug)]
pub(super) struct MomentFlag(pub(super) Timestamp);

impl std::str::FromStr for MomentFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = "is not a day or a whole minute; expected e.g. 2026-10-01T08:30:00Z";
        let moment = moment::parse(text).map(Self);
        moment.ok_or_else(|| format!("{text:?} {refusal}"))
    }
}

/// Refuses a span that ends before it starts.
pub(super) fn check_span(simulation: &SimulationSection) -> anyhow::Result<()> {
    if let (Some(from), Some(until)) = (simulation.from, simulation.until)
        && from >= until
    {
        let minute = |time: Timestamp| time.to_string().replace(":00.000000Z", "Z");
        bail!(
            "the span would start at {} and end at {}; `until` must be after `from`",
            minute(from),
            minute(until)
        );
    }
    Ok(())
}
