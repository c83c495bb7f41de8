//! Which column holds what, resolved once for each header.

use super::fields::{Fields, Own, at_path_of};
use super::row::{Row, RowKeys};
use super::slot::{Meaning, Slot};
use super::value::Value;
use crate::diagnostic::Fault;

/// The columns of a CSV file, a Parquet file, or a query result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The header as found.
    pub(super) header: Vec<String>,
    /// Columns that are read, and what they mean.
    wanted: Vec<(usize, Meaning)>,
    /// Columns that the user names, and the path inside them.
    own: Vec<(usize, Own, Option<String>)>,
}

/// Fields that may hold what is to be counted, or hold them in parts.
const PROMPTS: [Slot; 10] = [
    Slot::RequestBody,
    Slot::BackendRequestBody,
    Slot::Request,
    Slot::Body,
    Slot::Input,
    Slot::RequestMessages,
    Slot::Messages,
    Slot::Prompt,
    Slot::Text,
    Slot::Response,
];

impl Columns {
    /// Resolves a header.
    pub(super) fn new(header: Vec<String>, fields: &Fields) -> Self {
        let meanings = header.iter().map(|name| Meaning::of(name)).enumerate();
        let wanted = meanings.filter(|(_, meaning)| *meaning != Meaning::Other);
        let own = fields.named().filter_map(|(own, name)| {
            let (column, path) = place(&header, name)?;
            Some((column, own, path))
        });
        Self {
            wanted: wanted.collect(),
            own: own.collect(),
            header,
        }
    }

    /// How many columns are read, and how many there are: the more, the likelier the delimiter.
    pub(super) fn worth(&self) -> (usize, usize) {
        (self.read().len(), self.header.len())
    }

    /// Whether some column can be counted.
    pub(super) fn has_prompt(&self, fields: &Fields) -> bool {
        match fields.column {
            Some(_) => self.own.iter().any(|(_, own, _)| *own == Own::Column),
            None => PROMPTS.iter().any(|slot| self.has(*slot)),
        }
    }

    /// Whether a column holds this field.
    pub(super) fn has(&self, slot: Slot) -> bool {
        let mut meanings = self.wanted.iter();
        meanings.any(|(_, meaning)| *meaning == Meaning::Field(slot))
    }

    /// Columns that are read, each once, in their order.
    pub(super) fn read(&self) -> Vec<usize> {
        let wanted = self.wanted.iter().map(|(column, _)| *column);
        let own = self.own.iter().map(|(column, ..)| *column);
        let mut read: Vec<usize> = wanted.chain(own).collect();
        read.sort_unstable();
        read.dedup();
        read
    }

    /// Reads cells in the order of the header into `row`, which is empty.
    pub(super) fn fill<'a>(
        &self,
        cell: &dyn Fn(usize) -> Option<Value<'a>>,
        keys: &mut RowKeys,
        row: &mut Row<'a>,
    ) -> Result<(), Fault> {
        for (column, meaning) in &self.wanted {
            if let Some(value) = cell(*column) {
                keys.field(row, *meaning, value, 0)?;
            }
        }
        for (column, own, path) in &self.own {
            let value = cell(*column);
            let value = match path {
                None => value,
                Some(path) => value.and_then(|value| at_path_of(&value.object()?, path)),
            };
            if let Some(value) = value {
                row.set_own(*own, value);
            }
        }
        Ok(())
    }
}

/// The column of this name, else the column and path that a dotted name means.
fn place(header: &[String], name: &str) -> Option<(usize, Option<String>)> {
    let column = |name: &str| {
        let exact = header.iter().position(|title| title == name);
        exact.or_else(|| {
            header
                .iter()
                .position(|title| title.eq_ignore_ascii_case(name))
        })
    };
    if let Some(at) = column(name) {
        return Some((at, None));
    }
    let (start, path) = name.split_once('.')?;
    Some((column(start)?, Some(path.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_user_are_columns_or_paths_into_them() {
        let header = ["id", "Prompt", "meta"].map(str::to_owned).to_vec();
        assert_eq!(place(&header, "Prompt"), Some((1, None)));
        assert_eq!(place(&header, "prompt"), Some((1, None)));
        assert_eq!(
            place(&header, "meta.app.name"),
            Some((2, Some("app.name".to_owned())))
        );
        assert_eq!(place(&header, "other"), None);
    }
}
