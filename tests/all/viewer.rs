//! A viewer, as far as a test is one.

use std::io::{Read, Write};

/// Answers the greeting. Only then a relay opens the console. RFC 6143, section 7.1.1.
pub(crate) fn answer_greeting(viewer: &mut (impl Read + Write)) {
    let mut version = [0; 12];
    viewer.read_exact(&mut version).unwrap();
    assert_eq!(&version, b"RFB 003.008\n");
    viewer.write_all(&version).unwrap();
}

/// Answers the greeting, and is disconnected without another word.
pub(crate) fn is_refused(viewer: &mut (impl Read + Write)) {
    answer_greeting(viewer);
    hears_the_end(viewer);
}

/// The greeting of a viewer with security None, up to ServerInit; gives the desktop's name. RFC 6143, 7.1 to 7.3.
pub(crate) fn greet(viewer: &mut (impl Read + Write)) -> String {
    answer_greeting(viewer);
    let mut types = [0; 2];
    viewer.read_exact(&mut types).unwrap();
    assert_eq!(types, [1, 1]);
    viewer.write_all(&[1]).unwrap();
    viewer.read_exact(&mut [0; 4]).unwrap();
    viewer.write_all(&[1]).unwrap();
    let mut init = [0; 24];
    viewer.read_exact(&mut init).unwrap();
    let mut name = vec![0; usize::from(init[23])];
    viewer.read_exact(&mut name).unwrap();
    String::from_utf8(name).unwrap()
}

/// The far side ends it, and has nothing more to say.
pub(crate) fn hears_the_end(viewer: &mut impl Read) {
    let mut rest = Vec::new();
    // A reset is an end as well.
    let _ = viewer.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{rest:?}");
}
