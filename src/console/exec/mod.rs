//! Runs a command at the prompt of a guest's shell, with nothing but keys and the text on the screen.
//!
//! - [`dense_typing`]: types lines as fast as the guest takes them, and reads each back
//! - [`shell_prompt`]: waits for a shell's prompt
//! - [`guest_command`]: types the script, waits for its pages, and leaves the guest at a prompt
//! - [`request`]: a command, and whether it can be typed
//! - [`paging`]: asks for the pages of the output in turn
//! - [`errors`]: what went wrong, with what is on the screen
//! - [`args`]: arguments that `exec` and `cp` share

pub(crate) mod args;
pub(crate) mod dense_typing;
pub(crate) mod errors;
pub(crate) mod guest_command;
pub(crate) mod paging;
pub(crate) mod request;
pub(crate) mod shell_prompt;
