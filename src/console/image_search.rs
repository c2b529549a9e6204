//! Waits until a small picture is on a screen, and says where.

use std::path::PathBuf;

use clap::Args;

use super::picture_condition::read_picture;
use super::picture_wait::check_area;
use super::screen_watch::Watch;
use super::verdict::Verdict;
use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::picture::{Found, Picture, Rectangle, find};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

/// The flags of a search, for `click` and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct ImageArgs {
    /// Wait for this picture, and click its centre.
    ///
    /// A PNG or JPEG file of a part of the screen, such as a button cut out of a screenshot.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    image: Option<PathBuf>,
    /// Look for it in this part of the screen.
    ///
    /// X and Y are the distances from the left and the top of the screen to the part, W and H its width and height, in pixels.
    #[arg(long, value_name = "X,Y,W,H")]
    area: Option<Rectangle>,
    /// Ignore differences up to N of 255.
    ///
    /// Two pixels are equal if their red, green and blue differ by no more than N. A JPEG picture is never exact.
    #[arg(long, value_name = "N")]
    tolerance: Option<u8>,
}

impl ImageArgs {
    /// Whether there is a picture to look for.
    pub(crate) fn is_given(&self) -> bool {
        self.image.is_some()
    }
}

/// A picture to look for.
#[derive(Clone, Debug)]
pub(crate) struct ImageSearch {
    picture: Picture,
    /// The name of its file, for messages.
    name: String,
    area: Option<Rectangle>,
    tolerance: u8,
}

impl ImageArgs {
    /// Reads the picture of `--image`; `None` without one. One that does not fit into the area is an error.
    pub(crate) fn search(&self) -> Result<Option<ImageSearch>, CommandError> {
        let Self { image, area, tolerance } = self;
        // clap does not require --image where an argument is present that conflicts with it.
        let Some(path) = image else {
            if area.is_some() || tolerance.is_some() {
                let message = "--area and --tolerance are for the picture of --image FILE";
                return Err(
                    CommandError::message(ErrorKind::Usage, message).hint("leave them out, or give --image FILE")
                );
            }
            return Ok(None);
        };
        let (picture, name) = (read_picture(path)?, path.shown());
        let (width, height) = (picture.width(), picture.height());
        if let Some(area) = area.filter(|area| u32::from(area.width) < width || u32::from(area.height) < height) {
            let message = format!("{name} has {width}x{height} pixels, which do not fit into the area {area}");
            return Err(CommandError::message(ErrorKind::Usage, message).hint("make the area larger"));
        }
        Ok(Some(ImageSearch { picture, name, area: *area, tolerance: tolerance.unwrap_or(0) }))
    }
}

impl ImageSearch {
    /// Waits until the picture is on the screen, and returns where. Several places are an error at once.
    pub(crate) async fn wait(
        &self,
        screen: &mut RemoteScreen,
        deadline: Deadline,
        output: Output,
    ) -> Result<Rectangle, CommandError> {
        let Self { picture, name, area, tolerance } = self;
        let progress = format!("looking for {name} on the screen of {}", screen.instance().id);
        let watch = Watch { area: *area, deadline, progress: &progress, output };
        let mut size = (0, 0);
        let found = watch.until(screen, |screen, _| {
            let seen = screen.received_picture()?;
            if size != (seen.width(), seen.height()) {
                size = (seen.width(), seen.height());
                check_area(*area, &seen, screen)?;
            }
            match find(&seen, picture, *area, *tolerance) {
                Found::Once(place) => Ok(Verdict::Done(place)),
                Found::Nowhere => Ok(Verdict::NotYet),
                Found::Several([one, other]) => {
                    let id = &screen.instance().id;
                    let message = format!("{name} is on the screen of {id} at least twice: at {one} and at {other}");
                    let hint = "limit the search to one of them with --area X,Y,W,H, or use a larger picture";
                    Err(CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id))
                }
                Found::TooMuchWork => {
                    let id = &screen.instance().id;
                    let message = format!("too many places on the screen of {id} look almost like {name}");
                    let hint = "limit the search with --area X,Y,W,H, or use a picture that is less regular";
                    Err(CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id))
                }
            }
        });
        match found.await? {
            Some(place) => Ok(place),
            None => Err(self.not_found(size, screen, deadline)),
        }
    }

    fn not_found(&self, (width, height): (u32, u32), screen: &RemoteScreen, deadline: Deadline) -> CommandError {
        let Self { picture, name, .. } = self;
        let (id, seconds) = (&screen.instance().id, deadline.total.as_secs_f64());
        let (own_width, own_height) = (picture.width(), picture.height());
        let (message, hint) = match own_width > width || own_height > height {
            true => (
                format!(
                    "{name} has {own_width}x{own_height} pixels, more than the screen of {id} with {width}x{height} \
                     (waited {seconds} s)"
                ),
                "use a picture of a part of the screen",
            ),
            false => (
                format!("{name} is not on the screen of {id} (waited {seconds} s)"),
                "allow small differences with --tolerance N, or wait longer with --timeout SECONDS",
            ),
        };
        CommandError::message(ErrorKind::TimeLimit, message).hint(hint).of_instance(id)
    }
}
