//! A text terminal as Linux's console has it: cells, a cursor, scrolling, and the escape sequences that a boot log
//! holds. Pure.

use std::str::Chars;

use crate::demo::display::vga::{COLUMNS, Cell, DEFAULT_ATTRIBUTE, Position, ROWS};

/// The VGA's number of each of ANSI's eight colours. Source: Linux's `color_table` in drivers/tty/vt/vt.c.
const COLORS: [u8; 8] = [0, 4, 2, 6, 1, 5, 3, 7];

/// The bit of an attribute that makes its ink bright.
const BRIGHT: u8 = 0x08;

#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// Row by row.
    cells: Vec<Cell>,
    cursor: Position,
    attribute: u8,
    /// The last column has been written, so the next character goes to the next row.
    wraps: bool,
}

impl Terminal {
    /// A blank screen with the cursor in the upper left corner.
    pub(crate) fn new() -> Self {
        let cells = vec![Cell::BLANK; usize::from(COLUMNS) * usize::from(ROWS)];
        Self { cells, cursor: Position::default(), attribute: DEFAULT_ATTRIBUTE, wraps: false }
    }

    /// Row by row.
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(crate) fn cursor(&self) -> Position {
        self.cursor
    }

    /// The rows down to the last one that is not blank, without the blanks at their ends.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Vec<String> {
        let rows = self.cells.chunks(usize::from(COLUMNS));
        let rows = rows.map(|row| row.iter().map(|cell| char::from(cell.character)).collect::<String>());
        let mut rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        while rows.pop_if(|row| row.is_empty()).is_some() {}
        rows
    }

    /// Clears the screen and moves the cursor to its upper left corner.
    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }

    /// Writes text that may hold `\r`, `\n` (which begins a line, as a tty makes it), SGR and EL. Other control
    /// characters and sequences show nothing. What is not ASCII becomes a question mark.
    pub(crate) fn write(&mut self, text: &str) {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\r' => self.move_to_column(0),
                '\n' => {
                    self.move_to_column(0);
                    self.move_down();
                }
                '\x1b' => self.escape(&mut characters),
                character if character.is_ascii_control() => {}
                character => self.put(u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'?')),
            }
        }
    }

    /// Takes back the last character of a line, which may begin in a row above.
    pub(crate) fn erase(&mut self) {
        if self.wraps {
            self.wraps = false;
        } else if let Some(column) = self.cursor.column.checked_sub(1) {
            self.cursor.column = column;
        } else if let Some(row) = self.cursor.row.checked_sub(1) {
            self.cursor = Position { column: COLUMNS - 1, row };
        }
        self.set_cell(Cell::BLANK);
    }

    fn put(&mut self, character: u8) {
        if self.wraps {
            self.move_to_column(0);
            self.move_down();
        }
        self.set_cell(Cell { character, attribute: self.attribute });
        if self.cursor.column + 1 < COLUMNS {
            self.cursor.column += 1;
        } else {
            self.wraps = true;
        }
    }

    fn set_cell(&mut self, cell: Cell) {
        let index = usize::from(self.cursor.row) * usize::from(COLUMNS) + usize::from(self.cursor.column);
        if let Some(at) = self.cells.get_mut(index) {
            *at = cell;
        }
    }

    fn move_to_column(&mut self, column: u8) {
        self.cursor.column = column;
        self.wraps = false;
    }

    fn move_down(&mut self) {
        if self.cursor.row + 1 < ROWS {
            self.cursor.row += 1;
            return;
        }
        let row = usize::from(COLUMNS);
        self.cells.copy_within(row.., 0);
        let last = self.cells.len() - row;
        self.cells[last..].fill(Cell::BLANK);
    }

    /// `ESC [ PARAMETERS FINAL`. Source: ECMA-48, sections 5.4, 8.3.41 (EL) and 8.3.117 (SGR).
    fn escape(&mut self, characters: &mut Chars<'_>) {
        if characters.next() != Some('[') {
            return;
        }
        let mut parameters = String::new();
        for character in characters {
            match character {
                '\x20'..='\x3f' => parameters.push(character),
                'm' => return parameters.split(';').for_each(|parameter| self.set_graphics(parameter)),
                'K' => return self.erase_to_end_of_row(),
                _ => return,
            }
        }
    }

    fn set_graphics(&mut self, parameter: &str) {
        let background = self.attribute & 0xf0;
        match parameter.parse().unwrap_or_default() {
            0 => self.attribute = DEFAULT_ATTRIBUTE,
            1 => self.attribute |= BRIGHT,
            color @ 30..=37 => {
                self.attribute = background | self.attribute & BRIGHT | COLORS[usize::from(color - 30_u8)]
            }
            39 => self.attribute = background | self.attribute & BRIGHT | DEFAULT_ATTRIBUTE,
            _ => {}
        }
    }

    fn erase_to_end_of_row(&mut self) {
        let start = usize::from(self.cursor.row) * usize::from(COLUMNS);
        let columns = usize::from(self.cursor.column)..usize::from(COLUMNS);
        self.cells[start..][columns].fill(Cell::BLANK);
    }
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
