//! Starting, stopping and the commands that talk to a running host.

use std::process::{Command, Output};

use ecert_tests::examples::COUNTRIES;
use ecert_tests::{Host, Setup, host, root};
use serde_json::Value;

fn ecert(host: &Host, arguments: &[&str]) -> Output {
    Command::new(host::binary())
        .args(arguments)
        .current_dir(root())
        .env("ECERT_SERVER", host.address())
        .env("ECERT_TOKEN_FILE", host.folder().join("administrator.token"))
        .env_remove("ECERT_TOKEN")
        .output()
        .expect("ecert starts")
}

#[track_caller]
fn succeeds(host: &Host, arguments: &[&str]) -> String {
    let output = ecert(host, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_second_host_on_the_same_folder_is_refused() {
    let first = Setup::default().start();
    let second = Command::new(host::binary())
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(first.folder())
        .output()
        .expect("ecert starts");
    assert_eq!(second.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another ecert"));
}

#[test]
fn it_stops_when_asked_and_finds_everything_again() {
    let mut host = Setup::default().furnished();
    let listed = |host: &Host| {
        let mut plugins = host.admin.get("/v1/plugins").expect(200).json()["items"].clone();
        // What a host saw of a plugin is its own, and begins anew.
        plugins.as_array_mut().into_iter().flatten().for_each(|plugin| plugin["seen"] = Value::Null);
        plugins
    };
    let before = listed(&host);
    assert!(host.stop(), "a stop on request ends with exit code 0");
    host.restart();
    assert_eq!(before.as_array().map(Vec::len), Some(host::PLUGINS.len()));
    assert_eq!(before, listed(&host));
}

#[test]
fn the_commands_do_a_days_work() {
    let host = Setup::default().start();
    let components: Vec<_> = host::PLUGINS.iter().map(|name| host::component(name)).collect();
    let components: Vec<_> = components.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let mut publish = vec!["plugin", "publish"];
    publish.extend(components.iter().map(String::as_str));
    succeeds(&host, &publish);
    let listed: Value = serde_json::from_str(&succeeds(&host, &["plugin", "list", "--json"])).expect("JSON");
    let plugins = listed["items"].as_array().expect("items").clone();
    assert_eq!(plugins.len(), host::PLUGINS.len());
    for plugin in &plugins {
        let text = |name: &str| plugin[name].as_str().expect("a text").to_owned();
        succeeds(&host, &["plugin", "activate", &text("name"), &text("version")]);
    }
    assert!(succeeds(&host, &["plugin", "list"]).contains("certificate-consistency"));

    host.load_tables();
    assert!(succeeds(&host, &["table", "list"]).contains("approved-establishments"));

    let mut create = vec!["token", "create", "hub", "--role", "partner"];
    create.extend(COUNTRIES.iter().flat_map(|country| ["--country", country]));
    let token = succeeds(&host, &create);
    assert_eq!(token.lines().count(), 1, "nothing but the token: {token}");

    let folder = "examples/messages/clean/beef-frozen";
    let (certificate, declaration) =
        (format!("{folder}/certificate.xml"), format!("{folder}/declaration.xml"));
    succeeds(&host, &["certificates", "submit", &certificate, "--token", token.trim()]);
    assert!(succeeds(&host, &["declarations", "submit", &declaration]).contains("release"));

    let folder = "examples/messages/discrepancy/citation-resolves";
    let output = ecert(&host, &["declarations", "submit", &format!("{folder}/declaration.xml")]);
    assert_eq!(output.status.code(), Some(1), "no release is a negative answer");
    let output = ecert(&host, &["declarations", "submit", "no-such-file.xml"]);
    assert_eq!(output.status.code(), Some(3));
    let output = ecert(&host, &["declarations", "--no-such-option"]);
    assert_eq!(output.status.code(), Some(2));
}
