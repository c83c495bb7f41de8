//! Why a row cannot be used, as its field.

use super::Slot;
use crate::diagnostic::{Fault, Sort};

impl Fault {
    /// A field that must have a value has none.
    pub(crate) fn missing(slot: Slot) -> Self {
        Self::new(
            format!("`{}` is empty", slot.name()),
            "every row needs it: export the column, or correct the row",
        )
        .sorted(Sort::Missing, slot.name())
    }
}
