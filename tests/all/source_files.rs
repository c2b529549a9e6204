//! Reads the Rust files of a source tree.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file.
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl SourceFile {
    /// True if the whole file is tests.
    pub(crate) fn is_tests(&self) -> bool {
        self.path.to_str().unwrap().ends_with("_tests.rs")
    }
}

/// Returns the Rust files below `root`, in no particular order.
pub(crate) fn source_files(root: &Path) -> Vec<SourceFile> {
    let (mut found, mut dirs) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(SourceFile { path, text });
            }
        }
    }
    found
}
