//! Sizing without traffic, from the command line: the published examples, the schema, refusals.

use std::process::{Command, Output};

use serde_json::Value;

use crate::report_schema::violation;

fn plan(arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .arg("plan")
        .args(arguments.split_whitespace())
        .args(["--as-of", "2026-11-01"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn sized(arguments: &str) -> Value {
    let output = plan(&format!("{arguments} --format json"));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Azure docs, how-to-provisioned-throughput-sizing.md @03b0fd5 and determine-ptu-requirements.md
/// @47c247b.
#[test]
fn the_published_examples_come_out() {
    for (arguments, weighted, global, regional) in [
        (
            "--model gpt-5.2 --rpm 1000 --input 200 --output 20 --cached 0",
            "360000",
            "110",
            "150",
        ),
        (
            "--model gpt-5.2 --rpm 1000 --input 200 --output 20 --cached 50%",
            "260000",
            "80",
            "100",
        ),
        (
            "--model gpt-5.2 --rpm 1000 --input 100 --output 50",
            "500000",
            "150",
            "150",
        ),
        (
            "--model gpt-4.1 --rpm 1000 --input 200 --output 20 --cached 0",
            "280000",
            "95",
            "100",
        ),
        (
            "--model gpt-image-2 --rpm 10 --input 2000 --image-input 1229 --image-output 7024",
            "461104",
            "400",
            "400",
        ),
    ] {
        let sizing = sized(arguments);
        assert_eq!(
            sizing["weighted_tokens_per_minute"], weighted,
            "{arguments}"
        );
        let sizes = sizing["sizes"].as_array().unwrap().iter();
        let sizes: Vec<&Value> = sizes.map(|size| &size["ptu"]).collect();
        assert_eq!(sizes, [global, global, regional], "{arguments}");
    }
}

#[test]
fn sizings_are_what_the_schema_says() {
    let schema = include_str!("../../docs/schema/sizing-1.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    for arguments in [
        "--model gpt-4.1 --rpm 1000 --input 2000 --output 20 --cached 0.5",
        "--model gpt-image-2 --rpm 10 --input 2000 --image-output 7024",
        "--model gpt-6-sol --month-requests 1000000 --month-input 500000000 --month-output 9 \
         --busy-hours 8-18 --peak-factor 2.5 --cache-write 10% --term 1-year",
    ] {
        let document = sized(arguments);
        assert_eq!(violation(&document, &schema, &schema, ""), None);
    }
    let mut wrong = sized("--model gpt-4.1 --rpm 1 --input 2000");
    wrong["sizes"][0]["ptu"] = "many".into();
    let found = violation(&wrong, &schema, &schema, "").unwrap();
    assert!(found.starts_with("/sizes/0/ptu"), "{found}");
}

/// Each line of the table is refused with what follows the arrow, and none ends in a panic.
fn refused(before: &str, table: &str) {
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let (arguments, message) = line.split_once("=>").unwrap();
        let output = plan(&format!("{before} {arguments}"));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains(message.trim()), "{arguments}: {said}");
        assert_eq!(output.stdout, b"", "{arguments}");
    }
}

#[test]
fn loads_that_cannot_be_are_refused() {
    refused(
        "--model gpt-4.1",
        r#"
        --rpm 0 --input 5                       => the rate of requests is 0; expected more than 0
        --rpm -3 --input 5                      => the rate of requests is -3; expected 0 or more
        --rpm 1e3 --input 5                     => "1e3" is not a plain decimal number
        --rpm 10                                => --rpm needs the mean request
        --input 10                              => add --rpm
        --rpm 1 --input 0                       => number of tokens is 0
        --rpm 1 --input 200000                  => serve prompts of up to 128000
        --rpm 1 --input 5 --cached 1.01         => "1.01" is not a share
        --rpm 1 --input 5 --cached -1%          => unexpected argument '-1'
        --rpm 1 --input 5 --cached 60% --cache-write 60% => are more than the whole prompt together
        --rpm 1 --input 5 --peak-factor 0.5     => the peak is 0.5 times the mean
        --rpm 1 --input 5 --image-input 5       => leave --image-input out
        --rpm 99999999999999999999999 --input 5 => which is no size of anything
        --month-requests 5                      => --month-input
        --month-requests 0 --month-input 5 --month-output 5 => the month's number of requests is 0
        --month-requests 1 --month-input 5 --month-output 5 --busy-hours 8-8 => is no hours of the week
        "#,
    );
}

#[test]
fn what_contradicts_or_is_not_known_is_refused() {
    refused(
        "--rpm 10 --input 500 --output 20",
        r#"
        --output 20                                => cannot be used multiple times
        --region swedencentral                     => no model: name the one to size with --model
        --model gpt-4.l                            => did you mean gpt-4, gpt-4.1 or gpt-4o?
        --model gpt-5-nano                         => no provisioned throughput figures
        --model gpt-4.1 --model o3                 => of one model
        --model gpt-4.1 --month-requests 5         => cannot be used with
        --model gpt-4.1 --busy-hours 8-18          => are those of --month-requests
        --model gpt-4.1 --region atlantis          => no region is called "atlantis"
        --model gpt-4.1 --kind zonal               => expected global, datazone, regional
        --model gpt-4.1 --term 3-years             => expected hourly, 1-month, 1-year
        --model gpt-4.1 --model-version 2020-01-01 => known for version 2025-04-14
        --model gpt-4.1 --max-spill 1%             => an objective needs traffic
        --model gpt-4.1 README.md                  => leave one of them out
        --model Llama-3.3-70B-Instruct --kind regional => no source gives sizes of regional
        "#,
    );
}
