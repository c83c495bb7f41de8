//! The two statements: charged from logs, or read back from files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::DiffArgs;
use super::operand::Operands;
use crate::chargeback::Detail;
use crate::chargeback::statement::Statement;
use crate::commands::Done;
use crate::commands::chargeback::charging::{
    Charged, Ready, Request, charged, named_inputs, read, verdict,
};
use crate::commands::configuration::{self, Configuration};
use crate::commands::console::Console;
use crate::commands::inputs::InputFile;
use crate::commands::usage_files;
use crate::diff::Traffic;
use crate::money::Factor;
use crate::report::diff::{Kind, Side};
use crate::report::recorded::{self, Sort};
use crate::report::{Report, accounting};
use crate::time::BillingPeriod;
use crate::usage::collection::Usage;
use crate::usage::reading::Hashing;

/// One statement, and what it is.
pub(super) struct Stated {
    pub(super) statement: Statement,
    pub(super) side: Side,
}

/// Both statements.
pub(super) struct Sides {
    pub(super) kind: Kind,
    pub(super) traffic: Traffic,
    pub(super) before: Stated,
    pub(super) after: Stated,
    /// Whether both periods hold requests.
    pub(super) done: Done,
}

/// What loading gave.
pub(super) enum Loaded {
    /// Both statements.
    Sides(Box<Sides>),
    /// The input has faults, which are fatal where the user is strict.
    Faulty,
}

/// Makes or reads both statements.
pub(super) fn load(
    args: &DiffArgs,
    operands: Operands,
    console: &mut Console,
) -> anyhow::Result<Loaded> {
    match operands {
        Operands::Months(periods) => months(args, periods, console),
        Operands::Policies(paths, period) => {
            let [before, after] = &paths;
            let before = Logs::of_policy(args, before)?;
            let after = Logs::of_policy(args, after)?;
            let traffic = if before.paths() == after.paths() {
                Traffic::Same
            } else {
                console
                    .note("note: A and B read different logs; see `inputs` of each, or --inputs");
                Traffic::Apart
            };
            two(
                args,
                [before, after],
                (Kind::Policies, traffic, period),
                console,
            )
        }
        Operands::Exports(names, period) => {
            let [before, after] = &names;
            let before = Logs::of_export(args, before, console)?;
            let after = Logs::of_export(args, after, console)?;
            let how = (Kind::Exports, Traffic::Apart, period);
            two(args, [before, after], how, console)
        }
        Operands::Statements([before, after]) => {
            let sides = Sides {
                kind: Kind::Statements,
                traffic: Traffic::Apart,
                before: read_back(&before)?,
                after: read_back(&after)?,
                done: Done::Met,
            };
            Ok(Loaded::Sides(Box::new(sides)))
        }
    }
}

/// A statement from a file.
fn read_back((path, sort): &(PathBuf, Sort)) -> anyhow::Result<Stated> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let found = match sort {
        Sort::Lines => recorded::lines(&text, &name)?,
        _ => recorded::document(&text, &name)?,
    };
    Ok(Stated {
        side: Side {
            name,
            period: found.statement.period,
            policy: None,
            requests: found.requests,
            findings: found.findings,
        },
        statement: found.statement,
    })
}

/// Logs, and the policy that charges them.
struct Logs {
    /// What the user named.
    name: String,
    policy: Option<String>,
    ready: Ready,
    files: Vec<InputFile>,
}

impl Logs {
    fn of(
        args: &DiffArgs,
        (name, files): (&str, &[String]),
        configuration: Configuration,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            files: named_inputs(files, &configuration)?,
            policy: configuration.name.clone(),
            ready: Ready::of(configuration, &args.charging)?,
        })
    }

    fn of_policy(args: &DiffArgs, path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let configuration = configuration::load_file(path)?;
        Self::of(args, (&name, &args.inputs), configuration).with_context(|| name.clone())
    }

    fn of_export(args: &DiffArgs, name: &str, console: &mut Console) -> anyhow::Result<Self> {
        let configuration = configuration::load(console)?;
        Self::of(args, (name, &[name.to_owned()]), configuration)
    }

    /// Where the logs are, however they were named.
    fn paths(&self) -> BTreeSet<PathBuf> {
        let paths = self.files.iter().map(|file| &file.path);
        paths
            .map(|path| path.canonicalize().unwrap_or_else(|_| path.clone()))
            .collect()
    }

    /// Reads all periods of the logs, and says what was wrong; nothing where faults are fatal.
    fn read(
        &self,
        args: &DiffArgs,
        request: &Request,
        console: &mut Console,
    ) -> anyhow::Result<Option<Usage>> {
        let sources = usage_files::sources(&self.files);
        let bar = usage_files::progress_bar(&self.files, console);
        let Ready {
            configuration,
            facts,
        } = &self.ready;
        let usage = read(&sources, configuration, facts, request, &bar)?;
        console.note(&accounting::diagnostics(&usage.diagnostics));
        console.note(&usage_files::without_rows(&usage.sources));
        let rows = accounting::rows(&usage.rows);
        match self.name.as_str() {
            "" => console.note(&rows),
            name => console.note(&format!("{name}: {rows}")),
        }
        if args.charging.strict && !usage.diagnostics.is_empty() {
            console.note("error: --strict: the input has faults, so nothing is compared");
            return Ok(None);
        }
        Ok(Some(usage))
    }

    /// Charges one period of what was read.
    fn charge(&self, usage: &Usage, request: &Request) -> anyhow::Result<Charged> {
        charged(usage, &self.ready.configuration, &self.ready.facts, request)
    }
}

impl DiffArgs {
    fn request(&self, period: BillingPeriod) -> Request {
        Request {
            period,
            detail: Detail::Period,
            resources: self.charging.resources.resources(),
            hashing: Hashing::None,
        }
    }
}

/// Reads once and charges twice.
fn months(
    args: &DiffArgs,
    periods: [BillingPeriod; 2],
    console: &mut Console,
) -> anyhow::Result<Loaded> {
    let configuration = configuration::load(console)?;
    let logs = Logs::of(args, ("", &args.inputs), configuration)?;
    let [first, second] = periods.map(|period| args.request(period));
    let Some(usage) = logs.read(args, &first, console)? else {
        return Ok(Loaded::Faulty);
    };
    let (before, after) = (logs.charge(&usage, &first)?, logs.charge(&usage, &second)?);
    let done = both(
        verdict(&before, &usage, console),
        verdict(&after, &usage, console),
    );
    let stated = |charged: Charged, name: &str| {
        let policy = logs.policy.clone();
        stated(charged.report, name.to_owned(), policy)
    };
    Ok(Loaded::Sides(Box::new(Sides {
        kind: Kind::Periods,
        traffic: Traffic::Apart,
        before: stated(before, &args.before),
        after: stated(after, &args.after),
        done,
    })))
}

/// Reads and charges both.
fn two(
    args: &DiffArgs,
    [before, after]: [Logs; 2],
    (kind, traffic, period): (Kind, Traffic, BillingPeriod),
    console: &mut Console,
) -> anyhow::Result<Loaded> {
    let request = args.request(period);
    let mut charge = |logs: Logs| -> anyhow::Result<Option<(Stated, Done)>> {
        let Some(usage) = logs.read(args, &request, console)? else {
            return Ok(None);
        };
        let charged = logs
            .charge(&usage, &request)
            .with_context(|| logs.name.clone())?;
        let done = verdict(&charged, &usage, console);
        let stated = stated(charged.report, logs.name, logs.policy);
        Ok(Some((stated, done)))
    };
    let (Some((before, one)), Some((after, other))) = (charge(before)?, charge(after)?) else {
        return Ok(Loaded::Faulty);
    };
    Ok(Loaded::Sides(Box::new(Sides {
        kind,
        traffic,
        before,
        after,
        done: both(one, other),
    })))
}

fn both(one: Done, other: Done) -> Done {
    if one == Done::Met { other } else { one }
}

fn stated(report: Report, name: String, policy: Option<String>) -> Stated {
    let priced = report.usage.iter().filter(|usage| usage.priced);
    let requests: Factor = priced.map(|usage| &usage.amount.requests).sum();
    let findings = report.findings.iter();
    Stated {
        side: Side {
            name,
            period: report.statement.period,
            policy,
            requests: Some(requests),
            findings: findings
                .map(|finding| format!("{}: {}", finding.code, finding.message))
                .collect(),
        },
        statement: report.statement,
    }
}
