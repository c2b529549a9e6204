//! The console of any ECS instance, from a terminal.
//!
//! ```text
//! argv → profile → credentials → signed request → instance, VncUrl → connect URL → stdout | browser
//! ```
//!
//! The rooms, from the top; imports point down only, and `tests/all/house.rs` holds this:
//!
//! | room | does |
//! | --- | --- |
//! | `main` | parses, runs, reports once, ends the process |
//! | [`commands`], [`cli`] | one file a verb; the only room that joins others |
//! | [`api`] | typed operations over signed requests |
//! | [`sources`] | keys that have to be asked for: STS, a program, a URI, the metadata service |
//! | [`launch`] | the loopback link and the browser |
//! | [`relay`] | joins a viewer to a console's WebSocket |
//! | [`demo`] | the simulated account |
//! | [`config`], [`credentials`], [`environment`] | what the user has set |
//! | [`cache`] | small secret files that outlive a run |
//! | [`listen`] | where viewers connect, and who may |
//! | [`output`], [`failure`] | the only writer of stdout and stderr, and what it reports |
//! | [`platform`] | what differs between operating systems |
//! | [`websocket`], [`rfb`] | RFC 6455 (binary messages that carry bytes) and RFC 6143, as far as they are needed |
//! | [`connect_url`], [`vnc_url`], [`vnc_password`], [`budget`] | the console's words: pure |
//! | [`columns`] | tables: pure |
//! | [`keyboard`] | names of keys, chords, and the keyboards of guests: pure |
//! | [`picture`] | pictures of screens, as files and on terminals: pure |
//! | [`page`] | the console page of our own, with noVNC in it |
//! | [`clock`], [`random`], [`interrupt`], [`secret`], [`suggest`], [`percent`], [`sanitize`], [`exit_code`] | words for all |
//!
//! Below `commands` nothing prints, exits or reads the clock: time, nonce, endpoint and streams come in as arguments.

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
pub mod credentials;
pub mod demo;
pub mod error_kind;
mod instances;
pub mod keyboard;
pub mod listen;
mod local_web;
mod page;
pub mod picture;
pub mod programs;
mod relay;
pub mod rfb;
pub mod secret;
mod settings;
pub mod system;
pub mod terminal;
pub mod text;
pub mod vnc;
pub mod websocket;
