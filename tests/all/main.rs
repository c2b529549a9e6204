//! The tests that need nothing but Rust. Those that need SDKs, a browser or servers are in `tests/e2e`.

#![allow(clippy::unwrap_used)]

mod bootlog;
mod cache;
mod complete;
mod demo;
mod demo_target;
mod demo_vnc;
mod docs;
mod docs_json;
mod doctor;
mod errors;
mod examples;
mod fake;
mod find;
mod generated;
mod help;
mod help_examples;
mod house;
mod http;
mod interrupt;
mod key;
mod keyboard;
mod keyed;
mod list;
mod modes;
mod official;
mod open;
mod password;
mod profile;
mod regions;
mod relay;
mod renewal;
mod retry;
mod sandbox;
mod screenshot;
mod script;
mod secrets;
mod transport;
mod r#type;
mod vectors;
mod view;
mod viewer;
mod vnc_url;
mod wait;
mod words;
