//! Every case of `tests/vectors/*.json` that Rust can express, against the crate's public API.

use hookseal::reducto::JobUpdate;
use hookseal::scaikey::Event;
use hookseal::{Error, Kind, ScaiKey, Secret, Standard, Timestamp, Token, Tolerance, Webhook};
use serde_json::{Value, json};

/// Runs every case of a file but those that only JavaScript can express, and shows all that fail.
fn each(file: &str, judge: impl Fn(&Value) -> Result<Value, Error>) {
    let path = format!("{}/tests/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| case["only"] != "js")
        .filter_map(|case| {
            let (got, want) = (outcome(judge(case)), wanted(&case["expect"]));
            (got != want).then(|| format!("{}: got {got}, want {want}", case["name"]))
        })
        .collect();
    assert!(cases.len() > 20, "{file}: {} cases", cases.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// What a case expects, in the form of [`outcome`].
fn wanted(expect: &Value) -> Value {
    let mut want = expect.clone();
    if let Some(error) = want
        .as_object_mut()
        .filter(|want| want.contains_key("error"))
    {
        error.remove("message");
        let path = error.remove("path").unwrap_or(json!(""));
        let missing = error.remove("missing").unwrap_or(json!([]));
        error.extend([("path".to_owned(), path), ("missing".to_owned(), missing)]);
    }
    want
}

fn outcome(result: Result<Value, Error>) -> Value {
    let error = match result {
        Ok(value) => return value,
        Err(error) => error,
    };
    let class = match error.reason().kind() {
        Kind::Verification => "verification",
        Kind::Payload => "payload",
        Kind::Range => "RangeError",
        _ => "TypeError",
    };
    let missing: Vec<_> = match error.code() {
        "missing_header" => error.headers().collect(),
        _ => Vec::new(),
    };
    json!({ "error": error.code(), "class": class, "path": error.path(), "missing": missing })
}

/// A case's verdict where only that and not the payload is judged: what it expects of JavaScript then holds.
fn verified(case: &Value) -> Value {
    match case["expect"]["class"] == "payload" {
        true => wanted(&case["expect"]),
        false => case["expect"].clone(),
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect()
}

fn body(case: &Value) -> Vec<u8> {
    let body = &case["body"];
    if let Some(repeat) = body["repeat"].as_str() {
        return repeat
            .repeat(body["times"].as_u64().unwrap() as usize)
            .into();
    }
    body["hex"]
        .as_str()
        .map_or_else(|| body.as_str().unwrap().into(), hex)
}

/// The case's secrets; `text` reads one that is a string.
fn secrets(case: &Value, text: fn(&str) -> Result<Secret, Error>) -> Result<Vec<Secret>, Error> {
    let given = &case["secret"];
    let list = given
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![given.clone()]);
    let secret = |given: &Value| match given.as_str() {
        Some(raw) if case["format"] == "raw" => Secret::from_bytes(raw.as_bytes()),
        Some(string) => text(string),
        None => Secret::from_bytes(&hex(given["hex"].as_str().unwrap())),
    };
    list.iter().map(secret).collect()
}

fn headers(case: &Value) -> Vec<(String, String)> {
    let one = |name: &Value, value: &Value| {
        (
            name.as_str().unwrap().to_owned(),
            value.as_str().unwrap().to_owned(),
        )
    };
    let pairs = case["headers"].as_array().unwrap().iter();
    pairs
        .flat_map(|pair| match pair[1].as_array() {
            Some(values) => values.iter().map(|value| one(&pair[0], value)).collect(),
            None => vec![one(&pair[0], &pair[1])],
        })
        .collect()
}

fn now(case: &Value) -> Timestamp {
    Timestamp::from_secs(case["now"].as_f64().unwrap().floor() as i64)
}

fn tolerance(case: &Value) -> Tolerance {
    case["tolerance"]
        .as_u64()
        .map_or_else(Tolerance::default, Tolerance::from_secs)
}

#[test]
fn standard() {
    each("standard", |case| {
        let webhook =
            Webhook::new(Standard, secrets(case, Secret::decode)?)?.with_tolerance(tolerance(case));
        webhook.verify(&headers(case)[..], &body(case), now(case))?;
        Ok(verified(case))
    });
}

#[test]
fn scaikey() {
    each("scaikey", |case| {
        let webhook = Webhook::new(ScaiKey, secrets(case, Secret::from_text)?)?
            .with_tolerance(tolerance(case));
        webhook.verify(&headers(case)[..], &body(case), now(case))?;
        Ok(verified(case))
    });
}

#[test]
fn secrets_decode() {
    let at = Timestamp::from_secs(1);
    let sign = |secret: Secret| Webhook::new(Standard, [secret])?.sign("msg_1", at, b"{}");
    each("secrets", |case| {
        let secrets = secrets(case, Secret::decode)?;
        Webhook::new(Standard, &secrets)?;
        let want = &case["expect"]["keyHex"];
        let keys = want
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![want.clone()]);
        assert_eq!(keys.len(), secrets.len());
        for (secret, key) in secrets.into_iter().zip(keys) {
            assert_eq!(
                sign(secret)?,
                sign(Secret::from_bytes(&hex(key.as_str().unwrap()))?)?,
                "{}",
                case["name"]
            );
        }
        Ok(case["expect"].clone())
    });
}

#[test]
fn signatures() {
    each("sign", |case| {
        let at = Timestamp::from_secs(case["timestamp"].as_i64().unwrap());
        let mut tokens = Vec::new();
        for secret in secrets(case, Secret::decode)? {
            let signature = Webhook::new(Standard, [secret])?.sign(
                case["id"].as_str().unwrap(),
                at,
                &body(case),
            )?;
            tokens.push(signature.to_string());
        }
        Ok(json!({ "signature": tokens.join(" ") }))
    });
}

/// The text of a payload case.
fn text(case: &Value) -> String {
    case["text"]
        .as_str()
        .map_or_else(|| case["payload"].to_string(), str::to_owned)
}

#[test]
fn job_updates() {
    each("job_update", |case| {
        let update = JobUpdate::<Value>::parse(text(case).as_bytes())?;
        let payload: Value = serde_json::from_str(&text(case)).unwrap();
        assert_eq!(payload["job_id"], update.job_id);
        assert_eq!(payload["status"], String::from(update.status));
        assert_eq!(
            payload.get("metadata").filter(|value| !value.is_null()),
            update.metadata.as_ref()
        );
        Ok(json!({ "ok": true }))
    });
}

#[test]
fn scaikey_events() {
    each("scaikey_event", |case| {
        let event = Event::<Value>::parse(text(case).as_bytes())?;
        let payload: Value = serde_json::from_str(&text(case)).unwrap();
        assert_eq!(payload["resource"]["id"], event.resource.id);
        assert_eq!(payload["actor"]["id"], json!(event.actor.id));
        Ok(json!({ "ok": true }))
    });
}

#[test]
fn direct() {
    each("direct", |case| {
        let tokens = case["tokens"].as_array().unwrap().iter();
        let tokens = tokens
            .map(|token| Token::new(token.as_str().unwrap()))
            .collect::<Result<Vec<_>, _>>()?;
        let field = case["field"].as_str().unwrap_or("secret");
        let update = JobUpdate::<Value>::verify_direct_in(field, text(case).as_bytes(), &tokens)?;
        let want = &case["expect"]["ok"];
        assert_eq!(want["job_id"], update.job_id, "{}", case["name"]);
        assert_eq!(
            want.get("metadata"),
            update.metadata.as_ref(),
            "{}",
            case["name"]
        );
        Ok(case["expect"].clone())
    });
}
