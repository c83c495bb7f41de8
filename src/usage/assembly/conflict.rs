//! Rows of one request that contradict each other.

use super::row::Row;
use crate::diagnostic::{Diagnostic, Problem, Sort};

/// How rows of one request contradict each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Conflict {
    /// A later row tells the same part of the request otherwise.
    Superseded,
    /// Another row tells the whole request.
    ToldWhole,
    /// Rows of the LLM log name different models or deployments.
    Names,
}

impl Conflict {
    /// The fault to show for `row`.
    pub(super) fn at(self, row: &Row, sources: &[String], found: String) -> Diagnostic {
        let (what, remedy) = self.texts();
        Diagnostic {
            source: sources
                .get(row.source as usize)
                .cloned()
                .unwrap_or_default(),
            line: u64::from(row.line),
            problem: Problem {
                sort: self.sort(),
                field: "",
                what: what.to_owned(),
                remedy: remedy.to_owned(),
            },
            found,
        }
    }

    const fn sort(self) -> Sort {
        match self {
            Self::Superseded | Self::ToldWhole => Sort::Conflict,
            Self::Names => Sort::Names,
        }
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Superseded => (
                "another row of the same request says otherwise",
                "the latest row was kept; expected one row a request: check whether the request \
                 was retried under one id, or exports of different systems were mixed",
            ),
            Self::ToldWhole => (
                "a row of the gateway's log belongs to a request that another source tells whole",
                "the whole row was kept; read each request from one source only",
            ),
            Self::Names => (
                "rows of one request name different models or deployments",
                "the name with most tokens was kept for all of them; expected one name a request",
            ),
        }
    }
}

/// Each of the sorted `rows` with the one before it, its equal if it was delivered before.
pub(super) fn with_previous(rows: &[Row]) -> impl Iterator<Item = (Option<&Row>, &Row)> {
    let before = std::iter::once(None).chain(rows.iter().map(Some));
    before.zip(rows)
}
