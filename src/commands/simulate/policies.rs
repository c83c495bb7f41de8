//! `--list-policies` and `--show-policy`: the presets of public gateways.

use std::fmt::Write;

use super::SimulateArgs;
use crate::sim::gateway::Preset;

/// What the arguments ask for, if it is presets.
pub(super) fn asked(args: &SimulateArgs) -> anyhow::Result<Option<String>> {
    if let Some(name) = &args.presets.show_policy {
        return Ok(Some(Preset::named(name)?.text.to_owned()));
    }
    Ok(args.presets.list_policies.then(list))
}

/// Every preset: its name and line, then where it is from and what it leaves out.
fn list() -> String {
    let mut text = String::new();
    for preset in Preset::all() {
        let Preset {
            name,
            description,
            source,
            as_of,
            limits,
            ..
        } = preset;
        let mut say = |line: String| writeln!(text, "{line}").expect("a string takes every write");
        say(format!("{name}: {description}"));
        say(format!("  source: {source}, read {as_of}"));
        if !limits.is_empty() {
            say(format!("  limits: {limits}"));
        }
    }
    text
}
