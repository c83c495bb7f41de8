//! How families of models count: data, by the start of the model's name.

mod framing;
mod image_rules;
mod tool_rules;

pub use framing::{Framing, Style};
pub use image_rules::{ImageMethod, ImageRules};
pub use tool_rules::{Opening, Parallel, Rendering, ToolRules};

use super::request::Api;

/// Everything that counting has to know about a model, apart from its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// How messages are framed.
    pub framing: &'static Framing,
    /// How tools are rendered in Chat Completions.
    pub chat_tools: &'static ToolRules,
    /// How tools are rendered in Responses.
    pub response_tools: &'static ToolRules,
    /// What images cost; `None` where no source says.
    pub images: Option<&'static ImageRules>,
}

impl Family {
    /// The family of a model, by its name in the catalog or as `OpenAI` writes it; a version may
    /// follow the name after a hyphen. The longest prefix wins. A name that no row knows is
    /// framed as the newest family, and not confirmed.
    pub fn of(model: &str) -> Self {
        let model = model.to_lowercase();
        let framing = framing::of(&model);
        Self {
            chat_tools: tool_rules::of(&framing.tools, Api::Chat),
            response_tools: tool_rules::of(&framing.tools, Api::Responses),
            images: image_rules::of(&model),
            framing,
        }
    }

    /// How tools are rendered in `api`.
    pub const fn tools(self, api: Api) -> &'static ToolRules {
        match api {
            Api::Responses => self.response_tools,
            _ => self.chat_tools,
        }
    }
}

/// The row with the longest prefix of `model`; `*` is a prefix of everything, and the shortest.
fn longest<'r, R>(rows: &'r [R], model: &str, prefix: impl Fn(&R) -> &str) -> Option<&'r R> {
    let length = |row: &&'r R| Some(prefix(row)).filter(|text| *text != "*").map(str::len);
    let known = rows.iter().filter(|row| {
        let start = prefix(row);
        start == "*" || model.starts_with(start)
    });
    known.max_by_key(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_wins() {
        let framing = |model| {
            let framing = Family::of(model).framing;
            (framing.per_message, framing.per_name, framing.priming)
        };
        assert_eq!(framing("gpt-4o-2024-08-06"), (3, 1, 3));
        assert_eq!(framing("gpt-3.5-turbo-0301"), (4, -1, 3));
        assert_eq!(framing("GPT-35-turbo-4k-0301"), (4, -1, 3));
        assert_eq!(framing("gpt-5-mini"), (3, 1, 2));
        assert_eq!(framing("gpt-5-chat"), (3, 1, 3));
    }

    #[test]
    fn an_unknown_name_is_framed_as_the_newest_family() {
        let unknown = Family::of("somebody-elses-model");
        let newest = Family::of("gpt-5");
        assert_eq!(unknown.framing.priming, newest.framing.priming);
        assert_eq!(unknown.chat_tools, newest.chat_tools);
        assert!(newest.framing.confirmed && !unknown.framing.confirmed);
        assert_eq!(unknown.images, None);
    }

    #[test]
    fn versions_of_one_model_may_render_tools_in_their_own_way() {
        let rendering = |model| Family::of(model).chat_tools.rendering;
        assert_eq!(rendering("gpt-35-turbo-4k-0613"), Rendering::Indented);
        assert_eq!(rendering("gpt-35-turbo-0125"), Rendering::Inline);
        assert_eq!(rendering("gpt-oss-120b"), Rendering::Harmony);
    }
}
