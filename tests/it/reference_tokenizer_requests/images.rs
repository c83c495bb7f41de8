//! Images alone: what documents publish and bills show.

use serde_json::{Value, json};
use tollbook::tokenizer::Part;
use tollbook::tokenizer::counting::ImageSize;
use tollbook::tokenizer::request::Api;

use super::oracle::{counted, of_kind};

fn side(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// What an image costs a model.
fn tokens(model: &str, width: &Value, height: &Value, detail: &str) -> i64 {
    let url = json!({"url": "https://example.com/image", "detail": detail});
    let piece = json!({"type": "image_url", "image_url": url});
    let body = json!({"messages": [{"role": "user", "content": [piece]}]});
    let size = ImageSize::new(side(width), side(height)).unwrap();
    let count = counted(model, Api::Chat, &body.to_string(), Some(size));
    count.part(Part::Images)
}

fn of(given: &Value) -> i64 {
    let model = given["model"].as_str().unwrap();
    let detail = given["detail"].as_str().unwrap();
    tokens(model, &given["width"], &given["height"], detail)
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_image_costs_what_documents_and_bills_say() {
    for record in of_kind("image") {
        let expected = record["expected"]["image_tokens"].as_i64().unwrap();
        assert_eq!(of(&record["given"]), expected, "{}", record["id"]);
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn whole_requests_cost_their_text_and_their_image() {
    for record in of_kind("image_request") {
        let given = &record["given"];
        let model = given["model"].as_str().unwrap();
        let overhead = given["text_overhead"].as_i64().unwrap_or_else(|| {
            let message = json!({"role": "user", "content": given["text"]});
            let body = json!({"messages": [message]}).to_string();
            i64::try_from(counted(model, Api::Chat, &body, None).total()).unwrap()
        });
        let expected = record["expected"]["prompt_tokens"].as_i64().unwrap();
        assert_eq!(overhead + of(given), expected, "{}", record["id"]);
    }
}

/// `gpt-4.1-mini` has the cap of the records and 1.62 tokens a patch, so tokens tell patches.
#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn patches_are_capped_as_documented() {
    for record in of_kind("image_patches") {
        let given = &record["given"];
        assert_eq!(
            (&given["budget"], &given["patch"]),
            (&json!(1536), &json!(32))
        );
        let patches = record["expected"]["patches"].as_u64().unwrap();
        let expected = i64::try_from((patches * 162).div_ceil(100) + 1).unwrap();
        let tokens = tokens("gpt-4.1-mini", &given["width"], &given["height"], "high");
        assert_eq!(tokens, expected, "{}", record["id"]);
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn two_images_differ_by_what_was_billed() {
    for record in of_kind("image_delta") {
        let given = &record["given"];
        let model = given["model"].as_str().unwrap();
        let cost = |key: &str| tokens(model, &given[key][0], &given[key][1], "auto");
        let expected = record["expected"]["a_minus_b"].as_i64().unwrap();
        assert_eq!(cost("a") - cost("b"), expected, "{}", record["id"]);
    }
}
