use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::protocol_choice::DumbTerminal;
use super::*;

const AREA: DrawingArea = DrawingArea { columns: 80, rows: 24, cell_size: None };

/// Colours that sixel's percents and the cube hold exactly; text-like in its shape.
fn sample(width: u32, height: u32) -> Picture {
    let colours = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 255]];
    let at = |x: u32, y: u32| colours[((x * 7 + y * 3 + x * y) % 4) as usize];
    Picture::new(width, height, (0..height).flat_map(|y| (0..width).flat_map(move |x| at(x, y))).collect()).unwrap()
}

/// The upper and the lower pixel of a cell; the lower is none on the terminal's own background.
type Cell = ([u8; 3], Option<[u8; 3]>);

/// What half blocks show, as a terminal reads them: upper and lower pixels of each cell, row by row.
fn shown(drawn: &str, colour: impl Fn(&str) -> [u8; 3]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for line in drawn.strip_suffix('\n').unwrap().split('\n') {
        let (mut row, mut fore, mut back, mut rest) = (Vec::new(), None, None, line);
        while let Some(c) = rest.chars().next() {
            if let Some(sequence) = rest.strip_prefix("\x1b[") {
                let (words, after) = sequence.split_once('m').unwrap();
                match words.split_at(words.len().min(3)) {
                    ("38;", words) => fore = Some(colour(words)),
                    ("48;", words) => back = Some(colour(words)),
                    ("0", "") => (fore, back) = (None, None),
                    other => panic!("{other:?}"),
                }
                rest = after;
                continue;
            }
            row.push(match c {
                ' ' => (back.unwrap(), back),
                '▀' => (fore.unwrap(), back),
                other => panic!("{other:?}"),
            });
            rest = &rest[c.len_utf8()..];
        }
        assert_eq!((fore, back), (None, None), "colours end with their line");
        rows.push(row);
    }
    rows
}

fn truecolor(words: &str) -> [u8; 3] {
    let values: Vec<u8> = words.strip_prefix("2;").unwrap().split(';').map(|value| value.parse().unwrap()).collect();
    values.try_into().unwrap()
}

/// xterm's 256colres.pl: the cube's levels are 0, 95, 135 … 255, the grays' 8, 18 … 238.
fn indexed(words: &str) -> [u8; 3] {
    let index: u8 = words.strip_prefix("5;").unwrap().parse().unwrap();
    let level = |step: u8| if step == 0 { 0 } else { step * 40 + 55 };
    match index {
        0..16 => panic!("{index} is the user's own"),
        16..232 => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(level),
        232.. => [(index - 232) * 10 + 8; 3],
    }
}

#[test]
fn half_blocks_show_every_pixel() {
    for (picture, name) in [(sample(9, 6), "even"), (sample(8, 7), "odd"), (sample(1, 1), "one")] {
        for is_truecolor in [true, false] {
            let drawn = draw(&picture, GraphicsProtocol::HalfBlocks, AREA, is_truecolor).unwrap();
            let rows = if is_truecolor { shown(&drawn, truecolor) } else { shown(&drawn, indexed) };
            assert_eq!(rows.len() as u32, picture.height().div_ceil(2), "{name}");
            for (y, row) in (0..).step_by(2).zip(&rows) {
                assert_eq!(row.len() as u32, picture.width());
                for (x, (upper, lower)) in (0..).zip(row) {
                    assert_eq!(Some(*upper), picture.pixel(x, y), "{name}: {x},{y}");
                    assert_eq!(*lower, picture.pixel(x, y + 1), "{name}: {x},{y} below");
                }
            }
        }
    }
}

#[test]
fn a_half_block_is_the_mean_of_its_pixels() {
    // 8x8 pixels for each half of a cell: an independent mean, in f64, in linear light.
    let picture = sample(320, 192);
    let drawn =
        draw(&picture, GraphicsProtocol::HalfBlocks, DrawingArea { columns: 40, rows: 12, cell_size: None }, true)
            .unwrap();
    for (y, row) in (0u32..).zip(shown(&drawn, truecolor)) {
        for (x, (upper, _)) in (0u32..).zip(row) {
            for (channel, shown) in upper.iter().enumerate() {
                let area = (0..64).map(|nth| picture.pixel(x * 8 + nth % 8, y * 16 + nth / 8).unwrap()[channel]);
                let mean = area.map(|value| f64::from(value / 255)).sum::<f64>() / 64.0;
                let expected = if mean <= 0.003_130_8 { mean * 12.92 } else { 1.055 * mean.powf(1.0 / 2.4) - 0.055 };
                assert!((expected * 255.0 - f64::from(*shown)).abs() <= 1.0, "{x},{y}: {mean} as {shown}");
            }
        }
    }
}

#[test]
fn the_nearest_of_256_colours_is_used() {
    for colour in
        [[0, 0, 0], [8, 8, 8], [170, 0, 0], [85, 85, 85], [170, 170, 170], [255, 85, 85], [1, 2, 250], [127; 3]]
    {
        let drawn =
            draw(&Picture::new(1, 1, colour.to_vec()).unwrap(), GraphicsProtocol::HalfBlocks, AREA, false).unwrap();
        let distance = |other: [u8; 3]| -> u32 {
            colour.iter().zip(other).map(|(value, other): (&u8, u8)| u32::from(value.abs_diff(other)).pow(2)).sum()
        };
        let best = (16..=255).map(|index| distance(indexed(&format!("5;{index}")))).min().unwrap();
        assert_eq!(distance(shown(&drawn, indexed)[0][0].0), best, "{colour:?}");
    }
}

#[test]
fn kittys_chunks_hold_the_png() {
    // Noise, so that it takes several chunks.
    let mut state = 1u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let picture = Picture::new(90, 90, noise.take(90 * 90 * 3).collect()).unwrap();
    let drawn = draw(&picture, GraphicsProtocol::Kitty, AREA, true).unwrap();
    let sequences: Vec<&str> = drawn.strip_suffix("\x1b\\\n").unwrap().split("\x1b\\").collect();
    assert!(sequences.len() > 2);
    let mut base64 = String::new();
    for (nth, sequence) in sequences.iter().enumerate() {
        let (control, payload) = sequence.strip_prefix("\x1b_G").unwrap().split_once(';').unwrap();
        let keys: HashMap<&str, &str> = control.split(',').map(|pair| pair.split_once('=').unwrap()).collect();
        let is_last = nth + 1 == sequences.len();
        assert_eq!(keys["m"], if is_last { "0" } else { "1" });
        assert_eq!(keys["q"], "2");
        assert!(payload.len() <= 4096 && (is_last || payload.len().is_multiple_of(4)));
        match nth {
            0 => assert_eq!((keys["a"], keys["f"], keys["c"], keys.len()), ("T", "100", "12", 5)),
            _ => assert_eq!(keys.len(), 2, "later chunks have m and q only"),
        }
        base64.push_str(payload);
    }
    assert!(Picture::decode(&STANDARD.decode(base64).unwrap()).unwrap() == picture);
}

#[test]
fn iterm2s_sequence_holds_the_png() {
    let picture = sample(720, 400);
    let drawn = draw(&picture, GraphicsProtocol::Iterm2, AREA, true).unwrap();
    let (arguments, rest) = drawn.strip_prefix("\x1b]1337;File=").unwrap().split_once(':').unwrap();
    let png = STANDARD.decode(rest.strip_suffix("\x07\n").unwrap()).unwrap();
    let keys: HashMap<&str, &str> = arguments.split(';').map(|pair| pair.split_once('=').unwrap()).collect();
    assert_eq!(keys["size"], png.len().to_string());
    // 80 columns of 8 pixels are 640 of 720; 24 rows of 16 would have been enough.
    assert_eq!((keys["inline"], keys["width"]), ("1", "80"));
    assert!(Picture::decode(&png).unwrap() == picture);
}

/// Reads sixels as the manual says: a small terminal.
fn sixels(drawn: &str) -> Picture {
    let body = drawn.strip_prefix("\x1bPq").unwrap().strip_suffix("\x1b\\\n").unwrap();
    let mut rest = body.strip_prefix('"').unwrap();
    let numbers = |rest: &mut &str| -> Vec<usize> {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(rest.len());
        let (words, after) = rest.split_at(end);
        *rest = after;
        words.split(';').map(|word| word.parse().unwrap()).collect()
    };
    let raster = numbers(&mut rest);
    let (width, height) = (raster[2], raster[3]);
    assert_eq!(raster[..2], [1, 1]);
    let mut pixels = vec![None; width * height];
    let (mut colours, mut colour, mut x, mut y) = (HashMap::new(), 0, 0, 0);
    while let Some(c) = rest.chars().next() {
        rest = &rest[1..];
        let (mut count, mut sixel) = (1, c);
        match c {
            '#' => match numbers(&mut rest)[..] {
                [number] => colour = number,
                [number, 2, r, g, b] => {
                    colours.insert(number, [r, g, b].map(|percent| (percent * 255 / 100) as u8));
                }
                ref other => panic!("{other:?}"),
            },
            '!' => {
                count = numbers(&mut rest)[0];
                sixel = rest.chars().next().unwrap();
                rest = &rest[1..];
            }
            '$' => x = 0,
            '-' => (x, y) = (0, y + 6),
            _ => {}
        }
        if let '?'..='~' = sixel {
            let bits = sixel as u32 - '?' as u32;
            for _ in 0..count {
                for bit in (0..6).filter(|bit| bits >> bit & 1 == 1) {
                    let pixel = &mut pixels[(y + bit) * width + x];
                    assert_eq!(*pixel, None, "painted once");
                    *pixel = Some(colours[&colour]);
                }
                x += 1;
            }
            assert!(x <= width);
        }
    }
    let rgb = pixels.into_iter().flat_map(|pixel| pixel.expect("every pixel is painted")).collect();
    Picture::new(width as u32, height as u32, rgb).unwrap()
}

#[test]
fn sixels_paint_every_pixel_once() {
    for picture in [sample(64, 13), sample(1, 1), sample(200, 6)] {
        assert!(sixels(&draw(&picture, GraphicsProtocol::Sixel, AREA, true).unwrap()) == picture);
    }
    // More colours than 256: none is far off.
    let gradient = (0..48u32).flat_map(|y| (0..64u32).flat_map(move |x| [(x * 4) as u8, (y * 5) as u8, (x + y) as u8]));
    let picture = Picture::new(64, 48, gradient.collect()).unwrap();
    let shown = sixels(&draw(&picture, GraphicsProtocol::Sixel, AREA, true).unwrap());
    let similarity = crate::picture::compare(&picture, &shown, None, 24);
    assert!(similarity.is_equal(), "{similarity}");
}

#[test]
fn a_picture_fits_and_is_never_enlarged() {
    let fit = |area: DrawingArea, cell| area.fit(&sample(720, 400), cell);
    assert_eq!(fit(DrawingArea { columns: 80, rows: 24, cell_size: None }, (1, 2)), (80, 44));
    assert_eq!(
        fit(DrawingArea { columns: 200, rows: 30, cell_size: None }, (1, 2)),
        (108, 60),
        "the rows are the limit"
    );
    assert_eq!(fit(DrawingArea { columns: 1000, rows: 1000, cell_size: None }, (8, 16)), (720, 400));
    assert_eq!(fit(DrawingArea { columns: 0, rows: 0, cell_size: None }, (1, 2)), (1, 1));
    assert_eq!(
        DrawingArea { columns: 1, rows: 1, cell_size: Some((0, 0)) }.cell_size(),
        (8, 16),
        "a terminal that does not know"
    );
}

type Variables<'a> = &'a [(&'a str, &'static str)];

fn chosen(requested: Option<GraphicsProtocol>, variables: Variables) -> Result<ProtocolChoice, DumbTerminal> {
    choose_protocol(requested, |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
}

#[test]
fn the_environment_decides_on_the_protocol() {
    let cases: [(Variables, GraphicsProtocol); 17] = [
        (&[("TERM", "xterm-kitty"), ("KITTY_WINDOW_ID", "1")], GraphicsProtocol::Kitty),
        (&[("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")], GraphicsProtocol::Kitty),
        (&[("TERM", "xterm-ghostty")], GraphicsProtocol::Kitty),
        (&[("TERM_PROGRAM", "iTerm.app"), ("TERM", "xterm-256color")], GraphicsProtocol::Iterm2),
        (&[("LC_TERMINAL", "iTerm2"), ("TERM", "xterm-256color")], GraphicsProtocol::Iterm2),
        (&[("TERM_PROGRAM", "WezTerm")], GraphicsProtocol::Iterm2),
        // Started from kitty: its variable is inherited.
        (&[("TERM_PROGRAM", "WezTerm"), ("KITTY_WINDOW_ID", "1")], GraphicsProtocol::Iterm2),
        (&[("TERM_PROGRAM", "Apple_Terminal"), ("TERM", "xterm-256color")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "foot")], GraphicsProtocol::Sixel),
        (&[("TERM", "xterm-256color"), ("KONSOLE_VERSION", "220401")], GraphicsProtocol::Sixel),
        (&[("TERM", "xterm-256color"), ("KONSOLE_VERSION", "211203")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "tmux-256color"), ("TMUX", "/tmp/t,1,0"), ("KITTY_WINDOW_ID", "1")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "screen.xterm-256color"), ("LC_TERMINAL", "iTerm2")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "xterm-kitty"), ("ZELLIJ", "0")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "linux")], GraphicsProtocol::HalfBlocks),
        (&[("TERM", "xterm-256color")], GraphicsProtocol::HalfBlocks),
        (&[], GraphicsProtocol::HalfBlocks),
    ];
    for (variables, protocol) in cases {
        let choice = chosen(None, variables).unwrap();
        assert_eq!(choice.protocol, protocol, "{variables:?}: {}", choice.reason);
    }
}

#[test]
fn a_requested_protocol_is_used_and_a_dumb_terminal_is_an_error() {
    assert_eq!(chosen(None, &[("TERM", "dumb"), ("COLORTERM", "truecolor")]), Err(DumbTerminal));
    let asked = chosen(Some(GraphicsProtocol::Sixel), &[("TERM", "dumb"), ("TMUX", "x")]).unwrap();
    assert_eq!(asked.protocol, GraphicsProtocol::Sixel);
}

#[test]
fn true_colour_needs_a_terminal_that_announces_it() {
    let truecolor = |variables: Variables| chosen(None, variables).unwrap().has_true_colour;
    assert!(truecolor(&[("COLORTERM", "truecolor")]) && truecolor(&[("COLORTERM", "24bit")]));
    assert!(truecolor(&[("TERM", "xterm-direct")]) && truecolor(&[("WT_SESSION", "guid")]));
    assert!(!truecolor(&[("TERM", "xterm-256color")]) && !truecolor(&[("COLORTERM", "yes")]));
    assert!(!truecolor(&[("STY", "1.pts"), ("COLORTERM", "truecolor")]), "GNU screen 4 knows 256");
}
