//! `tollbook check --list` and `--explain`: the rules, each with an example that is checked anew
//! whenever it is shown.

use std::collections::BTreeMap;
use std::io;

use anyhow::{Context, bail};
use clap::Parser;
use include_dir::{Dir, File, include_dir};

use super::inputs::is_toml;
use super::policy::Policy;
use super::reports::Format;
use super::{CheckArgs, locate_in};
use crate::check::rules::{self, scenario};
use crate::check::{Checked, Extent, Job, Place, Rule, Scope};
use crate::commands::chargeback::page;
use crate::commands::configuration::read_options;
use crate::commands::console::Console;
use crate::commands::usage_files::{CANNOT_ASSEMBLE, Resources};
use crate::report::check::explain::{self, Example, ExampleFile};
use crate::report::check::{Most, list, text};
use crate::report::table::{Ink, Page};
use crate::spelling::hint;
use crate::usage::assembly;
use crate::usage::reading::Hashing;
use crate::usage::source::Source;

/// An example of every rule: `bad` breaks it, `good` is the same mended.
static EXAMPLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/samples/rules");

/// The day on which the examples are checked.
const AS_OF: &str = "2026-11-22";

/// Width at which examples are told to machines [character].
const WIDTH: u16 = 100;

/// Shows all rules.
pub(super) fn list_all(format: Format, console: &mut Console) -> anyhow::Result<()> {
    let rules: Vec<&Rule> = rules::all().collect();
    let text = match format {
        Format::Auto | Format::Text => list::table(&rules, page(console).width),
        Format::Json => list::json(&rules),
        _ => bail!("rules are listed as text or json"),
    };
    Ok(console.out().write_all(text.as_bytes())?)
}

/// Shows one rule.
pub(super) fn explain(name: &str, format: Format, console: &mut Console) -> anyhow::Result<()> {
    let Some(rule) = rules::find(name) else {
        let known: Vec<&str> = rules::all().flat_map(|rule| [rule.id, rule.name]).collect();
        let nearest = hint(name, known);
        bail!("no rule is called {name:?}{nearest}\nhint: `tollbook check --list` shows all rules");
    };
    let text = match format {
        Format::Auto | Format::Text => {
            let page = page(console);
            let example = Bundled::of(rule).map(|one| one.told(page)).transpose()?;
            explain::render(rule, example.as_ref(), page)
        }
        Format::Json => {
            let page = Page {
                width: WIDTH,
                ink: Ink::Plain,
            };
            let example = Bundled::of(rule).map(|one| one.told(page)).transpose()?;
            explain::json(rule, example.as_ref())
        }
        _ => bail!("a rule is explained as text or json"),
    };
    Ok(console.out().write_all(text.as_bytes())?)
}

/// The flags of an example, read as those of the command are.
#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    args: CheckArgs,
}

/// An example in memory.
struct Bundled {
    rule: &'static Rule,
    /// What its command line says beside its files.
    flags: String,
    /// Files by name, without the folder.
    files: BTreeMap<String, &'static [u8]>,
    /// Names of files that may not be read.
    unreadable: String,
}

impl Bundled {
    /// The example of a rule; `None` where it has none.
    fn of(rule: &'static Rule) -> Option<Self> {
        let folder = EXAMPLES.get_dir(rule.id)?;
        let bad = folder.path().join("bad");
        let mut files = Vec::new();
        collect(EXAMPLES.get_dir(&bad)?, &mut files);
        let name = |file: &File<'_>| {
            let path = file.path().strip_prefix(&bad).unwrap_or(file.path());
            path.to_string_lossy().replace('\\', "/")
        };
        let text = |name: &str| {
            let file = EXAMPLES.get_file(folder.path().join(name));
            file.and_then(File::contents_utf8).unwrap_or("").trim()
        };
        Some(Self {
            rule,
            flags: text("flags").to_owned(),
            files: files
                .iter()
                .map(|file| (name(file), file.contents()))
                .collect(),
            unreadable: text("unreadable").to_owned(),
        })
    }

    /// The example as it is shown.
    fn told(&self, page: Page) -> anyhow::Result<Example> {
        let checked = self.checked()?;
        let most = Most::of(usize::from(u8::MAX));
        Ok(Example {
            command: self.command(),
            files: self
                .files
                .keys()
                .map(|name| self.file(name, &checked))
                .collect(),
            said: text::render(&checked, most, page),
        })
    }

    fn command(&self) -> String {
        let names = self.files.keys().filter(|name| *name != CONFIG);
        let names: Vec<&str> = names.map(String::as_str).collect();
        let words = format!(
            "tollbook check {} --only {} --as-of {AS_OF} {}",
            names.join(" "),
            self.rule.id,
            self.flags
        );
        words.trim_end().to_owned()
    }

    fn file(&self, name: &str, checked: &Checked) -> ExampleFile {
        let bytes = self.files[name];
        let content = match std::str::from_utf8(bytes) {
            _ if self.is_locked(name) => Err("a file that may not be read".to_owned()),
            Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(format!("{} bytes that are no text", bytes.len())),
        };
        let places = checked.findings.iter().flat_map(|finding| &finding.places);
        let place = places.into_iter().find(|place| place.file == name);
        ExampleFile {
            name: name.to_owned(),
            content,
            line: place.and_then(|place: &Place| Some(place.located.as_ref()?.line)),
        }
    }

    fn is_locked(&self, name: &str) -> bool {
        self.unreadable.lines().any(|line| line.trim() == name)
    }

    /// The text of a file of the example.
    fn text(&self, name: &str) -> Option<&'static str> {
        std::str::from_utf8(self.files.get(name)?).ok()
    }

    fn checked(&self) -> anyhow::Result<Checked> {
        let words = format!(
            "check --only {} --as-of {AS_OF} {}",
            self.rule.id, self.flags
        );
        let flags =
            Flags::try_parse_from(words.split_whitespace()).context("the example's flags")?;
        let args = flags.args;
        let policy = Policy::of_text(CONFIG, self.text(CONFIG))?;
        let settings = args.settings(policy.config())?;
        let facts = args.facts(&policy)?;
        let as_of = args.as_of.context("the example has a day")?;
        let scenarios = self.scenarios();
        let of_scenarios = scenarios
            .iter()
            .flat_map(|(name, text)| scenario(name, text, &facts.catalog, as_of));
        let sources = self.sources();
        let resources = Resources::standard();
        let job = Job {
            sources: &sources,
            config: policy.config(),
            facts: facts.borrowed(),
            settings: &settings,
            as_of,
            period: args.period,
            scope: Scope {
                usage: Extent::Whole,
                policy: policy.standing,
            },
            reading: read_options(policy.config(), Hashing::None)?,
            assembling: assembly::Options::new(&resources.spill),
            threads: resources.threads,
            beforehand: policy
                .findings
                .iter()
                .cloned()
                .chain(of_scenarios)
                .collect(),
        };
        let mut checked = job.check().context(CANNOT_ASSEMBLE)?;
        checked.left_out.clear();
        locate_in(&mut checked, &policy, &sources, scenarios);
        Ok(checked)
    }

    /// The scenarios among the files, by name.
    fn scenarios(&self) -> BTreeMap<String, String> {
        let names = self.files.keys().filter(|name| is_scenario(name));
        let texts = names.filter_map(|name| Some((name.clone(), self.text(name)?.to_owned())));
        texts.collect()
    }

    fn sources(&self) -> Vec<Source> {
        let files = self.files.iter();
        let logs = files.filter(|(name, _)| *name != CONFIG && !is_scenario(name));
        logs.map(|(name, bytes)| {
            if self.is_locked(name) {
                Source::new(name, || Err(io::ErrorKind::PermissionDenied.into()))
            } else {
                Source::from_bytes(name, *bytes)
            }
        })
        .collect()
    }
}

/// The configuration of an example.
const CONFIG: &str = "tollbook.toml";

fn is_scenario(name: &str) -> bool {
    name != CONFIG && is_toml(name)
}

fn collect(folder: &'static Dir<'static>, files: &mut Vec<&'static File<'static>>) {
    files.extend(folder.files());
    for inner in folder.dirs() {
        collect(inner, files);
    }
}
