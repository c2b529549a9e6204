//! How a screen is divided into cells.

/// A grid of character cells over a screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The size of a cell.
    pub cell_width: usize,
    /// The size of a cell.
    pub cell_height: usize,
    /// The distance of the first cell from the left edge.
    pub offset_x: usize,
    /// The distance of the first cell from the top edge.
    pub offset_y: usize,
    /// Cells in a row.
    pub columns: usize,
    /// Rows of cells.
    pub rows: usize,
}

impl Grid {
    /// The grid of whole cells from an offset to the right and lower edge; `None` if not even one cell fits.
    pub(super) fn covering(
        (width, height): (usize, usize),
        (cell_width, cell_height): (usize, usize),
        (offset_x, offset_y): (usize, usize),
    ) -> Option<Self> {
        let columns = width.checked_sub(offset_x)? / cell_width;
        let rows = height.checked_sub(offset_y)? / cell_height;
        (columns > 0 && rows > 0).then_some(Self { cell_width, cell_height, offset_x, offset_y, columns, rows })
    }

    /// A grid of `columns` x `rows` cells in the middle of the screen; `None` if it is larger than the screen.
    pub(super) fn centred(
        (width, height): (usize, usize),
        (cell_width, cell_height): (usize, usize),
        (columns, rows): (usize, usize),
    ) -> Option<Self> {
        let offset_x = width.checked_sub(columns * cell_width)? / 2;
        let offset_y = height.checked_sub(rows * cell_height)? / 2;
        (columns > 0 && rows > 0).then_some(Self { cell_width, cell_height, offset_x, offset_y, columns, rows })
    }

    /// The left edge of a column of cells.
    pub(super) fn x(&self, column: usize) -> usize {
        self.offset_x + column * self.cell_width
    }

    /// The top edge of a row of cells.
    pub(super) fn y(&self, row: usize) -> usize {
        self.offset_y + row * self.cell_height
    }

    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.columns * self.rows
    }
}
