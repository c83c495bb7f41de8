//! Fields that the user names: columns, or dotted paths into JSON.

use std::borrow::Cow;

use super::value::Value;

/// What the user says about the fields of records; names are columns, or dotted paths into JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The text or body to count.
    pub column: Option<String>,
    /// The model or deployment.
    pub model: Option<String>,
    /// The calling app.
    pub app: Option<String>,
    /// Any other label.
    pub tag: Option<String>,
}

/// A field that the user names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// The text or body to count.
    Column,
    /// The model or deployment.
    Model,
    /// The calling app.
    App,
    /// Any other label.
    Tag,
}

impl Own {
    pub(super) const ALL: [Self; 4] = [Self::Column, Self::Model, Self::App, Self::Tag];
}

impl Fields {
    /// How the user calls a field.
    pub(super) fn name(&self, own: Own) -> Option<&str> {
        let name = match own {
            Own::Column => &self.column,
            Own::Model => &self.model,
            Own::App => &self.app,
            Own::Tag => &self.tag,
        };
        name.as_deref()
    }

    /// Every field that the user names.
    pub(super) fn named(&self) -> impl Iterator<Item = (Own, &str)> {
        let named = |own| Some((own, self.name(own)?));
        Own::ALL.into_iter().filter_map(named)
    }
}

/// What stands in a JSON object under a key, or at a dotted path.
pub(super) fn at_path<'a>(object: &'a str, path: &str) -> Option<Value<'a>> {
    let value = sonic_rs::get(object, [path]);
    let value = value.or_else(|_| sonic_rs::get(object, path.split('.')));
    let value = Value::Json(value.ok()?.as_raw_cow());
    Some(value).filter(Value::is_there)
}

/// The same in an object that may have been a text.
pub(super) fn at_path_of<'a>(object: &Cow<'a, str>, path: &str) -> Option<Value<'a>> {
    match object {
        Cow::Borrowed(object) => at_path(object, path),
        Cow::Owned(object) => at_path(object, path).map(Value::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_before_a_path() {
        let object = r#"{"a":{"b":"deep"},"a.c":"flat","n":null}"#;
        let text = |path| at_path(object, path)?.text().map(Cow::into_owned);
        assert_eq!(text("a.b").as_deref(), Some("deep"));
        assert_eq!(text("a.c").as_deref(), Some("flat"));
        for missing in ["b", "a.d", "a.b.c", "n", ""] {
            assert_eq!(text(missing), None, "{missing}");
        }
    }
}
