//! Tokens of requests taken together: how often which input goes with which output.

use std::num::NonZero;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::shapes::RequestKind;
use crate::tokenizer::count::Counted;

/// Requests counted by their tokens, in a bounded number of cells.
///
/// While there is room, every cell is one combination of sizes. When there are too many, sizes
/// lose their last binary digit, one quantity after the other, until the cells fit: so sizes keep
/// their magnitude, and a cell is as wide as its sizes are large. Coarser cells are unions of finer
/// ones, so the order of records does not matter. They are hashed, because every record looks one
/// up, and sorted when they are read.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    cells: HashMap<Sizes, Cell, FixedState>,
    /// How many digits were taken away, over all quantities.
    coarseness: u32,
}

/// Input, cached, output, most tokens [token]: the least of their cell.
type Sizes = [Option<u64>; QUANTITIES];

/// How many quantities are kept together.
const QUANTITIES: usize = 4;

/// Binary digits that sizes have at first: all.
const DIGITS: u32 = u64::BITS;

/// The requests of a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    count: u64,
    /// Their sizes added up, in the same places [token].
    sums: [u64; QUANTITIES],
}

impl Cells {
    /// Adds a request of which the cache would have held so much [token].
    pub(super) fn add(&mut self, counted: &Counted, cached: u64, most: usize) {
        let sizes = [
            Some(counted.input.total()),
            Some(cached),
            counted.output,
            counted.max_tokens.map(|most| most.get().into()),
        ];
        let cell = self.cells.entry(coarsened(sizes, self.coarseness));
        let cell = cell.or_default();
        cell.count += 1;
        for (sum, size) in cell.sums.iter_mut().zip(sizes) {
            *sum += size.unwrap_or(0);
        }
        self.keep(most);
    }

    /// Makes cells wider until there are at most so many.
    pub(super) fn keep(&mut self, most: usize) {
        while self.cells.len() > most && self.coarseness < DIGITS * 4 {
            self.coarseness = (self.coarseness.max(self.idle()) + 1).min(DIGITS * 4);
            let mut wider: HashMap<Sizes, Cell, FixedState> = HashMap::default();
            for (sizes, cell) in &self.cells {
                let sizes = coarsened(*sizes, self.coarseness);
                wider.entry(sizes).or_default().merge(cell);
            }
            self.cells = wider;
        }
    }

    /// The coarseness up to which no cell changes, for no size has that many digits.
    fn idle(&self) -> u32 {
        let sizes = self.cells.keys().flatten().flatten();
        let longest = sizes.map(|size| u64::BITS - size.leading_zeros()).max();
        (DIGITS - longest.unwrap_or(0)) * 4
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether every cell is one combination of sizes.
    pub const fn is_exact(&self) -> bool {
        self.coarseness == 0
    }

    /// Each cell as one kind of request: the means of its sizes, rounded half up. So all tokens
    /// together are off by half a token a request at most, and not at all where cells are exact.
    pub(super) fn kinds(&self) -> Result<Vec<RequestKind>, String> {
        let mut cells: Vec<(&Sizes, &Cell)> = self.cells.iter().collect();
        cells.sort_unstable_by_key(|(sizes, _)| **sizes);
        let kinds = cells.into_iter();
        kinds.map(|(sizes, cell)| cell.kind(*sizes)).collect()
    }
}

impl Cell {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum += more;
        }
    }

    fn kind(&self, sizes: Sizes) -> Result<RequestKind, String> {
        let mean = |at: usize| {
            let mean = (self.sums[at] + self.count / 2) / self.count;
            u32::try_from(mean).map_err(|_| {
                format!("a record of {mean} tokens is no request; a shape is of requests")
            })
        };
        let known = |at: usize| sizes[at].map(|_| mean(at)).transpose();
        Ok(RequestKind {
            count: NonZero::new(self.count).expect("a cell holds the request that made it"),
            input: mean(0)?,
            cached: mean(1)?,
            output: known(2)?,
            max_tokens: known(3)?.and_then(NonZero::new),
        })
    }
}

/// Sizes after so many digits were taken away: from the last quantity first, then from the one
/// before it, and so on in turn.
fn coarsened(mut sizes: Sizes, coarseness: u32) -> Sizes {
    for (place, size) in (0..).zip(sizes.iter_mut().rev()) {
        let taken = (coarseness + 3 - place) / 4;
        *size = size.map(|size| leading(size, DIGITS - taken));
    }
    sizes
}

/// A size with all but its first binary digits made 0.
const fn leading(size: u64, digits: u32) -> u64 {
    let length = u64::BITS - size.leading_zeros();
    let cut = length.saturating_sub(digits);
    if cut >= u64::BITS {
        0
    } else {
        size >> cut << cut
    }
}
