//! One row: values by what they mean, whatever carried them.

use std::borrow::Cow;

use super::fields::{Fields, Own, at_path};
use super::slot::{Meaning, Slot};
use super::value::Value;
use crate::carrier::{Keys, extent};
use crate::diagnostic::Fault;

/// The values of one row.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    values: [Option<Value<'a>>; Slot::COUNT],
    /// What the user's own fields hold.
    own: [Option<Value<'a>>; Own::ALL.len()],
    /// The whole row, where it is a JSON object.
    pub(super) whole: Option<&'a str>,
    /// Whether it may hold rows instead of being one.
    pub(super) is_envelope: bool,
}

impl<'a> Row<'a> {
    /// The value of a field, if there is one.
    pub(super) fn value(&self, slot: Slot) -> Option<&Value<'a>> {
        self.values[slot as usize].as_ref()
    }

    /// The text of a field, if there is one.
    pub(super) fn text(&self, slot: Slot) -> Option<Cow<'a, str>> {
        self.value(slot)?.text()
    }

    /// What a field that the user names holds.
    pub(super) fn own(&self, own: Own) -> Option<&Value<'a>> {
        self.own[own as usize].as_ref()
    }

    /// Sets a field; of two values the first that says something holds.
    pub(super) fn set(&mut self, slot: Slot, value: Value<'a>) {
        let place = &mut self.values[slot as usize];
        if place.is_none() && value.is_there() {
            *place = Some(value);
        }
    }

    /// Sets what a field that the user names holds.
    pub(super) fn set_own(&mut self, own: Own, value: Value<'a>) {
        if value.is_there() {
            self.own[own as usize] = Some(value);
        }
    }
}

/// Keys of the rows of one source.
pub(crate) struct RowKeys(Keys<Meaning>);

impl Default for RowKeys {
    fn default() -> Self {
        Self(Keys::new(Meaning::Other))
    }
}

/// Brackets within brackets that are read; skipping deeper ones could overrun the stack.
const DEEPEST: usize = 128;

/// Objects in a field of an object, and so on, whose keys are fields of the row.
const DEEPEST_PROPERTIES: usize = 3;

impl RowKeys {
    /// Reads a JSON object into `row`, which is empty. (Rows are too large to be handed back.)
    pub(super) fn object<'a>(
        &mut self,
        text: &'a str,
        fields: &Fields,
        row: &mut Row<'a>,
    ) -> Result<(), Fault> {
        if extent(text.as_bytes()).deepest > DEEPEST {
            return Err(too_deep());
        }
        row.whole = Some(text);
        self.0.start();
        self.fill(row, Cow::Borrowed(text), 0)?;
        for (own, path) in fields.named() {
            if let Some(value) = at_path(text, path) {
                row.set_own(own, value);
            }
        }
        Ok(())
    }

    /// Reads what stands in a column or under a key into a row.
    pub(super) fn field<'a>(
        &mut self,
        row: &mut Row<'a>,
        meaning: Meaning,
        value: Value<'a>,
        properties: usize,
    ) -> Result<(), Fault> {
        match meaning {
            Meaning::Field(slot) => row.set(slot, value),
            Meaning::Properties if properties < DEEPEST_PROPERTIES => {
                if let Some(object) = value.object() {
                    self.fill(row, object, properties + 1)?;
                }
            }
            Meaning::Envelope => {
                row.is_envelope |= properties == 0 && value.array().is_some();
            }
            Meaning::Properties | Meaning::Other => {}
        }
        Ok(())
    }

    fn fill<'a>(
        &mut self,
        row: &mut Row<'a>,
        object: Cow<'a, str>,
        properties: usize,
    ) -> Result<(), Fault> {
        match object {
            Cow::Borrowed(object) => {
                for entry in sonic_rs::to_object_iter(object) {
                    let (key, value) = entry.map_err(|error| invalid(&error))?;
                    let meaning = self.0.meaning(&key, Meaning::of);
                    self.field(row, meaning, Value::Json(value.as_raw_cow()), properties)?;
                }
            }
            Cow::Owned(object) => {
                for entry in sonic_rs::to_object_iter(object.as_str()) {
                    let (key, value) = entry.map_err(|error| invalid(&error))?;
                    let meaning = self.0.meaning(&key, Meaning::of);
                    let value = Value::Json(value.as_raw_cow()).into_owned();
                    self.field(row, meaning, value, properties)?;
                }
            }
        }
        Ok(())
    }
}

#[cold]
fn too_deep() -> Fault {
    Fault::new(
        "JSON is nested too deeply",
        "no request is nested over 128 levels: correct the row",
    )
}

#[cold]
fn invalid(error: &sonic_rs::Error) -> Fault {
    let what = if error.is_eof() {
        "JSON ends early"
    } else {
        "row is not valid JSON"
    };
    Fault::new(
        what,
        "the row is half-written or damaged: write the file again",
    )
}
