//! The instances' displays. Each is created when it is first used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::account::RESCUE_ID;
use super::display::Display;
use super::display::linux::console::LinuxConsole;
use super::display::linux::machine::{Distribution, Machine};
use super::display::shared_display::SharedDisplay;
use super::display::test_card::TestCard;
use super::fleet::Instance;
use super::power::PowerChange;

/// By InstanceId: no more of them than instances.
#[derive(Debug, Default)]
pub(crate) struct Displays(Mutex<HashMap<String, SharedDisplay>>);

impl Displays {
    /// The display of an instance. One that is new shows a machine that has booted.
    pub(crate) fn of(&self, instance: &Instance, now: Instant) -> SharedDisplay {
        if let Some(screen) = instance.state_screen() {
            // It never changes, so it need not be kept.
            return SharedDisplay::new(Display::Still(screen.frame().clone()));
        }
        let mut displays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || SharedDisplay::new(display(instance, now));
        displays.entry(instance.id.clone()).or_insert_with(new).clone()
    }

    /// Lets the machine shut down or boot that a request of this moment stops, starts or reboots. A machine that is started
    /// boots when its instance is Running.
    pub(crate) fn change_power(&self, instance: &Instance, change: PowerChange, now: Instant) {
        let display = self.of(instance, now);
        match change {
            PowerChange::Start => display.boot(now + change.duration()),
            PowerChange::Reboot { is_forced: true } => display.boot(now),
            PowerChange::Reboot { is_forced: false } => display.shut_down(true, now),
            PowerChange::Stop { is_forced: false } => display.shut_down(false, now),
            // The screen stands still until its session ends.
            PowerChange::Stop { is_forced: true } => {}
        }
    }
}

fn display(instance: &Instance, now: Instant) -> Display {
    if instance.is_windows() {
        let subtitle = format!("{}, {}", instance.name, instance.operating_system.english_name);
        Display::Windows(TestCard::new(&instance.id, &subtitle))
    } else {
        Display::Linux(LinuxConsole::new(machine(instance), now))
    }
}

/// The Linux that runs on an instance.
pub(crate) fn machine(instance: &Instance) -> Machine {
    // RFC 1123, section 2.1: a host's name has letters, digits and hyphens.
    let is_hostname = instance.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let hostname = if is_hostname { &instance.name } else { &instance.id };
    Machine::new(
        hostname,
        Distribution::of(instance.operating_system.english_name),
        &instance.private_ip,
        instance.id == RESCUE_ID,
    )
}
