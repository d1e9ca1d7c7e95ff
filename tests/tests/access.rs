//! Every route refuses whom it must.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use ecert_tests::{Client, Setup};
use serde_json::{Value, json};

const ROLES: [&str; 7] =
    ["administrator", "operator", "officer", "publisher", "partner", "verifier", "auditor"];
const NOTHING: &str = "018f2f7e-0000-7000-8000-000000000000";

/// Every method and address of the description.
fn routes(description: &Value) -> Vec<(String, String)> {
    let paths = description["paths"].as_object().expect("paths");
    let mut routes = Vec::new();
    for (path, item) in paths {
        for method in item.as_object().expect("a path item").keys() {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes.sort_by(|(method, path), (other_method, other_path)| {
        (path, method).cmp(&(other_path, other_method))
    });
    routes
}

/// Asks with nothing in the body: whoever may gets past the guard and is told
/// what is missing; nobody changes anything.
fn allowed(client: &Client, method: &str, path: &str) -> char {
    let address = path
        .split('/')
        .map(|step| if step.starts_with('{') { NOTHING } else { step })
        .collect::<Vec<_>>()
        .join("/");
    match client.send(method, &address, &[], &[]).status {
        401 => '-',
        403 => '.',
        500.. => '!',
        _ => 'x',
    }
}

/// One line a route, one column a role: `x` may, `.` is refused, `-` must
/// first say who they are. A new route changes it and has to be looked at.
#[test]
fn who_may_what_is_as_listed() {
    let host = Setup::default().start();
    let description = host.admin.get("/openapi.json").expect(200).json();
    let mut clients = vec![host.admin.with_token(None)];
    let bound = |role: &str| matches!(role, "partner" | "verifier");
    clients.extend(ROLES.map(|role| host.client(role, if bound(role) { &["NZ"] } else { &[] })));
    let mut matrix = format!("{:<58} nobody", "route");
    for role in ROLES {
        let _ = write!(matrix, " {role}");
    }
    for (method, path) in routes(&description) {
        let _ = write!(
            matrix,
            "\n{:<58} {:^6}",
            format!("{method} {path}"),
            allowed(&clients[0], &method, &path)
        );
        for (role, client) in ROLES.iter().zip(&clients[1..]) {
            let _ = write!(matrix, " {:^1$}", allowed(client, &method, &path), role.len());
        }
    }
    let matrix = matrix.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("who_may_what", matrix);
}

#[test]
fn only_health_the_description_and_the_public_check_are_open() {
    let host = Setup::default().start();
    let description = host.admin.get("/openapi.json").expect(200).json();
    let nobody = host.admin.with_token(None);
    let wrong = host.admin.with_token(Some("ecert_0000000000000000000000000000000000000000000"));
    for (method, path) in routes(&description) {
        let open = ["/openapi.json", "/check", "/health/live", "/health/ready"].contains(&path.as_str());
        for client in [&nobody, &wrong] {
            assert_eq!(allowed(client, &method, &path) == '-', !open, "{method} {path}");
        }
    }
    let answer = nobody.get("/v1/certificates").expect(401);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(answer.code(), "unauthenticated");
}

#[test]
fn a_revoked_token_is_refused_at_once() {
    let host = Setup::default().start();
    let made = host.admin.json("POST", "/v1/tokens", &json!({"name": "short-lived", "role": "auditor"}));
    let made = made.expect(201).json();
    let holder = host.admin.with_token(made["token"].as_str());
    let _ = holder.get("/v1/certificates").expect(200);
    let id = made["id"].as_str().expect("an id");
    let _ = host.admin.send("DELETE", &format!("/v1/tokens/{id}"), &[], &[]).expect(204);
    let _ = holder.get("/v1/certificates").expect(401);
}

#[test]
fn the_first_token_is_in_a_private_file_and_secrets_are_shown_once() {
    let host = Setup::default().start();
    let path = host.folder().join("administrator.token");
    let mode = std::fs::metadata(&path).expect("the token file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let token = std::fs::read_to_string(&path).expect("the token");
    let list = host.admin.get("/v1/tokens").expect(200).text();
    assert!(!list.contains(token.trim()));
    let database = std::fs::read(host.folder().join("ecert.db")).unwrap_or_default();
    let wal = std::fs::read(host.folder().join("ecert.db-wal")).unwrap_or_default();
    for bytes in [database, wal] {
        let token = token.trim().as_bytes();
        assert!(!bytes.windows(token.len()).any(|window| window == token), "the token is stored in clear");
    }
}
