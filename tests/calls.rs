//! The services' calls: every row of their tables, and the retry policy, without a network.

#![cfg(not(target_arch = "wasm32"))]

use hookseal::http::{ApiError, BaseUrl, Failure, Method, Request, Response, Retry, credential};
use hookseal::reducto::jobs::{self, JobKind, Listing, Submission};
use hookseal::reducto::{JobUpdate, Region, WebhookConfig, portal};
use hookseal::scaikey::admin::{self, DeliveryListing};
use hookseal::{Error, Reason, Timestamp, Token};
use serde_json::{Value, json};
use std::time::Duration;

fn base() -> BaseUrl {
    BaseUrl::parse("https://api.example.com").unwrap()
}

/// Method, path with query, body.
fn sent(request: Result<Request, Error>) -> (&'static str, String, Option<Value>) {
    let request = request.unwrap();
    let path = request
        .url()
        .strip_prefix("https://api.example.com")
        .unwrap();
    let body = request
        .body()
        .map(|body| serde_json::from_str(body).unwrap());
    let typed = request
        .headers()
        .any(|header| header == ("content-type", "application/json"));
    assert_eq!(typed, body.is_some());
    assert!(request.headers().all(|(name, _)| name != "authorization"));
    (request.method().as_str(), path.to_owned(), body)
}

fn reason<T: std::fmt::Debug>(result: Result<T, Error>) -> Reason {
    result.unwrap_err().reason()
}

#[test]
fn reducto_configure_webhook() {
    assert_eq!(
        sent(portal::open(&base(), None)),
        ("POST", "/configure_webhook".into(), None)
    );
    let request = portal::open(&base(), Some("user-1")).unwrap();
    assert!(
        request
            .headers()
            .any(|header| header == ("user-id", "user-1"))
    );
    for good in ["Ada Lovelace, room 7", &"a".repeat(2000)] {
        let request = portal::open(&base(), Some(good)).unwrap();
        assert!(request.headers().any(|header| header == ("user-id", good)));
    }
    for bad in [
        "",
        " ",
        " a",
        "a ",
        "a\tb",
        "a\r\nx: y",
        "a\0",
        "a\u{7f}",
        "é",
    ] {
        assert_eq!(
            reason(portal::open(&base(), Some(bad))),
            Reason::InvalidUserId
        );
    }
    let url = "https://app.svix.com/login#key=abc";
    let read = |body: &str| portal::url(&Response::new(200, &[], body.as_bytes()));
    assert_eq!(read(&format!(" \"{url}\"\n")).unwrap(), url);
    for bad in [
        url,
        "\"\"",
        "null",
        "{}",
        "\"https://app.svix.com/login#key=abc",
    ] {
        let error = read(bad).unwrap_err();
        assert!(matches!(error, ApiError::Response(_)));
        assert!(!format!("{error} {error:?}").contains("abc"), "{error}");
    }
}

#[test]
fn reducto_submissions() {
    let webhook = WebhookConfig::svix(["a", "b:c"]).unwrap();
    let all = Submission {
        webhook: Some(&webhook),
        metadata: Some(r#"{"user":1}"#),
        priority: Some(true),
    };
    let config = json!({"mode": "svix", "channels": ["a", "b:c"]});
    let kinds = [
        (JobKind::Parse, "/parse_async"),
        (JobKind::Extract, "/extract_async"),
        (JobKind::Split, "/split_async"),
        (JobKind::Pipeline, "/pipeline_async"),
    ];
    for (kind, path) in kinds {
        let body = json!({"input": "x", "async": {"webhook": config, "metadata": {"user": 1}, "priority": true}});
        assert_eq!(
            sent(jobs::submit(&base(), kind, r#" { "input":"x" } "#, all)),
            ("POST", path.into(), Some(body))
        );
    }
    let edit = sent(jobs::submit(
        &base(),
        JobKind::Edit,
        r#"{"input":"x"}"#,
        all,
    ));
    let body = json!({"input": "x", "webhook": {"mode": "svix", "channels": ["a", "b:c"], "metadata": {"user": 1}}, "priority": true});
    assert_eq!(edit, ("POST", "/edit_async".into(), Some(body)));

    let metadata = Submission {
        metadata: Some("[1]"),
        ..Submission::default()
    };
    let edit = sent(jobs::submit(&base(), JobKind::Edit, "{}", metadata));
    assert_eq!(
        edit.2,
        Some(json!({"webhook": {"mode": "disabled", "metadata": [1]}}))
    );
    assert_eq!(
        sent(jobs::submit(&base(), JobKind::Parse, "{}", metadata)).2,
        Some(json!({"async": {"metadata": [1]}}))
    );
    let none = Submission::default();
    assert_eq!(
        sent(jobs::submit(
            &base(),
            JobKind::Parse,
            r#"{"async":{"a":1}}"#,
            none
        ))
        .2,
        Some(json!({"async": {"a": 1}}))
    );

    for (bad, wanted) in [
        ("[]", Reason::InvalidJobBody),
        ("null", Reason::InvalidJobBody),
        ("", Reason::BodyNotJson),
        ("{", Reason::BodyNotJson),
        (r#"{"a"}"#, Reason::BodyNotJson),
        ("{} x", Reason::BodyNotJson),
    ] {
        assert_eq!(
            reason(jobs::submit(&base(), JobKind::Parse, bad, none)),
            wanted,
            "{bad}"
        );
    }
    for (kind, body) in [
        (JobKind::Parse, r#"{"webhook":{"mode":"svix"}}"#),
        (JobKind::Pipeline, r#"{"priority":true}"#),
        (JobKind::Edit, r#"{"async":{}}"#),
    ] {
        for submission in [none, all] {
            assert_eq!(
                reason(jobs::submit(&base(), kind, body, submission)),
                Reason::MisplacedMember
            );
        }
    }
    let escaped = "{\"a\\u0073ync\":1}";
    assert_eq!(
        reason(jobs::submit(&base(), JobKind::Parse, escaped, all)),
        Reason::RepeatedMember
    );
    assert_eq!(
        reason(jobs::submit(
            &base(),
            JobKind::Edit,
            r#"{"priority":1}"#,
            all
        )),
        Reason::RepeatedMember
    );
    assert_eq!(
        jobs::submitted(&Response::new(200, &[], br#"{"job_id":"1"}"#)).unwrap(),
        "1"
    );
    for bad in [
        "{}",
        r#"{"job_id":1}"#,
        r#"{"job_id":""}"#,
        r#"{"job_id":"1""#,
    ] {
        assert!(
            jobs::submitted(&Response::new(200, &[], bad.as_bytes())).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn a_direct_token_comes_back_to_verify_direct() {
    let webhook = WebhookConfig::direct("https://example.com/hook")
        .unwrap()
        .with_token("secret", "a \"token\"")
        .unwrap();
    let submission = |metadata| Submission {
        webhook: Some(&webhook),
        metadata,
        ..Submission::default()
    };
    let submit = |kind, metadata| jobs::submit(&base(), kind, "{}", submission(metadata));
    for (kind, at) in [
        (JobKind::Parse, "/async/metadata"),
        (JobKind::Edit, "/webhook/metadata"),
    ] {
        let body = sent(submit(kind, Some(r#"{"user":1}"#))).2.unwrap();
        let update =
            json!({"status": "Completed", "job_id": "1", "metadata": body.pointer(at)}).to_string();
        let tokens = [Token::new("a \"token\"").unwrap()];
        let update = JobUpdate::<Value>::verify_direct(update.as_bytes(), &tokens).unwrap();
        assert_eq!(update.metadata, Some(json!({"user": 1})));
    }
    for bad in ["[]", "null", r#"{"secret":"mine"}"#, "{"] {
        assert_eq!(
            reason(submit(JobKind::Parse, Some(bad))),
            Reason::InvalidMetadata
        );
    }
    assert_eq!(
        reason(webhook.clone().with_token("secret", "")),
        Reason::EmptyToken
    );
    let shown = format!("{webhook:?} {:?}", submit(JobKind::Parse, None).unwrap());
    assert!(!shown.contains("token"), "{shown}");
}

#[test]
fn webhook_configs() {
    let svix = |channels: &[&str]| {
        WebhookConfig::svix(channels.iter().copied()).map(|config| config.as_json().to_owned())
    };
    assert_eq!(svix(&[]).unwrap(), r#"{"mode":"svix","channels":[]}"#);
    let longest = "a".repeat(128);
    assert!(svix(&[&longest, "aZ09-_.:+"]).is_ok());
    assert!(svix(&["a"; 10]).is_ok());
    assert_eq!(reason(svix(&["a"; 11])), Reason::TooManyChannels);
    for bad in ["", "a b", "é", "a/b", "a\n", &"a".repeat(129)] {
        assert_eq!(reason(svix(&[bad])), Reason::InvalidChannel, "{bad}");
    }
    assert_eq!(
        WebhookConfig::disabled().as_json(),
        r#"{"mode":"disabled"}"#
    );
    assert_eq!(
        reason(WebhookConfig::direct("http://example.com")),
        Reason::InvalidWebhookUrl
    );
}

#[test]
fn reducto_jobs() {
    assert_eq!(
        sent(jobs::get(&base(), "a/b?c")),
        ("GET", "/job/a%2Fb%3Fc".into(), None)
    );
    assert_eq!(
        sent(jobs::cancel(&base(), "1")),
        ("POST", "/cancel/1".into(), None)
    );
    for bad in ["", ".", ".."] {
        assert_eq!(reason(jobs::get(&base(), bad)), Reason::InvalidPathId);
        assert_eq!(reason(jobs::cancel(&base(), bad)), Reason::InvalidPathId);
    }
    let all = Listing {
        cursor: Some("c&d"),
        limit: Some(500),
        exclude_configs: Some(true),
    };
    assert_eq!(
        sent(jobs::list(&base(), all)),
        (
            "GET",
            "/jobs?cursor=c%26d&limit=500&exclude_configs=true".into(),
            None
        )
    );
    assert_eq!(sent(jobs::list(&base(), Listing::default())).1, "/jobs");
    for limit in [0, 501, -1, i64::MIN, i64::MAX] {
        assert_eq!(
            reason(jobs::list(
                &base(),
                Listing {
                    limit: Some(limit),
                    ..Listing::default()
                }
            )),
            Reason::InvalidLimit
        );
    }
    let job = jobs::job(&Response::new(
        200,
        &[],
        br#"{"status":"New","progress":0.5,"result":{"type":"full"},"more":1}"#,
    ))
    .unwrap();
    assert_eq!(
        (job.status.as_str(), job.progress, job.extra.get("more")),
        ("New", Some(json!(0.5)), Some(&json!(1)))
    );
    assert!(jobs::job(&Response::new(200, &[], b"[]")).is_err());
    let page = jobs::page(&Response::new(
        200,
        &[],
        br#"{"jobs":[{}],"next_cursor":null}"#,
    ))
    .unwrap();
    assert_eq!((page.jobs.len(), page.next_cursor), (1, None));
    assert!(
        jobs::stored_result("https://x.example/1")
            .unwrap()
            .is_public()
    );
    assert_eq!(
        reason(jobs::stored_result("http://x.example/1")),
        Reason::InvalidResultUrl
    );
}

#[test]
fn scaikey_has_twelve_endpoints() {
    let listing = admin::Listing {
        page: Some(2),
        per_page: Some(50),
        tenant_id: Some("t 1"),
        partner_id: Some("p"),
    };
    let deliveries = DeliveryListing {
        page: Some(1),
        per_page: Some(5),
        status: Some("failed"),
    };
    let body = Some(json!({"url": "https://example.com"}));
    let text = r#"{"url":"https://example.com"}"#;
    let base = &base();
    let rows = [
        (
            admin::list(base, listing),
            "GET",
            "/?page=2&per_page=50&tenant_id=t%201&partner_id=p",
            None,
        ),
        (
            admin::list(base, admin::Listing::default()),
            "GET",
            "/",
            None,
        ),
        (admin::create(base, text), "POST", "/", body.clone()),
        (admin::events(base), "GET", "/events", None),
        (admin::delete(base, "w/1"), "DELETE", "/w%2F1", None),
        (admin::get(base, "w 1"), "GET", "/w%201", None),
        (admin::update(base, "w", text), "PATCH", "/w", body),
        (
            admin::deliveries(base, "w", deliveries),
            "GET",
            "/w/deliveries?page=1&per_page=5&status=failed",
            None,
        ),
        (
            admin::delivery(base, "w", 7),
            "GET",
            "/w/deliveries/7",
            None,
        ),
        (
            admin::retry(base, "w", 7),
            "POST",
            "/w/deliveries/7/retry",
            None,
        ),
        (
            admin::rotate_secret(base, "w"),
            "POST",
            "/w/rotate-secret",
            None,
        ),
        (admin::stats(base, "w"), "GET", "/w/stats", None),
        (admin::test(base, "w"), "POST", "/w/test", None),
    ];
    for (request, method, path, body) in rows {
        assert_eq!(
            sent(request),
            (method, format!("/api/v1/admin/webhooks{path}"), body)
        );
    }
    for bad in ["", ".", ".."] {
        for request in [
            admin::get(base, bad),
            admin::delete(base, bad),
            admin::delivery(base, bad, 1),
            admin::stats(base, bad),
        ] {
            assert_eq!(reason(request), Reason::InvalidPathId);
        }
    }
    assert_eq!(
        reason(admin::delivery(base, "w", i64::MAX)),
        Reason::InvalidDeliveryId
    );
    assert_eq!(reason(admin::create(base, "[]")), Reason::InvalidBody);
    assert_eq!(reason(admin::create(base, "")), Reason::BodyNotJson);
    assert_eq!(
        admin::read::<Option<Value>>(&Response::new(204, &[], b"")).unwrap(),
        None
    );
}

#[test]
fn base_urls_and_credentials() {
    assert_eq!(
        Region::Au.base_url().unwrap().as_str(),
        "https://au.platform.reducto.ai"
    );
    for bad in [
        "",
        "example.com",
        "ftp://x",
        "https://a?b",
        "https://a#b",
        "https://a:b@c",
        "https://a b",
        "https://",
    ] {
        assert_eq!(reason(BaseUrl::parse(bad)), Reason::InvalidBaseUrl, "{bad}");
    }
    assert_eq!(credential(" key\n").unwrap(), "key");
    for bad in ["", " ", "Bearer key", "k\u{e9}y", "a\nb"] {
        assert_eq!(reason(credential(bad)), Reason::InvalidApiKey);
    }
}

#[test]
fn what_is_retried() {
    let get = jobs::get(&base(), "1").unwrap();
    let post = jobs::cancel(&base(), "1").unwrap();
    assert!(get.is_repeatable() && !post.is_repeatable() && post.method() == Method::Post);
    let status = |status, retry_after| Failure::Status {
        status,
        retry_after,
        retry_after_ms: None,
    };
    let again = |request: &Request, failure| {
        Retry::default()
            .wait(request, failure, 0, Timestamp::from_secs(0), 0.5)
            .is_some()
    };
    let both = [
        (Failure::Unreached, true, true),
        (Failure::Lost, true, false),
        (status(503, Some("1")), true, true),
    ];
    let statuses = [
        (408, true, false),
        (409, true, false),
        (429, true, true),
        (500, true, false),
        (502, true, false),
        (503, true, false),
        (504, true, false),
        (599, true, false),
    ];
    let never = [200, 301, 400, 401, 403, 404, 410, 422, 600].map(|never| (never, false, false));
    let rows = statuses
        .into_iter()
        .chain(never)
        .map(|(code, get, post)| (status(code, None), get, post));
    for (failure, for_get, for_post) in both.into_iter().chain(rows) {
        assert_eq!(
            (again(&get, failure), again(&post, failure)),
            (for_get, for_post),
            "{failure:?}"
        );
    }
    // An unreadable Retry-After says nothing.
    assert!(!again(&post, status(503, Some("soon"))));
}

#[test]
fn how_long_it_waits() {
    let get = jobs::get(&base(), "1").unwrap();
    let wait = |failure, retries, random| {
        Retry::at_most(9).wait(
            &get,
            failure,
            retries,
            Timestamp::from_secs(784_111_770),
            random,
        )
    };
    let bounds = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000];
    for (retries, bound) in (0..).zip(bounds) {
        assert_eq!(
            wait(Failure::Lost, retries, 1.0),
            Some(Duration::from_millis(bound))
        );
        assert_eq!(
            wait(Failure::Lost, retries, 0.25),
            Some(Duration::from_millis(bound / 4))
        );
        assert_eq!(wait(Failure::Lost, retries, 0.0), Some(Duration::ZERO));
    }
    assert_eq!(wait(Failure::Lost, 9, 0.5), None);
    for odd in [f64::NAN, f64::INFINITY, -1.0, 7.0] {
        assert!(wait(Failure::Lost, 0, odd) <= Some(Duration::from_millis(500)));
    }
    let asked = |retry_after, retry_after_ms| {
        wait(
            Failure::Status {
                status: 429,
                retry_after,
                retry_after_ms,
            },
            0,
            1.0,
        )
    };
    let ms = |ms| Some(Duration::from_millis(ms));
    for (after, after_ms, wanted) in [
        (Some("7"), None, ms(7000)),
        (Some("60"), None, ms(60_000)),
        (Some("61"), None, None),
        (None, Some("60001"), None),
        (Some("7"), Some("20"), ms(20)),
        (Some("7"), Some("?"), ms(7000)),
        (Some("Sun, 06 Nov 1994 08:49:37 GMT"), None, ms(7000)),
        (Some("Sun, 06 Nov 1994 08:49:00 GMT"), None, ms(0)),
        (Some("Mon, 07 Nov 1994 08:49:37 GMT"), None, None),
        (Some("99999999999999999999999"), None, None),
        (Some("soon"), None, ms(500)),
        (Some("-1"), None, ms(500)),
    ] {
        assert_eq!(asked(after, after_ms), wanted, "{after:?} {after_ms:?}");
    }
}

#[test]
fn statuses_become_errors() {
    let body = br#"{"detail":[{"loc":["body","input"],"msg":"Field required","type":"missing","input":{"key":"x"}},{"loc":["body","n",0],"msg":"too big","type":"less_than"}]}"#;
    let response = Response::new(422, &[("X-Request-Id", "r-1")], body);
    let ApiError::Status(error) = portal::url(&response).unwrap_err() else {
        panic!("a status")
    };
    assert_eq!(
        (error.status(), error.code(), error.request_id()),
        (422, "validation_error", Some("r-1"))
    );
    assert_eq!(error.detail()[1].loc, ["body", "n", "0"]);
    assert_eq!(
        error.to_string(),
        "422: the request was refused: body.input: Field required; body.n.0: too big"
    );
    for (status, code) in [
        (302, "redirect"),
        (400, "bad_request"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not_found"),
        (409, "conflict"),
        (410, "gone"),
        (418, "http_error"),
        (429, "rate_limited"),
        (500, "server_error"),
    ] {
        let ApiError::Status(error) =
            jobs::job(&Response::new(status, &[], b"<html>")).unwrap_err()
        else {
            panic!("a status")
        };
        assert_eq!(error.code(), code);
    }
}
