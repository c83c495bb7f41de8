//! `tollbook plan`: what to buy.

mod quick;

use anyhow::bail;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Done;
use super::console::Console;
use crate::azure::DeploymentKind;
use quick::{QuickArgs, Shared};

/// Flags of `tollbook plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The model.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// A deployment kind: global, datazone or regional; all that the model has if not given. May
    /// be repeated.
    #[arg(long, value_name = "KIND")]
    kind: Vec<DeploymentKind>,
    /// Azure region, for its prices.
    #[arg(long, value_name = "REGION", default_value = "swedencentral")]
    region: String,
    /// The day that figures and prices hold on; today if not given.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    #[command(flatten)]
    quick: QuickArgs,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for a terminal.
    #[default]
    Table,
    /// JSON with a versioned schema.
    Json,
}

/// Runs the command.
pub fn run(args: &PlanArgs, console: &mut Console) -> anyhow::Result<Done> {
    if !args.quick.asked() {
        bail!(
            "nothing to plan: state a rate and a mean request\n\
             hint: tollbook plan --model gpt-4.1 --rpm 1000 --input 200 --output 20"
        );
    }
    let shared = Shared {
        model: args.model.as_deref(),
        kinds: &args.kind,
        region: &args.region,
        on: args.on,
        format: args.format,
    };
    quick::run(&args.quick, &shared, console)
}
