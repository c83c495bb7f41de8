//! The configuration that goes with the clean exports of each carrier.

use super::month::{CALLERS, Carrier};

/// Everything has an owner, a price and a description.
pub(crate) fn of(carrier: Carrier) -> String {
    let callers = match carrier {
        Carrier::Sums => &CALLERS[..2],
        _ => &CALLERS[..],
    };
    let field = match carrier {
        Carrier::Sums => "app",
        _ => "subscription",
    };
    let owners: String = callers.iter().map(|(name, _)| owner(field, name)).collect();
    let special = match carrier {
        Carrier::Portal => format!("{SMALL}{DESCRIBED}"),
        Carrier::EventHub => format!("{SMALL}{DEFAULTS}"),
        Carrier::AiHub => format!("{SMALL}{DEFAULTS}{PRICE}"),
        Carrier::Sums => SUMS.to_owned(),
    };
    format!("{special}{owners}")
}

/// The unit that owns a caller.
pub(crate) fn unit(caller: &str) -> String {
    caller.replace("bu-", "unit-")
}

/// The rule that says so.
pub(crate) fn owner(field: &str, caller: &str) -> String {
    let unit = unit(caller);
    format!(
        "[[owner]]\nmatch = {{ {field} = \"{caller}\" }}\nbusiness_unit = \"{unit}\"\n\
         cost_centre = \"CC-{unit}\"\n\n"
    )
}

/// A gateway with some thirty requests a day.
const SMALL: &str = "[check.limits]\ngap_requests = 12\n\n";

const DEFAULTS: &str = r#"[defaults]
offer = "standard"
kind = "global"
region = "swedencentral"

"#;

const DESCRIBED: &str = r#"[[deployment]]
name = "gpt-4.1"
model = "gpt-4.1"
version = "2025-04-14"
offer = "standard"
kind = "global"
region = "swedencentral"

[[deployment]]
name = "gpt-4o-mini"
model = "gpt-4o-mini"
version = "2024-07-18"
offer = "standard"
kind = "global"
region = "swedencentral"

"#;

/// A negotiated price.
pub(crate) const PRICE: &str = r#"[[price]]
model = "gpt-4.1"
kind = "global"
tier = "standard"
input = "1.80"
cached_input = "0.45"
output = "7.20"
from = "2026-09-01"
source = "contract"
as_of = "2026-09-01"

"#;

const SUMS: &str = r#"[[source]]
name = "sums"
files = "sums*.csv"

[source.columns]
time = "hour"
request_id = "sum"
app = "client"
model = "engine"
deployment = "asked"
backend = "backend"
region = "region"
status = "status"
requests = "calls"
input = "prompt"
cached_input = "cached"
output = "answer"
reasoning = "thought"

[check.limits]
# The source tells sums of an hour, so no count is of a single request.
estimated_percent = 100

[[deployment]]
name = "shared-ptu"
logged_as = ["gpt-4.1"]
backends = ["aoai-ptu"]
model = "gpt-4.1"
version = "2025-04-14"
offer = "provisioned"
kind = "global"
region = "swedencentral"
capacity = [{ from = "2026-03-01", ptu = 30 }]

[[deployment]]
name = "shared-payg"
logged_as = ["gpt-4.1"]
backends = ["aoai-payg"]
model = "gpt-4.1"
version = "2025-04-14"
offer = "standard"
kind = "global"
region = "swedencentral"
spillover_from = "shared-ptu"

[[reservation]]
name = "year"
kind = "global"
region = "swedencentral"
ptu = 30
term = "1-year"
start = "2026-03-01"
price_per_ptu = "1500"

[allocation]
used = "weighted-tokens"
idle = "proportional"
unused_reservation = "proportional"

[[check.budget]]
business_unit = "unit-hr"
amount = "5000"

"#;
