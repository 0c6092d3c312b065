//! Strict base64 and hex, into and out of fixed buffers.
//!
//! Strict means that a value has one spelling: the standard alphabet only, no white space, and
//! zero trailing bits ([RFC 4648] section 3.5), so that a signature cannot be respelled. Base64 is
//! written without tables and branches on secret bytes (what the compiler makes of that was not
//! inspected). It is ours because the `base64` crate in its place made `core.wasm` larger: 15,319
//! bytes instead of 11,276, and 1.3 KB more gzipped. The tests hold it against that crate.
//!
//! [RFC 4648]: https://www.rfc-editor.org/rfc/rfc4648

/// `0xff` where `low <= byte <= high`, else `0`.
const fn within(byte: u8, low: u8, high: u8) -> u8 {
    ((byte >= low && byte <= high) as u8).wrapping_neg()
}

/// The six bits that a character of the standard alphabet stands for; at least 64 for any other.
const fn sextet(c: u8) -> u8 {
    let upper = within(c, b'A', b'Z') & c.wrapping_sub(b'A').wrapping_add(1);
    let lower = within(c, b'a', b'z') & c.wrapping_sub(b'a').wrapping_add(27);
    let digit = within(c, b'0', b'9') & c.wrapping_sub(b'0').wrapping_add(53);
    let plus = within(c, b'+', b'+') & 63;
    let slash = within(c, b'/', b'/') & 64;
    // One of the five is the value plus one; none is 0, which wraps to 255.
    (upper | lower | digit | plus | slash).wrapping_sub(1)
}

/// The character for six bits: the distance to it changes where a run of the alphabet ends.
const fn character(sextet: u8) -> u8 {
    sextet
        .wrapping_add(b'A')
        .wrapping_add(within(sextet, 26, 63) & (b'a' - 26 - b'A'))
        .wrapping_sub(within(sextet, 52, 63) & (b'a' + 26 - b'0'))
        .wrapping_sub(within(sextet, 62, 63) & (b'0' + 10 - b'+'))
        .wrapping_add(within(sextet, 63, 63) & (b'/' - b'+' - 1))
}

/// Decodes base64 without its padding where it lies, to the front, and says how many bytes that gave.
///
/// `None` for another character, a length that no value has, or a non-zero trailing bit.
pub(crate) fn base64_decode(text: &mut [u8]) -> Option<usize> {
    let (mut bad, mut word, mut bits, mut length) = (0, 0u32, 0u32, 0usize);
    for at in 0..text.len() {
        let six = text.get(at).map_or(0, |c| sextet(*c));
        bad |= six;
        word = word << 6 | u32::from(six & 63);
        bits = bits.wrapping_add(6);
        if bits >= 8 {
            bits = bits.wrapping_sub(8);
            // Three bytes for four characters: never ahead of what is read.
            if let Some(byte) = text.get_mut(length) {
                *byte = (word >> bits) as u8;
            }
            length = length.wrapping_add(1);
        }
    }
    // Left over are 0, 2 or 4 bits; with 6 a character stands alone.
    let left_over = word & (1u32 << bits).wrapping_sub(1);
    (bad < 64 && bits < 6 && left_over == 0).then_some(length)
}

/// Encodes 32 bytes as padded base64: 44 characters.
pub(crate) fn base64_encode(bytes: &[u8; 32], out: &mut [u8]) {
    let mut whole = [0; 33];
    whole.split_at_mut(32).0.copy_from_slice(bytes);
    for ([a, b, c], text) in whole.as_chunks().0.iter().zip(out.as_chunks_mut::<4>().0) {
        let mut word = u32::from_be_bytes([*a, *b, *c, 0]);
        for c in text {
            *c = character((word >> 26) as u8);
            word <<= 6;
        }
    }
    if let Some(last) = out.last_mut() {
        *last = b'=';
    }
}

/// Encodes 32 bytes as lower-case hex: 64 characters.
pub(crate) fn hex_encode(bytes: &[u8; 32], out: &mut [u8]) {
    for (byte, text) in bytes.iter().zip(out.as_chunks_mut().0) {
        *text = [digit(byte >> 4), digit(byte & 15)];
    }
}

/// The hex digit for four bits.
const fn digit(nibble: u8) -> u8 {
    nibble
        .wrapping_add(b'0')
        .wrapping_add(within(nibble, 10, 15) & (b'a' - 10 - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::GeneralPurposeConfig, engine::general_purpose as theirs};
    use proptest::{array::uniform32, collection::vec, num::u8::ANY};

    const UNPADDED: theirs::GeneralPurpose = theirs::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
    );

    fn decoded(text: &[u8]) -> Option<Vec<u8>> {
        let mut text = text.to_vec();
        base64_decode(&mut text).map(|length| text[..length].to_vec())
    }

    #[test]
    fn every_character_is_judged_as_by_the_base64_crate() {
        for c in 0..=255u8 {
            let text = [b'A', b'A', b'A', c];
            assert_eq!(decoded(&text), UNPADDED.decode(text).ok(), "{c}");
        }
        assert!((0..64).all(|bits| sextet(character(bits)) == bits));
    }

    proptest::proptest! {
        #[test]
        fn any_text_decodes_as_by_the_base64_crate(text in "[A-Za-z0-9+/=_ -]{0,60}") {
            assert_eq!(decoded(text.as_bytes()), UNPADDED.decode(&text).ok());
        }

        #[test]
        fn any_bytes_come_back(bytes in vec(ANY, 0..100)) {
            assert_eq!(decoded(theirs::STANDARD_NO_PAD.encode(&bytes).as_bytes()), Some(bytes));
        }

        #[test]
        fn tags_are_written_as_by_others(bytes in uniform32(ANY)) {
            let mut base64 = [0; 44];
            base64_encode(&bytes, &mut base64);
            assert_eq!(theirs::STANDARD.encode(bytes).as_bytes(), base64);
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let mut text = [0; 64];
            hex_encode(&bytes, &mut text);
            assert_eq!(hex.as_bytes(), text);
        }
    }
}
