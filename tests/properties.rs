//! Arbitrary input gives a verdict; what we sign we accept; what is changed we refuse.

use hookseal::reducto::JobUpdate;
use hookseal::scaikey::Event;
use hookseal::{Kind, Reason, ScaiKey, Secret, Standard, Timestamp, Token, Webhook};
use proptest::collection::vec;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    let known = vec![
        "svix-id",
        "Svix-Timestamp",
        "svix-signature",
        "webhook-id",
        "WEBHOOK-TIMESTAMP",
        "webhook-signature",
    ];
    prop_oneof![
        proptest::sample::select(known).prop_map(str::to_owned),
        Just("x-scaikey-signature".into()),
        ".*"
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..60),
        "[0-9]{1,17}".prop_map(String::into_bytes),
        "(v1,[A-Za-z0-9+/]{43}= ?){0,3}".prop_map(String::into_bytes),
        "t=[0-9]{0,16}(,v1=[0-9a-f]{60,66}){0,2}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #[test]
    fn any_headers_and_body_are_refused_for_a_reason(
        headers in vec((name(), value()), 0..8),
        body in vec(any::<u8>(), 0..300),
        now in any::<i64>(),
    ) {
        let secret = Secret::from_bytes(&[7; 32]).unwrap();
        let now = Timestamp::from_secs(now);
        let standard = Webhook::new(Standard, [secret.clone()]).unwrap().verify(&headers[..], &body, now).unwrap_err();
        let scaikey = Webhook::new(ScaiKey, [secret]).unwrap().verify(&headers[..], &body, now).unwrap_err();
        prop_assert_eq!(standard.reason().kind(), Kind::Verification);
        prop_assert_eq!(scaikey.reason().kind(), Kind::Verification);
    }

    #[test]
    fn any_text_is_a_secret_or_refused(text in ".{0,80}") {
        for secret in [Secret::decode(&text), Secret::from_text(&text), Secret::from_bytes(text.as_bytes())] {
            prop_assert!(secret.is_ok() || secret.unwrap_err().code() == "invalid_secret");
        }
        prop_assert!(Token::new(&text).is_ok() != text.is_empty());
    }

    #[test]
    fn any_body_is_a_payload_or_refused(body in vec(any::<u8>(), 0..200), tokens in vec("[a-z]{1,5}", 1..3)) {
        let tokens: Vec<_> = tokens.iter().map(|token| Token::new(token).unwrap()).collect();
        if let Err(error) = JobUpdate::<serde_json::Value>::parse(&body) {
            prop_assert_eq!(error.reason().kind(), Kind::Payload);
        }
        if let Err(error) = Event::<serde_json::Value>::parse(&body) {
            prop_assert_eq!(error.reason().kind(), Kind::Payload);
        }
        prop_assert_eq!(
            JobUpdate::<serde_json::Value>::verify_direct(&body, &tokens).unwrap_err().reason(),
            Reason::NoMatchingToken
        );
    }

    #[test]
    fn what_is_signed_verifies_and_what_is_changed_does_not(
        key in vec(any::<u8>(), 1..100),
        id in "[!-\\-/-~]{1,256}",
        at in 0..999_999_999_999_999i64,
        body in vec(any::<u8>(), 0..500),
        flip in any::<prop::sample::Index>(),
    ) {
        let now = Timestamp::from_secs(at);
        let webhook = Webhook::new(Standard, [Secret::from_bytes(&key).unwrap()]).unwrap();
        let seconds = at.to_string();
        let signature = webhook.sign(&id, now, &body).unwrap().to_string();
        let parts = [id.into_bytes(), seconds.into_bytes(), signature.into_bytes(), body];
        let verify = |[id, seconds, signature, body]: &[Vec<u8>; 4]| {
            let headers = [("svix-id", id), ("svix-timestamp", seconds), ("svix-signature", signature)];
            webhook.verify(&headers, body, now).is_ok()
        };
        prop_assert!(verify(&parts));
        // One bit, anywhere in any of the four.
        let bits = parts.iter().map(Vec::len).sum::<usize>() * 8;
        let mut at = flip.index(bits);
        let mut changed = parts.clone();
        for part in &mut changed {
            if at < part.len() * 8 {
                part[at / 8] ^= 1 << (at % 8);
                break;
            }
            at -= part.len() * 8;
        }
        prop_assert!(!verify(&changed));
    }

    #[test]
    fn scaikey_signatures_verify_and_changed_bodies_do_not(
        key in vec(any::<u8>(), 1..100),
        at in 0..999_999_999_999_999i64,
        body in vec(any::<u8>(), 1..500),
        flip in any::<prop::sample::Index>(),
    ) {
        let now = Timestamp::from_secs(at);
        let webhook = Webhook::new(ScaiKey, [Secret::from_bytes(&key).unwrap()]).unwrap();
        let headers = [("X-ScaiKey-Signature", webhook.sign(now, &body).unwrap().to_string())];
        prop_assert!(webhook.verify(&headers, &body, now).is_ok());
        let mut changed = body;
        let at = flip.index(changed.len() * 8);
        changed[at / 8] ^= 1 << (at % 8);
        prop_assert!(webhook.verify(&headers, &changed, now).is_err());
    }
}
