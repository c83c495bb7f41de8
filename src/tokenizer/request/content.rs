//! What a message holds: text, images, audio, files.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::text::Text;

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content<'a>(pub Vec<Piece<'a>>);

impl Content<'_> {
    /// Whether there is anything but empty text.
    pub fn says_something(&self) -> bool {
        let empty = |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.is_empty());
        !self.0.iter().all(empty)
    }

    /// Whether there is text, and it is empty.
    pub fn is_empty_text(&self) -> bool {
        !self.0.is_empty() && !self.says_something()
    }
}

/// One piece of what a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text, refusals included.
    Text(Text<'a>),
    /// An image.
    Image(Image<'a>),
    /// Audio, as base64; empty where the service keeps it.
    Audio(Text<'a>),
    /// A file.
    File(File<'a>),
    /// A piece of another kind.
    Unknown(Text<'a>),
}

/// An image and how closely the model looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image<'a> {
    /// An address or a data URL, else the id of a file that the service keeps.
    pub source: Text<'a>,
    /// How closely.
    pub detail: Detail,
}

/// How closely a model looks at an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// As the service likes; billed as high.
    #[default]
    Auto,
    /// A small version.
    Low,
    /// Tiles or patches.
    High,
    /// Patches without the cap of `high`.
    Original,
}

impl Detail {
    fn named(name: &str) -> Self {
        match name {
            "low" => Self::Low,
            "high" => Self::High,
            "original" => Self::Original,
            _ => Self::Auto,
        }
    }
}

/// A file that a message carries or names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File<'a> {
    /// Its name, where given.
    pub name: Option<Text<'a>>,
    /// A data URL or base64; `None` where the service fetches or keeps the file.
    pub data: Option<Text<'a>>,
}

/// One piece as JSON has it, of any API.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    refusal: Option<Text<'a>>,
    #[serde(borrow)]
    image_url: Option<WireImage<'a>>,
    #[serde(borrow)]
    detail: Option<Text<'a>>,
    #[serde(borrow)]
    input_audio: Option<WireAudio<'a>>,
    #[serde(borrow)]
    file: Option<WireFile<'a>>,
    #[serde(borrow)]
    file_data: Option<Text<'a>>,
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(borrow)]
    file_id: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireAudio<'a> {
    #[serde(borrow)]
    data: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireFile<'a> {
    #[serde(borrow)]
    file_data: Option<Text<'a>>,
    #[serde(borrow)]
    filename: Option<Text<'a>>,
}

/// Chat Completions wraps address and detail in an object; Responses does not.
struct WireImage<'a>(Image<'a>);

impl<'a> Wire<'a> {
    fn piece(self) -> Piece<'a> {
        let kind = self.kind.unwrap_or_default();
        match &*kind {
            "text" | "input_text" | "output_text" | "summary_text" | "reasoning_text" => {
                Piece::Text(self.text.unwrap_or_default())
            }
            "refusal" => Piece::Text(self.refusal.unwrap_or_default()),
            "image_url" | "input_image" | "computer_screenshot" => {
                let mut image = self.image_url.map_or_else(Image::default, |wire| wire.0);
                if let Some(detail) = self.detail {
                    image.detail = Detail::named(&detail);
                }
                if let (true, Some(id)) = (image.source.is_empty(), self.file_id) {
                    image.source = id;
                }
                Piece::Image(image)
            }
            "input_audio" => {
                let audio = self.input_audio.and_then(|audio| audio.data);
                Piece::Audio(audio.unwrap_or_default())
            }
            "file" => {
                let file = self.file.unwrap_or_default();
                Piece::File(File {
                    name: file.filename,
                    data: file.file_data,
                })
            }
            "input_file" => Piece::File(File {
                name: self.filename,
                data: self.file_data,
            }),
            _ => Piece::Unknown(kind),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Piece<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(PieceVisitor)
    }
}

struct PieceVisitor;

impl<'de> Visitor<'de> for PieceVisitor {
    type Value = Piece<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an object with a `type`")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Piece::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Piece::Text(text.to_owned().into()))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        Wire::deserialize(MapAccessDeserializer::new(map)).map(Wire::piece)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of parts")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Content::default())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content(vec![Piece::Text(text.into())]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content(vec![Piece::Text(text.to_owned().into())]))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let mut pieces = Vec::new();
        while let Some(piece) = list.next_element()? {
            pieces.push(piece);
        }
        Ok(Content(pieces))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        PieceVisitor
            .visit_map(map)
            .map(|piece| Content(vec![piece]))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for WireImage<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ImageVisitor).map(Self)
    }
}

struct ImageVisitor;

impl<'de> Visitor<'de> for ImageVisitor {
    type Value = Image<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address or an object with a `url`")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Image {
            source: text.into(),
            ..Image::default()
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Image {
            source: text.to_owned().into(),
            ..Image::default()
        })
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Wire<'a> {
            #[serde(borrow)]
            url: Option<Text<'a>>,
            #[serde(borrow)]
            detail: Option<Text<'a>>,
        }
        let wire = Wire::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Image {
            source: wire.url.unwrap_or_default(),
            detail: wire
                .detail
                .map_or(Detail::Auto, |name| Detail::named(&name)),
        })
    }
}
