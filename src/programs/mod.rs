//! Finds and starts the programs that show a console: browsers and native VNC viewers.

mod browser;
mod child;
mod known_viewers;
mod viewer;

pub(crate) use browser::{Browser, BrowserError};
pub(crate) use viewer::{RunningViewer, Viewer, ViewerAddress, ViewerError};
