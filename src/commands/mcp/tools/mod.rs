//! One file a tool. [`action`] is what those that send input have in common.

pub(super) mod action;
pub(super) mod boot_log;
pub(super) mod check;
pub(super) mod click;
pub(super) mod list_instances;
pub(super) mod power;
pub(super) mod press_keys;
pub(super) mod read_screen;
pub(super) mod run_command;
pub(super) mod type_text;
pub(super) mod wait_for;
