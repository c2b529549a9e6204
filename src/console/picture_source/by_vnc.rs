//! A picture over VNC.

use super::{PictureSource, Shot};
use crate::command_error::CommandError;
use crate::console::remote_screen::{self, RemoteScreen};
use crate::instances::ResolvedInstance;
use crate::system::clock::Deadline;

impl PictureSource {
    /// Opens the console for one picture.
    pub(super) async fn by_vnc(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<Shot, CommandError> {
        let (account, instance) = (self.account.clone(), instance.clone());
        let gateway = remote_screen::gateway_without_viewer(account, instance.clone(), deadline.total, self.output);
        let mut screen = RemoteScreen::open(gateway, self.password.clone(), deadline).await?;
        if self.args.wake {
            screen.wake(deadline).await?;
        }
        let picture = screen.picture(deadline).await?;
        let time = screen.clock().now();
        screen.close().await?;
        Ok(Shot { picture, instance, via: "vnc", time, is_lossy: false })
    }
}
