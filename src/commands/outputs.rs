//! Files a command writes: all of a file, or nothing of it.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

/// Writes `content` to `path` under a temporary name, hands it to the disk, then renames it, so
/// that a reader never meets half a file.
pub fn write_file(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if path.is_dir() {
        bail!(
            "cannot write {}: it is a folder; name a file",
            path.display()
        );
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".tollbook-")
            .tempfile_in(folder)
            .map_err(|error| without_path(&error))?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        make_readable(file.path())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| {
        format!(
            "cannot write {}; does the folder exist, and may you write there?",
            path.display()
        )
    })
}

/// The kind of error only: the whole message names a temporary file, which means nothing to the
/// user.
fn without_path(error: &io::Error) -> io::Error {
    error.kind().into()
}

/// Temporary files are private to their owner; results are as readable as other new files.
#[cfg(unix)]
fn make_readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes every `(name, content)` into `folder`, which is made if it is missing.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (name, content) in files {
        write_file(&folder.join(name), content)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_leaves_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("statement.csv");
        write_file(&path, b"first").unwrap();
        write_file(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write_file(Path::new("no/such/folder/x.csv"), b"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("no/such/folder/x.csv"), "{error}");
    }
}
