//! One console: its URL, sessions with it, and its screen.

pub mod change_detector;
pub mod gateway;
pub mod issuer;
pub mod key_sender;
pub mod local_endpoint;
pub mod page_settings;
pub mod picture_file;
pub mod readiness;
pub mod remote_screen;
pub mod screen_condition;
pub mod screen_wait;
pub mod typing;
