//! What makes a rectangle unreadable.

use thiserror::Error;

use super::super::encoding::UnknownEncoding;
use super::super::framebuffer::FramebufferError;

/// Why a rectangle cannot be decoded. What follows it cannot be read either.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// It does not fit the screen.
    #[error(transparent)]
    Framebuffer(#[from] FramebufferError),
    /// RFC 6143, section 7.7: not one that was announced.
    #[error(transparent)]
    Encoding(#[from] UnknownEncoding),
    /// RFC 6143, section 7.7.4.
    #[error("a Hextile tile of unknown subencoding {0}")]
    Hextile(u8),
    /// RFC 6143, section 7.7.4: a subrectangle reaches over its tile's edge.
    #[error("a Hextile subrectangle outside its tile")]
    Subrectangle,
    /// RFC 6143, section 7.7.6.
    #[error("a ZRLE tile of unknown subencoding {0}")]
    Zrle(u8),
    /// RFC 6143, section 7.7.6: a run goes on behind its tile.
    #[error("a ZRLE run longer than its tile")]
    Run,
    /// A colour that the palette does not have.
    #[error("colour {index} of a palette of {len}")]
    Palette {
        /// The colour's number.
        index: u8,
        /// How many there are.
        len: usize,
    },
    /// rfbproto.rst, "Tight Encoding": only a client that announces a quality gets these.
    #[error("a Tight rectangle in JPEG, which was not asked for")]
    Jpeg,
    /// rfbproto.rst, "TightPng Encoding": of another encoding.
    #[error("a Tight rectangle in PNG, which was not asked for")]
    Png,
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle of unknown compression {0:#04x}")]
    Tight(u8),
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle with unknown filter {0}")]
    Filter(u8),
    /// rfbproto.rst, "Tight Encoding": the gradient filter counts in red, green and blue.
    #[error("a Tight rectangle with the gradient filter, without true colour")]
    Gradient,
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle {0} pixels wide, where {max} are the most", max = super::tight::MOST_WIDTH)]
    Width(u16),
    /// RFC 1950.
    #[error("compressed data that is damaged")]
    Zlib,
    /// The compressed data holds less than the rectangle.
    #[error("compressed data that ends before the rectangle")]
    Short,
    /// The compressed data holds more than the rectangle.
    #[error("compressed data that goes on after the rectangle")]
    Surplus,
}
