//! Borrowed, case-insensitive header lookup.

/// The request headers of a delivery, as far as this crate needs them.
///
/// Implemented for slices and arrays of name and value pairs (a `Vec` passes as `&headers[..]`). For
/// a framework's own map, collect its pairs, or implement this.
///
/// ```
/// use hookseal::Headers;
///
/// let headers = [("Svix-Id", "msg_1"), ("accept", "*/*")];
/// assert_eq!(headers.values("svix-id").collect::<Vec<_>>(), [b"msg_1"]);
/// ```
pub trait Headers {
    /// The values of every header of that name (given in lower case), in the order received.
    ///
    /// ```
    /// use hookseal::Headers;
    ///
    /// let headers = [("a", "1"), ("A", "2")];
    /// assert_eq!(headers.values("a").count(), 2);
    /// ```
    fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + Clone;
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + Clone {
        let named = move |(own, value): &'h (N, V)| {
            own.as_ref()
                .eq_ignore_ascii_case(name)
                .then(|| value.as_ref())
        };
        self.iter().filter_map(named)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const LENGTH: usize> Headers for [(N, V); LENGTH] {
    fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + Clone {
        self.as_slice().values(name)
    }
}

/// What was found of a header that may be given once only.
#[derive(Clone, Copy)]
pub(crate) enum Value<'h> {
    /// Not there, or empty.
    Missing,
    Once(&'h [u8]),
    /// Given more than once, so that it is unclear which one was meant.
    Repeated,
}

impl<'h> Value<'h> {
    pub(crate) fn of(mut values: impl Iterator<Item = &'h [u8]> + Clone) -> Self {
        if values.clone().all(<[u8]>::is_empty) {
            return Self::Missing;
        }
        match (values.next(), values.next()) {
            (Some(value), None) => Self::Once(value),
            _ => Self::Repeated,
        }
    }

    pub(crate) const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}
