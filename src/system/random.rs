//! The only file that draws random numbers, from the operating system.

/// 128 random bits as 32 hexadecimal digits: a SignatureNonce, or a secret path.
///
/// # Panics
/// When the operating system has no randomness to give. Nothing can be signed then.
pub fn hex_128() -> String {
    let mut bytes = [0u8; 16];
    fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number in `0.0..1.0`, for jitter.
pub(crate) fn fraction() -> f64 {
    let mut bytes = [0u8; 4];
    fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

/// Fills `bytes`.
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random numbers");
}
