//! 1,000 generated deliveries each way with the `standardwebhooks` crate, which shares no code with this one.

use base64::{Engine, prelude::BASE64_STANDARD};
use hookseal::{Secret, Standard, Timestamp, Webhook};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::{SystemTime, UNIX_EPOCH};

/// Their `verify` reads the clock.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn both_ways(key in vec(any::<u8>(), 24..65), id in "msg_[a-zA-Z0-9]{10,30}", body in ".{0,300}") {
        let text = format!("whsec_{}", BASE64_STANDARD.encode(&key));
        let ours = Webhook::new(Standard, [Secret::decode(&text).unwrap()]).unwrap();
        let theirs = standardwebhooks::Webhook::new(&text).unwrap();
        let at = now();
        let seconds = at.to_string();

        let signature = theirs.sign(&id, at, body.as_bytes()).unwrap();
        let headers = [("webhook-id", &id), ("webhook-timestamp", &seconds), ("webhook-signature", &signature)];
        prop_assert!(ours.verify(&headers, body.as_bytes(), Timestamp::from_secs(at)).is_ok());

        let signature = ours.sign(&id, Timestamp::from_secs(at), body.as_bytes()).unwrap().to_string();
        let mut headers = http::HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", seconds.parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        prop_assert!(theirs.verify(body.as_bytes(), &headers).is_ok());
    }
}
