//! TLS: as the command line and an independent client see it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use ecert_tests::desk::{fails, succeeds, text};
use ecert_tests::host::binary;
use ecert_tests::openssl::{self, Certificate};
use tempfile::TempDir;

/// A host that speaks TLS; killed when the test ends.
struct Secure {
    folder: TempDir,
    child: Child,
    address: String,
    own: Certificate,
}

impl Secure {
    fn start(clients: Option<&Certificate>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let own = openssl::certificate(folder.path(), "host");
        let mut command = Command::new(binary());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data"));
        command.arg("--tls-certificate").arg(&own.certificate).arg("--tls-key").arg(&own.key);
        if let Some(clients) = clients {
            command.arg("--tls-client-ca").arg(&clients.certificate);
        }
        let log = std::fs::File::create(folder.path().join("log")).expect("a log file");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the binary starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut lines = lines.map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("ecert listens on ")?.to_owned()));
        let address = address.unwrap_or_else(|| {
            panic!("{}", std::fs::read_to_string(folder.path().join("log")).unwrap_or_default())
        });
        assert!(address.starts_with("https://"), "{address}");
        Self { folder, child, address, own }
    }

    /// Asks by another program, which trusts a certificate.
    fn curl(&self, trusted: &Path, path: &str, more: &[&str]) -> Output {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--max-time", "10", "--cacert"]).arg(trusted).args(more);
        command.arg(format!("{}{path}", self.address)).output().expect("curl is there")
    }

    fn administrator(&self) -> String {
        let path = self.folder.path().join("data/administrator.token");
        std::fs::read_to_string(path).expect("the token").trim().to_owned()
    }

    fn ecert(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(binary());
        command.args(arguments).env("ECERT_SERVER", &self.address);
        command.env("ECERT_TOKEN", self.administrator()).output().expect("the binary starts")
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        // Killing fails only when it is dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn certificates_are_read_anew_while_the_host_serves() {
    let host = Secure::start(None);
    let old = host.folder.path().join("old.pem");
    std::fs::copy(&host.own.certificate, &old).expect("a copy");
    succeeds(&host.curl(&old, "/health/live", &[]));
    // The command line trusts whom it is told to.
    let listed = ["token", "list", "--ca-file", text(&old)];
    assert!(succeeds(&host.ecert(&listed)).contains("administrator"));
    let said = fails(&host.ecert(&["token", "list"]), 3);
    assert!(said.to_lowercase().contains("certificate"), "{said}");

    // Files that do not go together leave what there was.
    let new = openssl::certificate(host.folder.path(), "new");
    std::fs::copy(&new.certificate, &host.own.certificate).expect("a copy");
    std::thread::sleep(Duration::from_secs(5));
    succeeds(&host.curl(&old, "/health/live", &[]));
    std::fs::copy(&new.key, &host.own.key).expect("a copy");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !host.curl(&new.certificate, "/health/live", &[]).status.success() {
        assert!(Instant::now() < deadline, "the new certificate is not used");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(!host.curl(&old, "/health/live", &[]).status.success());
    let log = std::fs::read_to_string(host.folder.path().join("log")).expect("the log");
    assert!(log.contains("the new certificates cannot be used"), "{log}");
}

#[test]
fn a_partner_is_known_by_its_certificate() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = openssl::certificate(folder.path(), "partner");
    let stranger = openssl::certificate(folder.path(), "stranger");
    let host = Secure::start(Some(&partner));
    let ca = text(&host.own.certificate).to_owned();
    let ask = |certificate: &Certificate| {
        let proof = ["--cert", text(&certificate.certificate), "--key", text(&certificate.key)];
        let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
        let path = "/v1/certificates?country=NZ";
        host.curl(&host.own.certificate, path, &[&proof[..], &status].concat())
    };
    assert_eq!(succeeds(&ask(&partner)), "401", "nobody said yet whose it is");
    let pem = text(&partner.certificate);
    let create = [
        "token",
        "create",
        "mpi",
        "--role",
        "partner",
        "--country",
        "NZ",
        "--certificate",
        pem,
        "--ca-file",
        &ca,
    ];
    assert_eq!(succeeds(&host.ecert(&create)), "");
    assert_eq!(succeeds(&ask(&partner)), "200");
    assert!(!ask(&stranger).status.success(), "nobody vouches for it");
    let proof = ["--cert", text(&partner.certificate), "--key", text(&partner.key)];
    let refused = host.curl(&host.own.certificate, "/v1/tokens", &proof);
    assert!(succeeds(&refused).contains("may not manage access"));
    // Without a certificate, a token does.
    let header = format!("Authorization: Bearer {}", host.administrator());
    succeeds(&host.curl(&host.own.certificate, "/v1/tokens", &["--fail", "--header", &header]));
    let listed = succeeds(&host.ecert(&["token", "list", "--json", "--ca-file", &ca]));
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let own = listed["items"].as_array().expect("a list").iter().find(|token| token["name"] == "mpi");
    let id = own.and_then(|token| token["id"].as_str()).expect("an id");
    succeeds(&host.ecert(&["token", "revoke", id, "--ca-file", &ca]));
    assert_eq!(succeeds(&ask(&partner)), "401");
}
