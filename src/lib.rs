//! The console of any Alibaba Cloud ECS instance, from a terminal: the library behind the program `ecs-vnc`.
//!
//! ```text
//! argv → settings → credentials → signed request → VncUrl → connect URL → stdout, or a browser
//!                                                     └→ WebSocket → byte relay → a native viewer, or the local page
//!                                                                 └→ RFB client → framebuffer → picture, keys, waits
//!                                                                                          └→ RFB server → many viewers
//! ```
//!
//! A *room* is a file or a directory directly below `src`. Imports point down this table only; `tests/all/house.rs`
//! checks it. ARCHITECTURE.md says where to add a command, a credentials provider, an encoding and so on.
//!
//! | rooms, from the top | do |
//! | --- | --- |
//! | `main` | parses, runs, reports the error once, ends the process |
//! | `completion` | shell completion that asks the account |
//! | `commands` | one file a command, the `Cli` type, the dispatch |
//! | `console` | one console: requests its URL, serves its viewers, reads its screen, types on it |
//! | `instances` | what the user typed → an instance id and a region |
//! | `account` | settings and credentials → API clients, one a region |
//! | `auth` | where credentials come from, how roles and programs give them, how they are renewed |
//! | `settings` | flags, environment and files → one value |
//! | `demo` | the simulated account: API, STS and VNC servers on loopback |
//! | `local_web` | the loopback web server: the link that `open` opens, and the local page |
//! | `terminal` | the only writer of stdout and stderr |
//! | `api_hints`, `args` | an API error → what to do about it; value parsers that commands share |
//! | `relay` | bytes between a viewer and a console, the keepalive, why a session ended |
//! | `config`, `page`, `command_error` | configuration files; the local page and noVNC; an error with kind and hint |
//! | `api` | signed requests: signatures, endpoints, retries, operations |
//! | `http_server` | header limits and security headers of the HTTP servers |
//! | `share` | one session with a console for many viewers |
//! | `session_registry` | the sessions of this user's other commands: published, found, listed |
//! | `rfb` | the VNC protocol, RFC 6143: a client, a server, an observer of other programs' sessions |
//! | `contact_sheet` | small pictures of many screens on one page, as HTML or PNG |
//! | `screen_state` | what a machine is at, told by rules from the rows of its screen |
//! | `screen_text` | the text of a console, read from its pixels |
//! | `guest_shell` | a command at a guest's prompt: what is typed, and what its pages on the screen hold |
//! | `vnc`, `keyboard`, `listen` | VncUrl and page URL; keys and layouts; where viewers connect, and who may |
//! | `programs`, `credentials` | browsers and viewers; the `Credentials` type |
//! | `websocket`, `picture` | RFC 6455; PNG, JPG, comparing, drawing in terminals |
//! | `system`, `text` | clock, random numbers, environment, shutdown; tables, removing control characters |
//! | `font` | bitmap fonts of text consoles |
//! | `language` | the Chinese of each English sentence that a person reads |
//! | `secret`, `error_kind` | strings that cannot be printed; kinds of failure and their exit codes |
//!
//! Time, random numbers, endpoints and streams are arguments: only `system` reads the clock, only `terminal` writes to
//! stdout and stderr, only `main` ends the process. Items are `pub` only if `main`, a test, a bench or a fuzz target
//! uses them.

mod account;
pub mod api;
mod api_hints;
mod args;
pub mod auth;
pub mod command_error;
pub mod commands;
pub mod completion;
pub mod config;
mod console;
mod contact_sheet;
pub mod credentials;
pub mod demo;
pub mod error_kind;
pub mod font;
mod guest_shell;
mod http_server;
mod instances;
pub mod keyboard;
pub mod language;
pub mod listen;
pub mod local_web;
mod page;
pub mod picture;
pub mod programs;
mod relay;
pub mod rfb;
mod screen_state;
pub mod screen_text;
pub mod secret;
pub(crate) mod session_registry;
pub mod settings;
mod share;
pub mod system;
pub mod terminal;
pub mod text;
pub mod vnc;
pub mod websocket;
