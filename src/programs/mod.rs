//! Finds and starts other programs: browsers and native VNC viewers, which show a console, and the editor.

mod browser;
mod child;
mod editor;
mod known_viewers;
mod viewer;

pub(crate) use browser::{Browser, BrowserError};
pub(crate) use editor::Editor;
pub(crate) use viewer::{RunningViewer, Viewer, ViewerAddress, ViewerError};
