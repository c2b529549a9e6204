//! Errors in the encoding of a rectangle.

use thiserror::Error;

use super::super::encoding::UnknownEncoding;
use super::super::framebuffer::FramebufferError;
use super::super::protocol::tight;

/// Why a rectangle cannot be decoded. Nothing after it can be read either.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The rectangle reaches outside the screen, or the screen's new size is not supported.
    #[error(transparent)]
    Framebuffer(#[from] FramebufferError),
    /// RFC 6143, section 7.7: an encoding that the client has not announced.
    #[error(transparent)]
    Encoding(#[from] UnknownEncoding),
    /// RFC 6143, section 7.7.4.
    #[error("a Hextile tile has the unknown subencoding {0}")]
    HextileSubencoding(u8),
    /// RFC 6143, section 7.7.4.
    #[error("a Hextile subrectangle reaches outside its tile")]
    HextileSubrectangle,
    /// RFC 6143, section 7.7.6.
    #[error("a ZRLE tile has the unknown subencoding {0}")]
    ZrleSubencoding(u8),
    /// RFC 6143, section 7.7.6.
    #[error("a ZRLE run is longer than its tile")]
    ZrleRun,
    /// A pixel's index is outside its palette.
    #[error("a pixel has colour {index} of a palette with {len} colours")]
    Palette {
        /// The pixel's index.
        index: u8,
        /// The number of colours.
        len: usize,
    },
    /// rfbproto.rst, "Tight Encoding": only for clients that announce a JPEG quality.
    #[error("a Tight rectangle is a JPEG, which this client has not asked for")]
    TightJpeg,
    /// rfbproto.rst, "TightPng Encoding": only for clients that announce this encoding.
    #[error("a Tight rectangle is a PNG, which this client has not asked for")]
    TightPng,
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle has the unknown compression {0:#04x}")]
    TightCompression(u8),
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle has the unknown filter {0}")]
    TightFilter(u8),
    /// rfbproto.rst, "Tight Encoding": the filter works on red, green and blue.
    #[error("a Tight rectangle has the gradient filter, which needs true colour")]
    TightGradient,
    /// rfbproto.rst, "Tight Encoding".
    #[error("a Tight rectangle is {0} pixels wide, more than {max}", max = tight::MAX_WIDTH)]
    TightWidth(u16),
    /// The bytes are no zlib stream, RFC 1950.
    #[error("compressed data is damaged")]
    Zlib,
    /// The compressed data has fewer bytes than the rectangle needs.
    #[error("compressed data ends before its rectangle")]
    TooShort,
    /// The compressed data has more bytes than the rectangle needs.
    #[error("compressed data continues after its rectangle")]
    TooLong,
}
