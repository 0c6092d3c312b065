//! Strict base64 and hex, into and out of fixed buffers.
//!
//! Strict means that a value has one spelling: the standard alphabet only, no white space, and
//! zero trailing bits ([RFC 4648] section 3.5), so that a signature cannot be respelled. Base64 is
//! written without tables and branches on secret bytes (what the compiler makes of that was not
//! inspected). It is ours because the `base64` crate in its place makes `core.wasm` larger: 15,319
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

/// Decodes base64 without its padding into the front of `out`, and says how many bytes that gave.
///
/// `None` for another character, a length that no value has, a non-zero trailing bit, or an `out`
/// that is too short.
pub(crate) fn base64_decode(text: &[u8], out: &mut [u8]) -> Option<usize> {
    if text.len() % 4 == 1 {
        return None;
    }
    // Four characters give three bytes; two or three left over give one or two.
    let length = (text.len() / 4)
        .saturating_mul(3)
        .saturating_add((text.len() % 4).saturating_sub(1));
    let out = out.get_mut(..length)?;
    let (mut bad, mut left_over) = (0, 0);
    for (group, bytes) in text.chunks(4).zip(out.chunks_mut(3)) {
        let mut word = 0u32;
        for index in 0..4 {
            let bits = group.get(index).map_or(0, |c| sextet(*c));
            bad |= bits;
            word = word << 6 | u32::from(bits & 63);
        }
        let [_, decoded @ ..] = word.to_be_bytes();
        let (used, unused) = decoded.split_at_checked(bytes.len())?;
        bytes.copy_from_slice(used);
        left_over |= unused.iter().fold(0, |all, byte| all | byte);
    }
    (bad < 64 && left_over == 0).then_some(length)
}

/// Encodes 32 bytes as padded base64.
pub(crate) fn base64_encode(bytes: &[u8; 32]) -> [u8; 44] {
    let mut whole = [0; 33];
    whole.split_at_mut(32).0.copy_from_slice(bytes);
    let mut out = [0; 44];
    for ([a, b, c], text) in whole.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        *text = [
            a >> 2,
            (a << 4 | b >> 4) & 63,
            (b << 2 | c >> 6) & 63,
            c & 63,
        ];
    }
    // All at once, so that it can be vectorised.
    let mut out = out.map(character);
    out[43] = b'=';
    out
}

/// Encodes 32 bytes as lower-case hex.
pub(crate) fn hex_encode(bytes: &[u8; 32]) -> [u8; 64] {
    let mut out = [0; 64];
    let digit = |nibble: u8| {
        (within(nibble, 0, 9) & nibble.wrapping_add(b'0'))
            | (within(nibble, 10, 15) & nibble.wrapping_sub(10).wrapping_add(b'a'))
    };
    for (byte, [high, low]) in bytes.iter().zip(out.as_chunks_mut::<2>().0) {
        *high = digit(byte >> 4);
        *low = digit(byte & 15);
    }
    out
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

    #[test]
    fn every_character_is_judged_as_by_the_base64_crate() {
        for c in 0..=255u8 {
            let text = [b'A', b'A', b'A', c];
            let mut out = [0; 3];
            let ours = base64_decode(&text, &mut out).map(|n| out[..n].to_vec());
            assert_eq!(ours, UNPADDED.decode(text).ok(), "{c}");
        }
        assert!((0..64).all(|bits| sextet(character(bits)) == bits));
    }

    proptest::proptest! {
        #[test]
        fn any_text_decodes_as_by_the_base64_crate(text in "[A-Za-z0-9+/=_ -]{0,60}") {
            let mut out = [0; 64];
            let ours = base64_decode(text.as_bytes(), &mut out).map(|n| out[..n].to_vec());
            assert_eq!(ours, UNPADDED.decode(&text).ok());
        }

        #[test]
        fn any_bytes_come_back(bytes in vec(ANY, 0..100)) {
            let mut out = [0; 100];
            let n = base64_decode(theirs::STANDARD_NO_PAD.encode(&bytes).as_bytes(), &mut out).unwrap();
            assert_eq!(&out[..n], bytes);
        }

        #[test]
        fn tags_are_written_as_by_others(bytes in uniform32(ANY)) {
            assert_eq!(theirs::STANDARD.encode(bytes).as_bytes(), base64_encode(&bytes));
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex.as_bytes(), hex_encode(&bytes));
        }
    }
}
