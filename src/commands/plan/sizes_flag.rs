//! `--sizes`: which sizes are looked at.

use crate::plan::sizes::Wanted;
use crate::units::Ptu;

/// `--sizes FROM..TO` or a list.
#[derive(Clone, Debug)]
pub(super) struct SizesFlag(pub(super) Wanted);

impl std::str::FromStr for SizesFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal =
            || format!("{text:?} is no sizes in PTU; expected e.g. 50..400 or 50,100,200");
        let size = |text: &str| text.trim().parse().map(Ptu::new).map_err(|_| refusal());
        if let Some((from, to)) = text.split_once("..") {
            return Ok(Self(Wanted::Between(size(from)?, size(to)?)));
        }
        let sizes = text.split(',').map(size).collect::<Result<_, _>>()?;
        Ok(Self(Wanted::These(sizes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_a_range_or_a_list() {
        let read = |text: &str| text.parse::<SizesFlag>().map(|flag| flag.0);
        let [fifty, hundred] = [50, 100].map(Ptu::new);
        assert_eq!(read("50..100"), Ok(Wanted::Between(fifty, hundred)));
        assert_eq!(read("50, 100"), Ok(Wanted::These(vec![fifty, hundred])));
        for text in ["", "50..", "fifty", "50;100", "-5"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
