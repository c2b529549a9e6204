//! Programs that show a console: the browser and native VNC viewers.

mod browser;
mod known_viewers;
mod viewer;

pub(crate) use browser::{Browser, BrowserError};
pub use viewer::end;
pub(crate) use viewer::{Running, Viewer, ViewerAddress, ViewerError};
