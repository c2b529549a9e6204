//! Keeps what is made of each tile in a file until the order of the tiles is known.

use std::io::{self, Read, Seek, SeekFrom, Write};

/// Pieces in a file, one behind the other.
pub(super) struct TileStore<F> {
    file: F,
    end: u64,
}

/// Where a piece is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    start: u64,
    length: usize,
}

impl<F: Read + Write + Seek> TileStore<F> {
    /// `file` is empty.
    pub(super) fn new(file: F) -> Self {
        Self { file, end: 0 }
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<Piece> {
        let piece = Piece { start: self.end, length: bytes.len() };
        self.file.seek(SeekFrom::Start(piece.start))?;
        self.file.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(piece)
    }

    /// Reads a piece that was added.
    pub(super) fn read(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(piece.start))?;
        let mut bytes = vec![0; piece.length];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// The order of a sheet: the sick tiles first, and otherwise that in which they came.
pub(super) fn sick_first<T>(tiles: Vec<T>, is_sick: impl Fn(&T) -> bool) -> Vec<T> {
    let (mut first, others): (Vec<T>, Vec<T>) = tiles.into_iter().partition(is_sick);
    first.extend(others);
    first
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn pieces_are_read_in_any_order() {
        let mut store = TileStore::new(Cursor::new(Vec::new()));
        let pieces: Vec<Piece> = ["one", "", "three"].map(|text| store.add(text.as_bytes()).unwrap()).into();
        for (piece, text) in [(2, "three"), (0, "one"), (1, ""), (2, "three")] {
            assert_eq!(store.read(pieces[piece]).unwrap(), text.as_bytes());
        }
        store.add(b"4").unwrap();
        assert_eq!(store.read(pieces[0]).unwrap(), b"one");
    }

    #[test]
    fn sick_tiles_come_first_and_keep_their_order() {
        assert_eq!(sick_first(vec![1, 20, 3, 40, 5], |number| *number > 9), [20, 40, 1, 3, 5]);
    }
}
