//! Which files changed since a revision, as git tells.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// Files that changed, by their real paths.
pub(super) struct Changed(BTreeSet<PathBuf>);

impl Changed {
    /// Whether the file at `path` changed.
    pub(super) fn contains(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|real| self.0.contains(&real))
    }
}

/// The files of the repository around the working directory that differ from `revision`, and those
/// that git does not track.
pub(super) fn since(revision: &str) -> anyhow::Result<Changed> {
    if revision.starts_with('-') {
        bail!("--since: {revision:?} is no revision; expected a commit, branch or tag");
    }
    let top = git(&["rev-parse", "--show-toplevel"]).context("--since needs a git repository")?;
    let top = PathBuf::from(text(&top).trim_end_matches(['\n', '\r']));
    let differing = git(&[
        "diff",
        "--name-only",
        "-z",
        "--diff-filter=d",
        revision,
        "--",
    ])
    .with_context(|| {
        format!(
            "--since: git knows no revision {revision:?}; in CI, fetch it first (a checkout may \
                 hold the last commit only)"
        )
    })?;
    let top_text = top.to_string_lossy().into_owned();
    let others = [
        "-C",
        &top_text,
        "ls-files",
        "--others",
        "--exclude-standard",
        "-z",
    ];
    let untracked = git(&others).context("--since: git cannot list files")?;
    let names = [differing, untracked];
    let names = names.iter().flat_map(|list| list.split(|byte| *byte == 0));
    let paths = names
        .filter(|name| !name.is_empty())
        .filter_map(|name| top.join(text(name).as_ref()).canonicalize().ok());
    Ok(Changed(paths.collect()))
}

/// What git prints; names of files that are no text are compared as their nearest text.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn git(args: &[impl AsRef<OsStr>]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("git").args(args).output();
    let output = output.context("cannot run git; is it installed?")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}", said.trim_end());
    }
    Ok(output.stdout)
}
