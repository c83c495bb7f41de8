//! What a chargeback of a flat file needs to know: `tollbook.toml`, and the same owners and
//! prices as tables for the programs it is compared with.

use std::fmt::Write;

use super::{Form, SUBSCRIPTIONS};

/// A model and its prices until mid-month; afterwards each is a tenth cheaper.
pub(crate) struct Model {
    /// Its name.
    pub(crate) name: &'static str,
    /// Input, cached input and output \[10^-9 USD per token\], multiples of ten.
    nanos: [u32; 3],
}

const fn model(name: &'static str, nanos: [u32; 3]) -> Model {
    Model { name, nanos }
}

/// The models of a flat file. The figures are made for the bench and are nobody's prices.
pub(crate) static MODELS: [Model; 12] = [
    model("gpt-4.1", [2_000, 500, 8_000]),
    model("gpt-4.1-mini", [400, 100, 1_600]),
    model("gpt-4.1-nano", [100, 30, 400]),
    model("gpt-4o", [2_500, 1_250, 10_000]),
    model("gpt-4o-mini", [150, 80, 600]),
    model("o1", [15_000, 7_500, 60_000]),
    model("o3", [2_000, 500, 8_000]),
    model("o3-mini", [1_100, 550, 4_400]),
    model("o4-mini", [1_100, 280, 4_400]),
    model("gpt-5", [1_250, 130, 10_000]),
    model("gpt-5-mini", [250, 30, 2_000]),
    model("gpt-5-nano", [50, 10, 400]),
];

/// Subscriptions from here on have no owner.
const OWNED: u32 = SUBSCRIPTIONS - 10;
const CHANGE: &str = "2026-10-16";

/// Appends a line; memory does not fail.
macro_rules! line {
    ($text:expr, $($format:tt)+) => {
        writeln!($text, $($format)+).expect("writing to memory does not fail")
    };
}

/// The configuration that a chargeback of a file of `form` needs.
pub(crate) fn tollbook_toml(form: Form) -> String {
    let mut toml = String::from("currency = \"USD\"\n\n[reading]\ndates = \"month-first\"\n");
    if !form.is_apim() {
        toml.push_str(SOURCE);
    }
    for Model { name, .. } in &MODELS {
        line!(
            toml,
            "\n[[deployment]]\nname = \"chat-{name}\"\nmodel = \"{name}\""
        );
        line!(
            toml,
            "offer = \"standard\"\nkind = \"global\"\nregion = \"swedencentral\""
        );
    }
    for number in 0..OWNED {
        let unit = unit_of(number);
        line!(
            toml,
            "\n[[owner]]\nmatch = {{ subscription = \"subscription-{number:03}\" }}"
        );
        line!(toml, "business_unit = \"{unit}\"\napp = \"all\"");
    }
    for (model, from, until, prices) in dated_prices() {
        let [input, cached, output] = prices.map(per_million);
        line!(
            toml,
            "\n[[price]]\nmodel = \"{model}\"\nkind = \"global\"\ntier = \"standard\""
        );
        line!(
            toml,
            "input = \"{input}\"\ncached_input = \"{cached}\"\noutput = \"{output}\""
        );
        line!(toml, "from = \"{from}\"\nuntil = \"{until}\"");
        line!(
            toml,
            "source = \"made for the bench\"\nas_of = \"2026-10-01\""
        );
    }
    toml
}

const SOURCE: &str = r#"
[[source]]
name = "flat"
files = "usage*"
columns = { time = "time_utc", request_id = "correlation_id", subscription = "subscription", deployment = "deployment_name", model = "model_name", status = "http_status", input = "prompt_tokens", cached_input = "cached_tokens", output = "completion_tokens" }
"#;

/// Who pays for each subscription.
pub(crate) fn owners_csv() -> String {
    let mut csv = String::from("subscription,business_unit\n");
    for number in 0..OWNED {
        line!(csv, "subscription-{number:03},{}", unit_of(number));
    }
    csv
}

/// Prices \[10^-9 USD per token\] with their days, the last one excluded.
pub(crate) fn prices_csv() -> String {
    let mut csv = String::from("model,from_day,until_day,input,cached_input,output\n");
    for (model, from, until, [input, cached, output]) in dated_prices() {
        line!(csv, "{model},{from},{until},{input},{cached},{output}");
    }
    csv
}

fn dated_prices() -> impl Iterator<Item = (&'static str, &'static str, &'static str, [u32; 3])> {
    MODELS.iter().flat_map(|model| {
        [
            (model.name, "2026-01-01", CHANGE, model.nanos),
            (
                model.name,
                CHANGE,
                "2027-01-01",
                model.nanos.map(|nano| nano / 10 * 9),
            ),
        ]
    })
}

fn unit_of(subscription: u32) -> String {
    format!("Unit {:02}", subscription % 20)
}

/// USD per million tokens, of 10^-9 USD per token.
fn per_million(nanos: u32) -> String {
    format!("{}.{:03}", nanos / 1_000, nanos % 1_000)
}
