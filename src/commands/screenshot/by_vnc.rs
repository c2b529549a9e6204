//! A picture over VNC.

use super::{Shots, Taken};
use crate::command_error::Failure;
use crate::console::remote_screen::{self, Screen};
use crate::instances::Target;
use crate::system::clock::Limit;

impl Shots<'_> {
    /// Opens the console for a picture.
    pub(super) async fn by_vnc(&self, target: &Target, limit: Limit) -> Result<Taken, Failure> {
        let way = remote_screen::way_to(self.session.clone(), target.clone(), limit.total, self.output);
        let mut screen = Screen::open(way, self.password.clone(), limit).await?;
        if self.wake {
            screen.wake(limit).await?;
        }
        let picture = screen.picture(limit).await?;
        let time = screen.clock().moment();
        screen.leave().await?;
        Ok(Taken { picture, target: target.clone(), via: "vnc", time })
    }
}
