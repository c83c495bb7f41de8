//! Configurations that lost their way.

use super::super::month::{CALLERS, Carrier};
use super::super::policy::{PRICE, owner, unit};
use super::{ALL, Class};
use crate::samples::generator::rng::Rng;

/// Whose callers are subscriptions; AI hubs are read fastest.
const OWNED: &[Carrier] = &[
    Carrier::AiHub,
    Carrier::AiHub,
    Carrier::AiHub,
    Carrier::Portal,
];
const SUMS: &[Carrier] = &[Carrier::Sums];
const PRICED: &[Carrier] = &[Carrier::AiHub];
const PORTAL: &[Carrier] = &[Carrier::Portal];

/// Owner rules, keys and credits.
pub(super) static OWNERS: &[Class] = &[
    Class::policy("an owner rule deleted", OWNED, &["TB060"], |policy, rng| {
        changed(policy, &any_owner(rng), "")
    }),
    Class::policy(
        "an owner rule narrowed",
        OWNED,
        &["TB060", "TB061"],
        |policy, rng| {
            let old = any_owner(rng);
            changed(
                policy,
                &old,
                &old.replace(" }", ", product = \"ai-premium\" }"),
            )
        },
    ),
    Class::policy(
        "a caller misspelt in its rule",
        OWNED,
        &["TB060", "TB061"],
        |policy, rng| {
            let old = any_owner(rng);
            changed(policy, &old, &old.replace("bu-", "bu_"))
        },
    ),
    Class::policy(
        "an owner rule put behind a catch-all",
        OWNED,
        &["TB062"],
        |policy, rng| {
            let old = any_owner(rng);
            let all = "[[owner]]\nmatch = { subscription = \"bu-*\" }\nbusiness_unit = \"Central\"\ncost_centre = \"C\"\n\n";
            changed(policy, &old, &format!("{all}{old}"))
        },
    ),
    Class::policy("an owner rule ended", OWNED, &["TB063"], |policy, rng| {
        let day = rng.between(5, 25);
        let old = any_owner(rng);
        let new = format!(
            "{}until = \"2026-10-{day:02}\"\n\n",
            old.trim_end_matches('\n').to_owned() + "\n"
        );
        changed(policy, &old, &new)
    }),
    Class::policy(
        "an owner rule split to 90 %",
        OWNED,
        &["TB064"],
        |policy, rng| {
            let caller = rng.pick(&CALLERS).0;
            let unit = unit(caller);
            let own = format!("business_unit = \"{unit}\"\ncost_centre = \"CC-{unit}\"");
            let split = "split = [{ business_unit = \"a\", cost_centre = \"A\", percent = \"50\" }, \
                         { business_unit = \"b\", cost_centre = \"B\", percent = \"40\" }]";
            changed(policy, &own, split)
        },
    ),
    Class::policy("a key misspelt", ALL, &["TB120"], |policy, rng| {
        let (old, new) = *rng.pick(&[
            ("business_unit", "busines_unit"),
            ("cost_centre", "cost_center"),
            ("[[owner]]", "[[owners]]"),
            ("match", "matches"),
        ]);
        changed(policy, old, new)
    }),
    Class::policy("a bracket lost", ALL, &["TB120"], |policy, rng| {
        let places: Vec<usize> = policy
            .match_indices(['[', ']', '}'])
            .map(|(at, _)| at)
            .collect();
        let at = *rng.pick(&places);
        format!("{}{}", &policy[..at], &policy[at + 1..])
    }),
    Class::policy(
        "a credit of a unit that is none",
        OWNED,
        &["TB127"],
        |policy, rng| {
            let day = rng.between(1, 31);
            format!(
                "{policy}[[credit]]\namount = \"10\"\ndate = \"2026-10-{day:02}\"\nbusiness_unit = \"unit-hrr\"\n"
            )
        },
    ),
];

/// Prices and descriptions of deployments.
pub(super) static PRICES: &[Class] = &[
    Class::rows(
        "a model renamed to one without a price",
        &[Carrier::AiHub],
        &["TB080"],
        |month, rng| {
            let day = rng.between(1, 31);
            for row in month.rows.iter_mut().filter(|row| row.day() == day) {
                row.set(super::super::month::Key::Model, "gpt-contoso-2026");
            }
        },
    ),
    Class::rows(
        "a deployment renamed in the logs",
        PORTAL,
        &["TB081"],
        |month, rng| {
            let key = super::super::month::Key::Deployment;
            let day = rng.between(1, 31);
            for row in month
                .rows
                .iter_mut()
                .filter(|row| row.day() == day && row.has(key))
            {
                let name = format!("{}-new", row.get(key));
                row.set(key, name);
            }
        },
    ),
    Class::policy(
        "a deployment undescribed",
        PORTAL,
        &["TB081"],
        |policy, rng| {
            let name = *rng.pick(&["gpt-4.1", "gpt-4o-mini"]);
            changed(
                policy,
                &format!("[[deployment]]\nname = \"{name}\""),
                "[[deployment]]\nname = \"old\"",
            )
        },
    ),
    Class::policy(
        "the source of a price read long ago",
        PRICED,
        &["TB085"],
        |policy, rng| {
            let month = rng.between(1, 3);
            changed(
                policy,
                "as_of = \"2026-09-01\"",
                &format!("as_of = \"2026-{month:02}-01\""),
            )
        },
    ),
    Class::policy("an own price twice", PRICED, &["TB086"], |policy, rng| {
        let other = PRICE.replace("1.80", &format!("1.{}", rng.between(10, 79)));
        changed(policy, PRICE, &format!("{PRICE}{other}"))
    }),
    Class::policy("an own price ended", PRICED, &["TB087"], |policy, rng| {
        let day = rng.between(2, 30);
        let from = "from = \"2026-09-01\"\n";
        changed(
            policy,
            from,
            &format!("{from}until = \"2026-10-{day:02}\"\n"),
        )
    }),
    Class::policy(
        "the model of an own price misspelt",
        PRICED,
        &["TB089"],
        |policy, rng| {
            let name = *rng.pick(&["gpt-4.1x", "gpt4.1", "gtp-4.1", "gpt-41"]);
            changed(
                policy,
                "model = \"gpt-4.1\"\nkind",
                &format!("model = \"{name}\"\nkind"),
            )
        },
    ),
    Class::policy(
        "an own price of another kind",
        PRICED,
        &["TB089"],
        |policy, rng| {
            let kind = *rng.pick(&["datazone", "regional"]);
            changed(
                policy,
                "kind = \"global\"\ntier",
                &format!("kind = \"{kind}\"\ntier"),
            )
        },
    ),
    Class::policy(
        "another currency without a rate",
        OWNED,
        &["TB084"],
        |policy, rng| {
            let currency = *rng.pick(&["EUR", "CHF", "SEK", "JPY"]);
            format!("currency = \"{currency}\"\n{policy}")
        },
    ),
];

/// Provisioned throughput.
pub(super) static PROVISIONED: &[Class] = &[
    Class::policy(
        "a size that is not offered",
        SUMS,
        &["TB121"],
        |policy, rng| {
            let size = *rng.pick(&[27, 31, 33, 34, 36, 38, 42, 28]);
            changed(policy, "ptu = 30 }", &format!("ptu = {size} }}"))
        },
    ),
    Class::policy(
        "a reservation that ended",
        SUMS,
        &["TB122"],
        |policy, rng| {
            let day = rng.between(1, 28);
            changed(
                policy,
                "start = \"2026-03-01\"",
                &format!("start = \"2025-10-{day:02}\""),
            )
        },
    ),
    Class::policy(
        "a reservation about to end",
        SUMS,
        &["TB123"],
        |policy, rng| {
            let day = rng.between(1, 21);
            changed(
                policy,
                "start = \"2026-03-01\"",
                &format!("start = \"2025-12-{day:02}\""),
            )
        },
    ),
    Class::policy(
        "a reservation too large",
        SUMS,
        &["TB124"],
        |policy, rng| {
            let size = 30 + 5 * rng.between(1, 20);
            changed(policy, "ptu = 30\n", &format!("ptu = {size}\n"))
        },
    ),
    Class::policy(
        "a reservation of another region",
        SUMS,
        &["TB124"],
        |policy, rng| {
            let region = *rng.pick(&["westeurope", "francecentral", "eastus2"]);
            let old = "region = \"swedencentral\"\nptu";
            changed(policy, old, &format!("region = \"{region}\"\nptu"))
        },
    ),
    Class::policy("a region that is none", SUMS, &["TB088"], |policy, rng| {
        let region = *rng.pick(&["swedencentraal", "contosoland", "eu-north-1"]);
        let old = "region = \"swedencentral\"\ncapacity";
        changed(policy, old, &format!("region = \"{region}\"\ncapacity"))
    }),
    Class::policy(
        "half of the capacity from some day on",
        SUMS,
        &["TB125"],
        |policy, rng| {
            let day = rng.between(1, 25);
            let half = format!("ptu = 30 }}, {{ from = \"2026-10-{day:02}\", ptu = 15 }}");
            changed(policy, "ptu = 30 }", &half)
        },
    ),
    Class::policy(
        "a model without figures",
        SUMS,
        &["TB080", "TB082"],
        |policy, rng| {
            let name = *rng.pick(&["gpt-contoso", "gpt-4.1-custom"]);
            let old = "model = \"gpt-4.1\"\nversion = \"2025-04-14\"\noffer = \"provisioned\"";
            changed(
                policy,
                old,
                &format!("model = \"{name}\"\noffer = \"provisioned\""),
            )
        },
    ),
];

/// The rule of one of the callers.
fn any_owner(rng: &mut Rng) -> String {
    owner("subscription", rng.pick(&CALLERS).0)
}

/// The policy with the first `old` replaced, which must be there.
fn changed(policy: &str, old: &str, new: &str) -> String {
    assert!(policy.contains(old), "{old} is not in\n{policy}");
    policy.replacen(old, new, 1)
}
