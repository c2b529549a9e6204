//! The picture of a console, and the clients' views of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot, watch};

use super::damage::copy_changes;
use crate::picture::Rectangle;
use crate::rfb::server::{ClientView, PixelSource};
use crate::rfb::{CursorShape, Framebuffer, MovedArea};

/// What the upstream and all clients share.
#[derive(Debug)]
pub(super) struct SharedScreen {
    state: Mutex<State>,
    /// The clients that are not being disconnected.
    count: watch::Sender<usize>,
    /// The clients, with those that are being disconnected.
    total: watch::Sender<usize>,
    /// Wakes the upstream when a client wants to know what the console shows at this moment.
    pub(super) refresh: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The last whole picture. It stays when the session is lost.
    picture: Framebuffer,
    /// Whether the picture is that of the present session.
    is_current: bool,
    has_upstream: bool,
    accepts_scancodes: bool,
    /// Bits, once they are known.
    leds: Option<u8>,
    /// The shape of the pointer, once it is known.
    cursor: Option<Arc<CursorShape>>,
    name: String,
    notice: String,
    /// Why no client is served any more.
    closed: Option<String>,
    clients: HashMap<ClientNumber, Slot>,
    next_number: u64,
    refreshes: Refreshes,
}

/// Requests for the console's picture of this moment, counted.
#[derive(Debug, Default)]
struct Refreshes {
    wanted: u64,
    /// How many of them are answered.
    done: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClientNumber(u64);

/// A client, from the end of its authentication on.
#[derive(Debug)]
struct Slot {
    /// `None` in the handshake.
    view: Option<ClientView>,
    wake: Arc<Notify>,
    /// Takes the reason why the client is disconnected.
    end: Option<oneshot::Sender<String>>,
    /// Whether the client is to be served no longer than to the end of what is due.
    is_ending: bool,
    /// Whether the client is to be disconnected when the session ends.
    needs_session: bool,
    /// The refresh that must be done before the client gets pixels.
    waits_for: u64,
}

/// What a client is given at the start.
#[derive(Debug)]
pub(super) struct Admission {
    pub(super) number: ClientNumber,
    /// Wakes the client when something may be due.
    pub(super) wake: Arc<Notify>,
    /// Receives the reason why the client is disconnected.
    pub(super) end: oneshot::Receiver<String>,
}

impl Default for SharedScreen {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            count: watch::Sender::new(0),
            total: watch::Sender::new(0),
            refresh: Notify::new(),
        }
    }
}

impl SharedScreen {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn client_count(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    pub(super) async fn drained(&self) {
        // The sender is here, so there is always a next number.
        _ = self.total.subscribe().wait_for(|total| *total == 0).await;
    }

    fn count(&self, state: &State) {
        self.count.send_replace(state.clients.values().filter(|slot| slot.end.is_some()).count());
        self.total.send_replace(state.clients.len());
    }

    /// Counts a client. [`Self::remove`] must follow. One that needs the session is disconnected when that ends.
    pub(super) fn add(&self, needs_session: bool) -> Admission {
        let (sender, end) = oneshot::channel();
        let wake = Arc::new(Notify::new());
        let mut state = self.state();
        state.next_number += 1;
        let number = ClientNumber(state.next_number);
        let end_sender = match &state.closed {
            Some(reason) => {
                _ = sender.send(reason.clone());
                None
            }
            None => Some(sender),
        };
        let slot =
            Slot { view: None, wake: wake.clone(), end: end_sender, is_ending: false, needs_session, waits_for: 0 };
        state.clients.insert(number, slot);
        self.count(&state);
        Admission { number, wake, end }
    }

    pub(super) fn remove(&self, number: ClientNumber) {
        let mut state = self.state();
        state.clients.remove(&number);
        if state.clients.is_empty() {
            // The next client starts anew, also if the console has changed in between.
            state.forget_picture();
        }
        self.count(&state);
    }

    /// Gives a client its view, and returns the size and the name for ServerInit; `None` as long as there is no picture.
    pub(super) fn open_view(&self, number: ClientNumber) -> Option<((u16, u16), String)> {
        let mut state = self.state();
        let (bounds, name) = (state.picture.bounds(), state.name.clone());
        if bounds.is_empty() {
            return None;
        }
        let size = (bounds.width, bounds.height);
        let mut view = ClientView::new(size);
        state.leds.into_iter().for_each(|leds| view.set_leds(leds));
        if !state.notice.is_empty() {
            view.rename(&state.full_name());
        }
        state.cursor.iter().for_each(|shape| view.set_cursor(shape));
        state.clients.get_mut(&number)?.view = Some(view);
        Some((size, name))
    }

    /// Works on a client's view. `None` for a client that was removed.
    pub(super) fn with_view<T>(
        &self,
        number: ClientNumber,
        work: impl FnOnce(&mut ClientView, ViewState) -> T,
    ) -> Option<T> {
        let state = &mut *self.state();
        let slot = state.clients.get_mut(&number)?;
        let view_state = ViewState {
            has_picture: state.is_current && slot.waits_for <= state.refreshes.done,
            accepts_scancodes: state.accepts_scancodes,
            has_upstream: state.has_upstream,
            is_ending: slot.is_ending,
        };
        slot.view.as_mut().map(|view| work(view, view_state))
    }

    /// Lets a client wait until the console has been asked what it shows.
    pub(super) fn await_refresh(&self, number: ClientNumber) {
        let mut state = self.state();
        state.refreshes.wanted += 1;
        let wanted = state.refreshes.wanted;
        if let Some(slot) = state.clients.get_mut(&number) {
            slot.waits_for = wanted;
        }
        self.refresh.notify_one();
    }

    /// The refreshes that are wanted, if one of them is not done.
    pub(super) fn wanted_refreshes(&self) -> Option<u64> {
        let Refreshes { wanted, done } = self.state().refreshes;
        (done < wanted).then_some(wanted)
    }

    /// The console has answered the first `count` refreshes.
    pub(super) fn set_refreshed(&self, count: u64) {
        let mut state = self.state();
        state.refreshes.done = state.refreshes.done.max(count);
        state.wake_all();
    }

    /// A session has begun.
    pub(super) fn begin(&self, name: &str) {
        let mut state = self.state();
        state.has_upstream = true;
        name.clone_into(&mut state.name);
    }

    /// The session has ended. What is typed until the next begins is dropped, so clients that must know it are disconnected.
    pub(super) fn end(&self) {
        let mut state = self.state();
        (state.has_upstream, state.is_current) = (false, false);
        for slot in state.clients.values_mut().filter(|slot| slot.needs_session && slot.view.is_some()) {
            slot.end.take().into_iter().for_each(|end| drop(end.send("the console was lost".to_owned())));
        }
        self.count(&state);
        if state.clients.is_empty() {
            state.forget_picture();
        }
    }

    /// The picture is out of date until [`Self::show`].
    pub(super) fn hide(&self) {
        self.state().is_current = false;
    }

    /// Shows the session's whole picture. Since the last, `moves` were made, in their order, and `damage`, which holds them, was
    /// drawn.
    pub(super) fn show(&self, picture: &Framebuffer, moves: &[MovedArea], damage: Option<Rectangle>) {
        let state = &mut *self.state();
        let mut views: Vec<_> = state.clients.values_mut().filter_map(|slot| slot.view.as_mut()).collect();
        if picture.bounds() != state.picture.bounds() {
            picture.clone_into(&mut state.picture);
            let Rectangle { width, height, .. } = picture.bounds();
            views.iter_mut().for_each(|view| view.resize((width, height)));
        } else {
            for moved in moves.iter().filter(|_| state.is_current) {
                state.picture.move_area(*moved);
                views.iter_mut().for_each(|view| view.add_move(*moved));
            }
            // A session that has just begun may differ anywhere.
            let damage = if state.is_current { damage } else { Some(picture.bounds()) };
            let changes = damage.map(|damage| copy_changes(picture, &mut state.picture, damage)).unwrap_or_default();
            views.iter_mut().for_each(|view| changes.iter().for_each(|change| view.add_damage(*change)));
        }
        state.is_current = true;
        if !state.notice.is_empty() {
            state.notice.clear();
            state.rename();
        }
        state.wake_all();
    }

    /// What the session tells besides its picture.
    pub(super) fn set_keyboard(&self, accepts_scancodes: bool, leds: Option<u8>) {
        let mut state = self.state();
        if (state.accepts_scancodes, state.leds) == (accepts_scancodes, leds) {
            return;
        }
        (state.accepts_scancodes, state.leds) = (accepts_scancodes, leds);
        for view in state.clients.values_mut().filter_map(|slot| slot.view.as_mut()) {
            leds.into_iter().for_each(|leds| view.set_leds(leds));
        }
        state.wake_all();
    }

    /// The pointer has another shape.
    pub(super) fn set_cursor(&self, shape: &Arc<CursorShape>) {
        let mut state = self.state();
        state.cursor = Some(shape.clone());
        state.clients.values_mut().filter_map(|slot| slot.view.as_mut()).for_each(|view| view.set_cursor(shape));
        state.wake_all();
    }

    pub(super) fn ring(&self) {
        let mut state = self.state();
        state.clients.values_mut().filter_map(|slot| slot.view.as_mut()).for_each(ClientView::ring);
        state.wake_all();
    }

    pub(super) fn tell(&self, notice: &str) {
        let mut state = self.state();
        notice.clone_into(&mut state.notice);
        state.rename();
        state.wake_all();
    }

    pub(super) fn disconnect_all(&self, reason: &str) {
        let mut state = self.state();
        for slot in state.clients.values_mut() {
            slot.end.take().into_iter().for_each(|end| drop(end.send(reason.to_owned())));
        }
        self.count(&state);
    }

    /// Disconnects all clients, and those that come later.
    pub(super) fn close(&self, reason: &str) {
        self.state().closed = Some(reason.to_owned());
        self.disconnect_all(reason);
    }

    /// Tells one client why it is disconnected. It is served to the end of what is due.
    pub(super) fn dismiss(&self, number: ClientNumber, reason: &str) {
        let mut state = self.state();
        let name = with_notice(&state.name, reason);
        if let Some(slot) = state.clients.get_mut(&number) {
            slot.is_ending = true;
            slot.view.iter_mut().for_each(|view| view.rename(&name));
            slot.wake.notify_one();
        }
    }
}

/// What a client can be sent at this moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct ViewState {
    pub(super) has_picture: bool,
    pub(super) accepts_scancodes: bool,
    pub(super) has_upstream: bool,
    pub(super) is_ending: bool,
}

impl State {
    fn full_name(&self) -> String {
        with_notice(&self.name, &self.notice)
    }

    fn rename(&mut self) {
        let name = self.full_name();
        self.clients.values_mut().filter_map(|slot| slot.view.as_mut()).for_each(|view| view.rename(&name));
    }

    fn wake_all(&self) {
        self.clients.values().for_each(|slot| slot.wake.notify_one());
    }

    fn forget_picture(&mut self) {
        if !self.has_upstream {
            self.picture = Framebuffer::default();
            self.notice.clear();
        }
    }
}

fn with_notice(name: &str, notice: &str) -> String {
    if notice.is_empty() { name.to_owned() } else { format!("{name} ({notice})") }
}

impl PixelSource for SharedScreen {
    fn read(&self, area: Rectangle, out: &mut Vec<u32>) {
        self.state().picture.read(area, out);
    }
}
