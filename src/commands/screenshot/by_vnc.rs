//! A picture over VNC.

use super::{Shots, Taken};
use crate::command_error::CommandError;
use crate::console::remote_screen::{self, RemoteScreen};
use crate::instances::ResolvedInstance;
use crate::system::clock::Deadline;

impl Shots<'_> {
    /// Opens the console for a picture.
    pub(super) async fn by_vnc(&self, target: &ResolvedInstance, limit: Deadline) -> Result<Taken, CommandError> {
        let way = remote_screen::way_to(self.session.clone(), target.clone(), limit.total, self.output);
        let mut screen = RemoteScreen::open(way, self.password.clone(), limit).await?;
        if self.wake {
            screen.wake(limit).await?;
        }
        let picture = screen.picture(limit).await?;
        let time = screen.clock().now();
        screen.leave().await?;
        Ok(Taken { picture, target: target.clone(), via: "vnc", time })
    }
}
