//! One delivery, verified and signed by each of the crates that can. Each must give the right verdicts first.

use hookseal::{Secret, Standard, Timestamp, Webhook};
use http::HeaderMap;
use std::time::{SystemTime, UNIX_EPOCH};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

/// Who can be measured.
pub const NAMES: [&str; 3] = ["hookseal", "standardwebhooks", "svix"];

/// A body, good and forged, and the headers of the good one.
pub struct Delivery {
    body: Vec<u8>,
    forged: Vec<u8>,
    now: i64,
    ours: [(&'static str, String); 3],
    theirs: HeaderMap,
}

impl Delivery {
    /// One of that many bytes.
    pub fn new(size: usize) -> Self {
        let body = vec![b'a'; size];
        let mut forged = body.clone();
        forged[size / 2] = b'b';
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs() as i64;
        let signature = standardwebhooks::Webhook::new(SECRET)
            .and_then(|webhook| webhook.sign(ID, now, &body))
            .expect("a good secret");
        let ours = [
            ("webhook-id", ID.to_owned()),
            ("webhook-timestamp", now.to_string()),
            ("webhook-signature", signature),
        ];
        let theirs = ours
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        Self {
            body,
            forged,
            now,
            ours,
            theirs,
        }
    }
}

/// The two operations of one crate, on one delivery.
pub struct Contender<'d> {
    /// Whether the good body, or the forged one, is accepted.
    pub verify: Box<dyn Fn(bool) -> bool + 'd>,
    /// The signature.
    pub sign: Box<dyn Fn() -> String + 'd>,
}

/// One of [`NAMES`], its keys derived.
///
/// # Panics
///
/// Where it gives a wrong verdict.
pub fn contender<'d>(name: &str, delivery: &'d Delivery) -> Contender<'d> {
    let body = |good: bool| {
        if good {
            delivery.body.as_slice()
        } else {
            delivery.forged.as_slice()
        }
    };
    let found = match name {
        "hookseal" => {
            let webhook = || Webhook::new(Standard, [Secret::decode(SECRET).unwrap()]).unwrap();
            let (verifier, signer) = (webhook(), webhook());
            let now = Timestamp::from_secs(delivery.now);
            Contender {
                verify: Box::new(move |good| {
                    verifier.verify(&delivery.ours, body(good), now).is_ok()
                }),
                sign: Box::new(move || signer.sign(ID, now, &delivery.body).unwrap().to_string()),
            }
        }
        "standardwebhooks" => {
            let webhook = || standardwebhooks::Webhook::new(SECRET).unwrap();
            let (verifier, signer) = (webhook(), webhook());
            Contender {
                verify: Box::new(move |good| verifier.verify(body(good), &delivery.theirs).is_ok()),
                sign: Box::new(move || signer.sign(ID, delivery.now, &delivery.body).unwrap()),
            }
        }
        "svix" => {
            let webhook = || svix::webhooks::Webhook::new(SECRET).unwrap();
            let (verifier, signer) = (webhook(), webhook());
            Contender {
                verify: Box::new(move |good| verifier.verify(body(good), &delivery.theirs).is_ok()),
                sign: Box::new(move || signer.sign(ID, delivery.now, &delivery.body).unwrap()),
            }
        }
        _ => panic!("no {name}; there are {NAMES:?}"),
    };
    assert!(
        (found.verify)(true),
        "WRONG VERDICT: {name} refused a good delivery"
    );
    assert!(
        !(found.verify)(false),
        "WRONG VERDICT: {name} accepted a forged delivery"
    );
    assert_eq!(
        (found.sign)(),
        delivery.ours[2].1,
        "WRONG VERDICT: {name} signed otherwise"
    );
    found
}
