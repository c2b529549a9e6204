//! Where the pointer goes and what it does there, as commands and script lines give it.

use std::time::Duration;

use clap::{Args, value_parser};
use serde::Serialize;

use super::image_search::{ImageArgs, ImageSearch};
use super::pointer_sender::{self, Button, Gesture, ScrollDirection};
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::picture::{Point, PointError, Rectangle};
use crate::rfb::PointerMode;
use crate::terminal::output::Output;

/// The warning where the guest has no tablet.
const INEXACT: &str = "the guest has a mouse and no tablet: the pointer goes from a corner to its place in small steps, and ends \
     elsewhere if the guest accelerates it";

/// A gesture and its place.
#[derive(Clone, Debug)]
pub(crate) struct Pointing {
    place: Place,
    gesture: Gesture,
}

#[derive(Clone, Debug)]
enum Place {
    Point(Point),
    /// The centre of this picture, once it is on the screen.
    Image(ImageSearch),
    /// Where this session last put the pointer, or else the middle of the screen.
    Last,
}

/// The arguments of `click`, for the command and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct ClickArgs {
    /// Where to click, in pixels from the left and the top.
    #[arg(value_name = "X,Y", conflicts_with = "image")]
    point: Option<Point>,
    #[command(flatten)]
    button: ButtonArg,
    /// Press the button twice.
    #[arg(long)]
    double: bool,
    #[command(flatten)]
    image: ImageArgs,
}

/// The arguments of `move`, for the command and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct MoveArgs {
    /// Where to, in pixels from the left and the top.
    #[arg(value_name = "X,Y")]
    point: Option<Point>,
}

/// The arguments of `drag`, for the command and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct DragArgs {
    /// From where and to where, in pixels from the left and the top.
    #[arg(value_name = "X,Y", num_args = 1..=2)]
    points: Vec<Point>,
    #[command(flatten)]
    button: ButtonArg,
}

/// The arguments of `scroll`, for the command and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct ScrollArgs {
    /// Which way: up, down, left or right.
    #[arg(value_name = "DIRECTION", value_parser = trimmed_enum::<ScrollDirection>(), hide_possible_values = true)]
    direction: Option<ScrollDirection>,
    /// How many steps of the wheel.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u16).range(1..=1000))]
    steps: u16,
    /// Where the pointer is [default: the middle].
    ///
    /// In pixels from the left and the top of the screen. In a script the default is where the pointer was put last.
    #[arg(long, value_name = "X,Y")]
    at: Option<Point>,
}

/// `--button`, for gestures that press one.
#[derive(Args, Clone, Copy, Debug)]
struct ButtonArg {
    /// The button.
    ///
    /// It is released at the end, even if the command fails.
    #[arg(long, value_enum, value_parser = trimmed_enum::<Button>(), default_value_t)]
    button: Button,
}

impl ClickArgs {
    /// Whether nothing is missing that could stand in the place of the instance.
    pub(crate) fn is_complete(&self) -> bool {
        self.point.is_some() || self.image.is_given()
    }

    /// Reads the picture of `--image`. `first` is the X,Y that stood in the place of the instance.
    pub(crate) fn pointing(self, first: Option<&str>) -> Result<Pointing, CommandError> {
        let place = match (given(self.point, first)?, self.image.search()?) {
            (Some(_), Some(_)) => return Err(usage("give either X,Y or --image FILE")),
            (Some(point), None) => Place::Point(point),
            (None, Some(search)) => Place::Image(search),
            (None, None) => return Err(usage("no place to click").hint("give X,Y or --image FILE")),
        };
        let gesture = Gesture::Click { button: self.button.button, count: if self.double { 2 } else { 1 } };
        Ok(Pointing { place, gesture })
    }
}

impl MoveArgs {
    /// Whether nothing is missing that could stand in the place of the instance.
    pub(crate) fn is_complete(&self) -> bool {
        self.point.is_some()
    }

    /// `first` is the X,Y that stood in the place of the instance.
    pub(crate) fn pointing(self, first: Option<&str>) -> Result<Pointing, CommandError> {
        let point = given(self.point, first)?.ok_or_else(|| usage("no place to move to").hint("give X,Y"))?;
        Ok(Pointing { place: Place::Point(point), gesture: Gesture::Move })
    }
}

impl DragArgs {
    /// Whether nothing is missing that could stand in the place of the instance.
    pub(crate) fn is_complete(&self) -> bool {
        self.points.len() == 2
    }

    /// `first` is the X,Y that stood in the place of the instance.
    pub(crate) fn pointing(self, first: Option<&str>) -> Result<Pointing, CommandError> {
        let first = first.map(parse_point).transpose()?;
        let points: Vec<Point> = first.into_iter().chain(self.points).collect();
        let [from, to] = points[..] else {
            return Err(usage("a drag has two places").hint("give X,Y X,Y: from where and to where"));
        };
        Ok(Pointing { place: Place::Point(from), gesture: Gesture::Drag { to, button: self.button.button } })
    }
}

impl ScrollArgs {
    /// Whether nothing is missing that could stand in the place of the instance.
    pub(crate) fn is_complete(&self) -> bool {
        self.direction.is_some()
    }

    /// `first` is the direction that stood in the place of the instance.
    pub(crate) fn pointing(self, first: Option<&str>) -> Result<Pointing, CommandError> {
        let no_direction = |message: &str| usage(message).hint("give up, down, left or right");
        let parse = |text: &str| clap::ValueEnum::from_str(text, true).map_err(|_| no_direction("no such direction"));
        let direction = match (self.direction, first) {
            (Some(_), Some(_)) => return Err(usage("`scroll` takes one direction")),
            (Some(direction), None) => direction,
            (None, Some(first)) => parse(first)?,
            (None, None) => return Err(no_direction("no direction to scroll")),
        };
        let place = self.at.map_or(Place::Last, Place::Point);
        Ok(Pointing { place, gesture: Gesture::Scroll { direction, steps: self.steps } })
    }
}

/// The one point of a gesture: an argument of its own, or in the place of the instance.
fn given(point: Option<Point>, first: Option<&str>) -> Result<Option<Point>, CommandError> {
    match (point, first) {
        (Some(_), Some(_)) => Err(usage("one X,Y is enough")),
        (point, first) => Ok(point.or(first.map(parse_point).transpose()?)),
    }
}

fn parse_point(text: &str) -> Result<Point, CommandError> {
    text.parse().map_err(|error: PointError| CommandError::new(ErrorKind::Usage, error))
}

fn usage(message: &str) -> CommandError {
    CommandError::message(ErrorKind::Usage, message)
}

impl Pointing {
    /// A click with this button, `count` times.
    pub(crate) fn click(point: Point, button: Button, count: u8) -> Self {
        Self { place: Place::Point(point), gesture: Gesture::Click { button, count } }
    }

    /// Whether it waits for a picture.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.place, Place::Image(_))
    }

    /// Does the gesture, and returns where the pointer is then. Nothing is sent if a place is not on the screen. `timeout` is
    /// for the picture that is looked for.
    pub(crate) async fn perform_on(
        &self,
        screen: &mut RemoteScreen,
        timeout: Duration,
        output: Output,
    ) -> Result<Point, CommandError> {
        let place = match &self.place {
            Place::Image(search) => {
                let deadline = screen.clock().deadline(timeout);
                Some(search.wait(screen, deadline, output).await?.centre())
            }
            Place::Point(point) => Some(*point),
            Place::Last => None,
        };
        // The size may have changed; and QEMU says before its first update how it takes positions.
        let limit = screen.answer_deadline();
        screen.refresh(limit).await?;
        let bounds = screen.client.screen().bounds();
        let last = screen.pointer.filter(|last| bounds.contains(last.x, last.y));
        let place = place.or(last).unwrap_or_else(|| bounds.centre());
        let end = if let Gesture::Drag { to, .. } = self.gesture { to } else { place };
        check(place, screen)?;
        check(end, screen)?;
        if screen.client.pointer_mode() == PointerMode::Relative && screen.pointer.is_none() {
            output.warning(INEXACT);
        }
        match pointer_sender::perform(&mut screen.client, place, self.gesture).await {
            Ok(()) => {}
            Err(error) => return Err(screen.explain_input_error(error).await),
        }
        screen.pointer = Some(end);
        Ok(end)
    }
}

fn check(point: Point, screen: &RemoteScreen) -> Result<(), CommandError> {
    let bounds = screen.client.screen().bounds();
    if bounds.contains(point.x, point.y) {
        return Ok(());
    }
    let (id, Rectangle { width, height, .. }) = (&screen.instance().id, bounds);
    let message = format!("the point {point} is not on the screen of {id}, which has {width}x{height} pixels");
    let hint = format!("X is at most {}, and Y at most {}", width.saturating_sub(1), height.saturating_sub(1));
    Err(CommandError::message(ErrorKind::Usage, message).hint(hint).of_instance(id))
}

/// The line that `-o json` prints: where the pointer is at the end.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PointerOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    x: u16,
    y: u16,
}

impl<'a> PointerOutput<'a> {
    pub(crate) fn new(instance: &'a ResolvedInstance, at: Point) -> Self {
        Self { instance_id: &instance.id, region_id: &instance.region, x: at.x, y: at.y }
    }
}
