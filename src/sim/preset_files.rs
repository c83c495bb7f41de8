//! Folders of presets that come with the program: one TOML file each, named after it.

use include_dir::Dir;

use crate::spelling;

/// The presets of one folder.
pub(super) struct PresetFiles(pub(super) &'static Dir<'static>);

impl PresetFiles {
    /// Name and text of every preset, in the order of their names.
    pub(super) fn all(&self) -> Vec<(&'static str, &'static str)> {
        let file = |file: &'static include_dir::File<'static>| {
            let name = file.path().file_stem()?.to_str()?;
            Some((name, file.contents_utf8()?))
        };
        let mut files: Vec<_> = self.0.files().filter_map(file).collect();
        files.sort_unstable();
        files
    }

    /// Name and text of one preset; if there is none, the hint at names like it.
    pub(super) fn named(&self, name: &str) -> Result<(&'static str, &'static str), String> {
        let files = self.all();
        let found = files.iter().find(|(known, _)| *known == name).copied();
        found.ok_or_else(|| spelling::hint(name, files.iter().map(|(known, _)| *known)))
    }
}
