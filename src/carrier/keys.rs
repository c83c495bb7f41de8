//! Keys of JSON rows and what they mean, looked up once each.
//!
//! Keys of rows repeat in one order, so each key is compared with the one that came after the
//! last key before, and looked up only when it differs.

use std::collections::BTreeMap;

/// The keys met so far; `M` is what a key means.
pub(crate) struct Keys<M> {
    met: Vec<Key<M>>,
    index: BTreeMap<Box<str>, usize>,
    /// The key before.
    last: usize,
}

struct Key<M> {
    name: Box<str>,
    meaning: M,
    /// The key that came after it the last time.
    next: usize,
}

/// Keys that are remembered; rows have some tens, so more are no names.
const MOST_KEYS: usize = 4096;

impl<M: Copy> Keys<M> {
    /// No keys; `nothing` is what a key may mean that means nothing.
    pub(crate) fn new(nothing: M) -> Self {
        let start = Key {
            name: "".into(),
            meaning: nothing,
            next: 0,
        };
        Self {
            met: vec![start],
            index: BTreeMap::new(),
            last: 0,
        }
    }

    /// A row begins.
    pub(crate) const fn start(&mut self) {
        self.last = 0;
    }

    /// The keys met so far, in the order they were first met.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.met.iter().skip(1).map(|key| &*key.name)
    }

    /// What the key that comes next in a row means; `look_up` says what a new one does.
    pub(crate) fn meaning(&mut self, name: &str, look_up: impl Fn(&str) -> M) -> M {
        let guess = self.met[self.last].next;
        if guess > 0 && *self.met[guess].name == *name {
            self.last = guess;
            return self.met[guess].meaning;
        }
        self.find(name, look_up)
    }

    #[cold]
    fn find(&mut self, name: &str, look_up: impl Fn(&str) -> M) -> M {
        let at = match self.index.get(name) {
            Some(at) => *at,
            None if self.met.len() < MOST_KEYS => self.add(name, look_up(name)),
            None => return look_up(name),
        };
        self.met[self.last].next = at;
        self.last = at;
        self.met[at].meaning
    }

    fn add(&mut self, name: &str, meaning: M) -> usize {
        let at = self.met.len();
        self.met.push(Key {
            name: name.into(),
            meaning,
            next: 0,
        });
        self.index.insert(name.into(), at);
        at
    }
}
