//! Two of a kind: of the statement before, and of the one after.

use crate::chargeback::statement::{Statement, StatementLine};

/// Something of both statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair<T> {
    /// Of the first statement.
    pub(super) before: T,
    /// Of the second.
    pub(super) after: T,
}

/// Which of the two statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

impl<T> Pair<T> {
    /// That of one statement.
    pub(super) fn on(&mut self, side: Side) -> &mut T {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }
}

impl<'a> Pair<&'a Statement> {
    /// The lines of both, each with its side.
    pub(super) fn lines(self) -> impl Iterator<Item = (Side, &'a StatementLine)> {
        let before = self.before.lines.iter().map(|line| (Side::Before, line));
        let after = self.after.lines.iter().map(|line| (Side::After, line));
        before.chain(after)
    }
}
