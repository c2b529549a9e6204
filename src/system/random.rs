//! Random numbers from the operating system. No other file draws any.

/// 128 random bits as 32 hexadecimal digits: a SignatureNonce, or a secret path.
///
/// # Panics
/// Panics if the operating system returns no random numbers; no request could be signed then.
pub fn hex_128() -> String {
    hex::<16>()
}

/// 256 random bits as 64 hexadecimal digits: a secret between two processes.
///
/// # Panics
/// As [`hex_128`].
pub(crate) fn hex_256() -> String {
    hex::<32>()
}

fn hex<const LEN: usize>() -> String {
    let mut bytes = [0u8; LEN];
    fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random number in `0.0..1.0`, for jitter.
pub(crate) fn fraction() -> f64 {
    let mut bytes = [0u8; 4];
    fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

/// Fills `bytes` with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random numbers");
}
