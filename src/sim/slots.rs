//! Places for things that come and go, used again when they are free.

/// Things by place. A place is free again once its thing is taken.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    /// Keeps a thing and says its place.
    pub(super) fn keep(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.slots[place as usize] = Some(thing);
            return place;
        }
        self.slots.push(Some(thing));
        u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 things at once")
    }

    /// The thing at a place, which becomes free.
    pub(super) fn take(&mut self, place: u32) -> T {
        self.free.push(place);
        let thing = self.slots[place as usize].take();
        thing.expect("a place is taken once")
    }

    /// The thing at a place.
    pub(super) fn get_mut(&mut self, place: u32) -> &mut T {
        let thing = self.slots[place as usize].as_mut();
        thing.expect("the place is not free")
    }

    /// How many things there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// The things, in the order of their places.
    pub(super) fn into_things(self) -> impl Iterator<Item = T> {
        self.slots.into_iter().flatten()
    }
}
