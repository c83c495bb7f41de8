//! The `input` or `prompt` of a body: a text, texts, token ids, or items.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::item::Wire;
use super::text::Text;

/// What `input` and `prompt` may hold, in every API.
#[derive(Default)]
pub(super) struct Input<'a>(pub(super) Vec<Element<'a>>);

/// One element of a list, or all there is.
pub(super) enum Element<'a> {
    Text(Text<'a>),
    /// So many token ids.
    Tokens(u64),
    Item(Box<Wire<'a>>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Input<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(InputVisitor)
    }
}

struct InputVisitor;

impl<'de> Visitor<'de> for InputVisitor {
    type Value = Input<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings, token ids or items")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Input::default())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Input(vec![Element::Text(text.into())]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Input(vec![Element::Text(text.to_owned().into())]))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            match (elements.last_mut(), element) {
                (Some(Element::Tokens(ids)), Element::Tokens(1)) => *ids += 1,
                (_, element) => elements.push(element),
            }
        }
        Ok(Input(elements))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        let wire = Wire::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Input(vec![Element::Item(Box::new(wire))]))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Element<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ElementVisitor)
    }
}

struct ElementVisitor;

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = Element<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a token id, a list of token ids, or an item")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Element::Tokens(1))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Element::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Element::Text(text.to_owned().into()))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let mut ids = 0;
        while list.next_element::<u32>()?.is_some() {
            ids += 1;
        }
        Ok(Element::Tokens(ids))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        let wire = Wire::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Element::Item(Box::new(wire)))
    }
}
