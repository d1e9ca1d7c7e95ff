//! A host of its own for a test: the real binary on a free port of the
//! loopback interface, with a temporary data folder. It is killed when the
//! test ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Client, root};

/// The plugins that `cargo xtask plugins` builds.
pub const PLUGINS: &[&str] = &[
    "asycuda-sad",
    "ched-clearance-json",
    "cn-single-window",
    "eaeu-certificate",
    "ippc-hub",
    "sps-json",
    "traces-nt",
    "uncefact-sps",
    "wco-declaration",
    "certificate-consistency",
    "meat",
    "dairy",
    "plants",
    "bee-products",
    "live-animals",
    "aquatic",
    "feed-and-byproducts",
    "protocol-new-zealand",
    "protocol-australia",
    "protocol-netherlands",
    "protocol-chile",
    "protocol-macao",
    "document-decision",
];

/// How a host is started.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Further options of `ecert serve`.
    pub options: Vec<String>,
    /// Database, if not the SQLite file in the data folder.
    pub database: Option<String>,
    /// Token of the administrator, for a host that joins others on their
    /// database.
    pub token: Option<String>,
    /// Whether plugins must be signed. Most tests are about something else.
    pub signed: bool,
}

impl Setup {
    /// Adds options.
    #[must_use]
    pub fn with(mut self, options: &[&str]) -> Self {
        self.options.extend(options.iter().map(|&option| option.to_owned()));
        self
    }

    /// Leaves the host as it is when new: it lets no plugin in before it is
    /// told whose signatures count.
    #[must_use]
    pub fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Starts it, empty.
    #[must_use]
    pub fn start(self) -> Host {
        Host::start(self)
    }

    /// Starts it with plugins, tables, parameters and agreements.
    #[must_use]
    pub fn furnished(self) -> Host {
        let host = self.start();
        host.furnish();
        host
    }
}

/// A running host.
pub struct Host {
    setup: Setup,
    folder: TempDir,
    child: Child,
    /// A client as administrator.
    pub admin: Client,
    address: String,
}

/// The binary under test.
#[must_use]
pub fn binary() -> PathBuf {
    std::env::var_os("ECERT_BIN").map_or_else(|| root().join("target/debug/ecert"), PathBuf::from)
}

/// A plugin's component.
#[must_use]
pub fn component(name: &str) -> PathBuf {
    let folder = std::env::var_os("ECERT_PLUGINS");
    let folder = folder.map_or_else(|| root().join("target/plugins"), PathBuf::from);
    folder.join(format!("{name}.component.wasm"))
}

impl Host {
    fn start(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (child, address) = spawn(&setup, folder.path());
        let token = setup.token.clone().unwrap_or_else(|| admin_token(folder.path()));
        let admin = Client::new(&address, Some(&token));
        let host = Self { setup, folder, child, admin, address };
        host.wait_ready(Duration::from_secs(30));
        if !host.setup.signed {
            host.let_unsigned_in();
        }
        host
    }

    /// Lets plugins in that nobody has signed.
    fn let_unsigned_in(&self) {
        let rule = json!({"rule": {"name": "unsigned", "unsigned": true}, "reason": "tests"});
        let status = self.admin.json("POST", "/v1/trust/rules", &rule).status;
        // Another host on the same database may have done it.
        assert!([201, 409].contains(&status), "{status}");
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Memory that the process holds, in KiB; none known is 0.
    #[must_use]
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
    }

    /// Kills the process as a power failure would.
    pub fn kill(&mut self) {
        // Killing fails only when it is dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop and waits until it has; answers whether it did so with
    /// exit code 0.
    pub fn stop(&mut self) -> bool {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        let signal = rustix::process::Signal::TERM;
        rustix::process::kill_process(pid.expect("a process id"), signal).expect("the process is there");
        self.child.wait().is_ok_and(|status| status.success())
    }

    /// Starts it again on the same data.
    pub fn restart(&mut self) {
        self.kill();
        let (child, address) = spawn(&self.setup, self.folder.path());
        self.child = child;
        self.admin = Client::new(&address, self.admin.token());
        self.address = address;
        self.wait_ready(Duration::from_secs(30));
    }

    /// Waits until it says that it is ready.
    #[track_caller]
    pub fn wait_ready(&self, patience: Duration) {
        self.wait_for_readiness(200, patience);
    }

    /// Waits until readiness has this status.
    ///
    /// # Panics
    ///
    /// When that does not happen in time.
    #[track_caller]
    pub fn wait_for_readiness(&self, status: u16, patience: Duration) {
        let begun = Instant::now();
        let mut last = String::new();
        while begun.elapsed() < patience {
            match self.admin.try_send("GET", "/health/ready", &[], &[]) {
                Ok(answer) if answer.status == status => return,
                Ok(answer) => last = answer.text(),
                Err(error) => last = error.to_string(),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("readiness did not become {status} within {patience:?}: {last}");
    }

    /// A client with a new token of the role.
    #[track_caller]
    pub fn client(&self, role: &str, countries: &[&str]) -> Client {
        let name = format!("{role}-{}", countries.join("-").to_lowercase());
        let body = json!({"name": name, "role": role, "countries": countries});
        let answer = self.admin.json("POST", "/v1/tokens", &body).expect(201).json();
        let token = answer["token"].as_str().expect("the answer holds the token");
        self.admin.with_token(Some(token))
    }

    /// Publishes and activates the plugins and loads the examples' tables,
    /// parameters and agreements.
    pub fn furnish(&self) {
        for name in PLUGINS {
            self.publish(&component(name));
        }
        self.load_tables();
        self.set_parameters();
        self.set_agreements();
    }

    /// Loads the examples' tables.
    pub fn load_tables(&self) {
        for path in sorted(&root().join("examples/tables")) {
            let name = stem(&path);
            let media_type = if has_extension(&path, "csv") { "text/csv" } else { "application/json" };
            let bytes = std::fs::read(&path).expect("a table");
            let headers = [("content-type", media_type)];
            let _ = self.admin.send("PUT", &format!("/v1/tables/{name}"), &headers, &bytes).expect(200);
        }
    }

    /// Sets the examples' parameters; their rule sets must be there.
    pub fn set_parameters(&self) {
        for path in sorted(&root().join("examples/parameters")) {
            let bytes = std::fs::read(&path).expect("parameters");
            let headers = [("content-type", "application/json")];
            let address = format!("/v1/parameters/{}", stem(&path));
            let _ = self.admin.send("PUT", &address, &headers, &bytes).expect(200);
        }
    }

    /// Sets the examples' agreements.
    pub fn set_agreements(&self) {
        let list: Vec<Value> =
            serde_json::from_slice(&crate::file("examples/agreements.json")).expect("JSON");
        for mut terms in list {
            let name = terms.as_object_mut().and_then(|members| members.remove("name")).expect("a name");
            let address = format!("/v1/agreements/{}", name.as_str().expect("a text"));
            let _ = self.admin.json("PUT", &address, &terms).expect(200);
        }
    }

    /// Publishes and activates a component; answers what the host said of it.
    #[track_caller]
    pub fn publish(&self, component: &Path) -> Value {
        let published = self.publish_only(component);
        let text = |name: &str| published[name].as_str().expect("a plugin has a name and a version");
        let address = format!("/v1/plugins/{}/{}/activation", text("name"), text("version"));
        let _ = self.admin.json("POST", &address, &json!({})).expect(200);
        published
    }

    /// Publishes a component without activating it; answers what the host said
    /// of it.
    #[track_caller]
    pub fn publish_only(&self, component: &Path) -> Value {
        let bytes = std::fs::read(component)
            .unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask plugins", component.display()));
        let headers = [("content-type", "application/wasm")];
        self.admin.send("POST", "/v1/plugins", &headers, &bytes).expect(201).json()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.kill();
    }
}

#[expect(clippy::zombie_processes, reason = "the host is killed and waited for when it is dropped")]
fn spawn(setup: &Setup, data: &Path) -> (Child, String) {
    let program = binary();
    let mut command = Command::new(&program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(&setup.options);
    // Compiling takes seconds: the tests' hosts share what is compiled.
    command.arg("--compiled").arg(root().join("target/tests-compiled"));
    if let Some(database) = &setup.database {
        command.args(["--database", database]);
    }
    let log = std::fs::File::create(data.join("test-log")).expect("a log file");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; run cargo build -p ecert", program.display()));
    let mut lines = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            // It has ended, or will not come to anything.
            let _ = child.kill();
            let _ = child.wait();
            let log = std::fs::read_to_string(data.join("test-log")).unwrap_or_default();
            panic!("ecert serve ended before it listened:\n{log}");
        }
        if let Some(address) = line.trim().strip_prefix("ecert listens on ") {
            let address = address.to_owned();
            // Whatever else it prints must not block it.
            std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
            return (child, address);
        }
    }
}

fn admin_token(data: &Path) -> String {
    let path = data.join("administrator.token");
    let token = std::fs::read_to_string(&path);
    token.unwrap_or_else(|error| panic!("{}: {error}", path.display())).trim().to_owned()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| has_extension(path, "csv") || has_extension(path, "json"));
    paths.sort();
    paths
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
