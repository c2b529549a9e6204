//! A picture over VNC.

use std::sync::Arc;

use super::{PictureSource, Shot};
use crate::command_error::CommandError;
use crate::console::gateway::{ConsoleGateway, gateway_without_viewer};
use crate::console::liveness::{Probe, probe};
use crate::console::readiness::note_takeover;
use crate::console::remote_screen::RemoteScreen;
use crate::instances::ResolvedInstance;
use crate::system::clock::Deadline;

impl PictureSource {
    /// Opens the console for one picture.
    pub(super) async fn by_vnc(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<Shot, CommandError> {
        let screen = RemoteScreen::open(self.gateway(instance, deadline), self.password.clone(), deadline).await?;
        self.shoot(screen, instance, deadline).await
    }

    /// Takes a picture from the session of another command of this user, if there is one.
    pub(super) async fn by_joining(
        &self,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<Option<Shot>, CommandError> {
        match RemoteScreen::join(&self.gateway(instance, deadline), self.sharing, deadline).await? {
            Some(screen) => self.shoot(screen, instance, deadline).await.map(Some),
            None => Ok(None),
        }
    }

    /// Takes a picture, and finds out whether the guest reacts.
    pub(super) async fn by_probing(
        &self,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<(Shot, Probe), CommandError> {
        let gateway = self.gateway(instance, deadline);
        let mut screen = match RemoteScreen::join(&gateway, self.sharing, deadline).await? {
            Some(screen) => screen,
            None => {
                note_takeover(instance, self.output);
                RemoteScreen::open(gateway, self.password.clone(), deadline).await?
            }
        };
        // What comes later is then a change.
        screen.refresh(deadline).await?;
        let probe = probe(&mut screen).await?;
        Ok((self.shoot(screen, instance, deadline).await?, probe))
    }

    fn gateway(&self, instance: &ResolvedInstance, deadline: Deadline) -> Arc<ConsoleGateway> {
        gateway_without_viewer(self.account.clone(), instance.clone(), deadline.total, self.output)
    }

    async fn shoot(
        &self,
        mut screen: RemoteScreen,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<Shot, CommandError> {
        if self.args.wake {
            screen.wake(deadline).await?;
        }
        let picture = screen.picture(deadline).await?;
        let time = screen.clock().now();
        screen.close().await?;
        Ok(Shot { picture, instance: instance.clone(), via: "vnc", time, is_lossy: false })
    }
}
