//! Files a command writes: all of a file, or nothing of it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// Writes `content` to `path` under a temporary name, hands it to the disk, then renames it, so
/// that a reader never meets half a file.
pub fn write_file(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut file = NewFile::create(path)?;
    let written = file.write_all(content);
    written.with_context(|| cannot_write(path))?;
    file.finish()
}

/// A file in the making: nothing of it is seen before [`NewFile::finish`].
///
/// Where a pipe or a device has the name, what is written goes into it: renaming a file over it
/// would take it away from everybody else.
pub struct NewFile {
    path: PathBuf,
    target: Target,
}

/// Where the bytes go.
enum Target {
    /// To a file beside the one that is meant, until it is whole.
    Beside(BufWriter<NamedTempFile>),
    /// Into a pipe or a device.
    Into(BufWriter<File>),
}

impl NewFile {
    /// Starts the file that will be at `path`.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            bail!(
                "cannot write {}: it is a folder; name a file",
                path.display()
            );
        }
        if path.metadata().is_ok_and(|found| !found.is_file()) {
            let opened = OpenOptions::new().write(true).open(path);
            let opened = opened.with_context(|| cannot_write(path))?;
            return Ok(Self {
                path: path.to_owned(),
                target: Target::Into(BufWriter::new(opened)),
            });
        }
        // What a link leads to is replaced, and the link stays.
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".tollbook-")
            .tempfile_in(folder)
            .map_err(|error| without_path(&error))
            .with_context(|| cannot_write(path))?;
        Ok(Self {
            path: path.to_owned(),
            target: Target::Beside(BufWriter::new(file)),
        })
    }

    /// Hands the file to the disk and gives it its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let finish = || -> io::Result<()> {
            let file = match self.target {
                Target::Beside(file) => file,
                Target::Into(mut file) => return file.flush(),
            };
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            make_readable(file.path())?;
            file.persist(&self.path).map_err(|error| error.error)?;
            Ok(())
        };
        finish().with_context(|| cannot_write(&self.path))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Beside(file) => file.write(bytes),
            Target::Into(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Beside(file) => file.flush(),
            Target::Into(file) => file.flush(),
        }
    }
}

fn cannot_write(path: &Path) -> String {
    format!(
        "cannot write {}; does the folder exist, and may you write there?",
        path.display()
    )
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

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");

        let device = folder.path().join("device");
        std::os::unix::fs::symlink("/dev/null", &device).unwrap();
        write_file(&device, b"nowhere").unwrap();
        assert!(device.is_symlink() && !device.metadata().unwrap().is_file());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write_file(Path::new("no/such/folder/x.csv"), b"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("no/such/folder/x.csv"), "{error}");
    }
}
