//! Usage records of an AI hub gateway, as Research runs one of its own: one JSON object a line,
//! caller and tokens together.

use serde_json::{Value, json};

use super::super::call::utc;
use super::super::month::{START, uuid};
use super::super::rng::Rng;

/// `deploymentName` of Research's own deployment.
pub(crate) const DEPLOYMENT: &str = "lab-gpt-4.1-mini";

/// One usage record.
pub(crate) struct Record {
    /// Whose key was used; `None` is the portal's own.
    pub(crate) caller: Option<&'static str>,
    /// Whether usage was missing, so that the gateway wrote 1 and 0.
    pub(crate) is_placeholder: bool,
    /// Prompt \[token\].
    pub(crate) input: u32,
    /// Answer \[token\].
    pub(crate) output: u32,
    line: Value,
}

impl Record {
    /// The record as its line of the file.
    pub(crate) fn line(&self) -> String {
        format!("{}\n", self.line)
    }
}

/// Draws `count` records of October.
pub(crate) fn records(seed: u64, count: u32) -> Vec<Record> {
    let mut rng = Rng::new(seed);
    let mut moments: Vec<u32> = (0..count)
        .map(|_| rng.between(0, 31 * 86_400 - 1))
        .collect();
    moments.sort_unstable();
    (0..)
        .zip(moments)
        .map(|(index, second)| record(&mut rng, index, second))
        .collect()
}

fn record(rng: &mut Rng, index: u32, second: u32) -> Record {
    let is_placeholder = index % 19 == 7;
    let caller = (index % 23 != 11).then_some("research-lab-001");
    let (input, output) = if is_placeholder {
        (1, 0)
    } else {
        (rng.between(2_000, 60_000), rng.between(100, 3_000))
    };
    let time = utc(START + i64::from(second) * 1_000);
    let line = json!({
        "id": uuid(rng),
        "timestamp": time.format("%-m/%-d/%Y %-I:%M:%S %p").to_string(),
        "appId": "NA",
        "subscriptionId": caller.unwrap_or("Portal-Admin"),
        "productName": if caller.is_some() { "AI-Research-Lab" } else { "Portal-Admin" },
        "targetService": if is_placeholder { "NA" } else { "chat.completion" },
        "model": if is_placeholder { "NA" } else { "gpt-4.1-mini-2025-04-14" },
        "gatewayName": "apim-contoso-lab.azure-api.net",
        "gatewayRegion": "Sweden Central",
        "RequestIp": "203.0.113.200",
        "operationName": "Creates a completion for the chat message",
        "sessionId": "NA",
        "endUserId": format!("user-{:02}@contoso.example", rng.between(1, 20)),
        "backendId": "lab-backend-0",
        "routeLocation": "swedencentral",
        "deploymentName": DEPLOYMENT,
        "promptTokens": input.to_string(),
        "responseTokens": output.to_string(),
        "totalTokens": (input + output).to_string(),
    });
    Record {
        caller,
        is_placeholder,
        input,
        output,
        line,
    }
}
