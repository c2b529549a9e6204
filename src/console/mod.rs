//! One console: its URL, sessions with it, and its screen.

pub(crate) mod args;
pub(crate) mod change_detector;
pub(crate) mod console_fonts;
pub(crate) mod gateway;
pub(crate) mod instance_info;
pub(crate) mod issuer;
pub(crate) mod key_sender;
pub(crate) mod local_endpoint;
pub(crate) mod page_settings;
pub(crate) mod picture_file;
pub(crate) mod picture_source;
pub(crate) mod readiness;
pub(crate) mod remote_screen;
pub(crate) mod screen_colours;
pub(crate) mod screen_condition;
pub(crate) mod screen_reader;
pub(crate) mod screen_rows;
pub(crate) mod screen_wait;
pub(crate) mod screen_watch;
pub(crate) mod text_cursor;
pub(crate) mod typing;
pub(crate) mod verdict;
pub(crate) mod viewer_registry;
