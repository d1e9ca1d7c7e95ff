//! The whole product in one command: a server with plugins, tables and
//! messages, and a table of verdicts.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::{ask, plugins};

/// The port to serve on, where it is free.
const PORT: u16 = 8088;
/// Countries whose authorities send the example certificates, through a hub.
const SENDERS: [&str; 19] = [
    "AR", "AU", "BE", "BR", "BY", "CL", "ES", "ET", "FR", "GB", "IE", "KE", "KZ", "MO", "NL", "NO", "NZ",
    "TH", "ZA",
];

#[derive(Deserialize)]
struct Index {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    #[serde(default)]
    certificates: Vec<Message>,
    #[serde(default)]
    declarations: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    file: PathBuf,
    #[serde(default)]
    sender: Option<String>,
    #[serde(default)]
    verdict: Option<String>,
}

/// A verdict of the server, as the table shows it.
struct Row {
    case: String,
    /// Of the verification.
    id: String,
    verdict: String,
    as_expected: bool,
    /// The rule sets that ran, each with its time.
    rule_sets: String,
    /// The whole verification in the host.
    milliseconds: f64,
    reasons: Vec<String>,
}

/// Builds, serves, submits, shows; then serves on unless `once`.
pub(crate) fn demo(root: &Path, once: bool) -> Result<()> {
    step("building the host");
    let ecert = plugins::build_host(root)?;
    step("building the plugins");
    let built = plugins::build(root, &ecert)?;

    step("starting a server");
    let server = Server::start(root, &ecert)?;
    step("signing the plugins with a key of the demo's own, which the server is told to trust");
    server.sign(&built)?;
    step("publishing and activating the plugins");
    server.publish(&built)?;
    step("loading reference tables, parameters and agreements");
    server.load(&root.join("examples"))?;
    let rows = server.submit(&root.join("examples/messages"))?;
    show(&rows);
    if once {
        return Ok(());
    }
    server.say_what_next(&rows);
    println!("\nServing on. Ctrl-C stops it.");
    server.serve_on()
}

fn step(what: &str) {
    println!("• {what}");
}

struct Server {
    ecert: PathBuf,
    process: Child,
    url: String,
    data: PathBuf,
    token_file: PathBuf,
}

impl Server {
    /// Starts with an empty data folder of the demo's own.
    fn start(root: &Path, ecert: &Path) -> Result<Self> {
        let data = root.join("target/demo");
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        let port = match TcpListener::bind(("127.0.0.1", PORT)) {
            Ok(_) => PORT,
            Err(_) => TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
        };
        let process = Command::new(ecert)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(&data)
            .env("ECERT_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", ecert.display()))?;
        let mut server = Self {
            ecert: ecert.to_path_buf(),
            process,
            url: format!("http://127.0.0.1:{port}"),
            token_file: data.join("administrator.token"),
            data,
        };
        server.wait(port)?;
        Ok(server)
    }

    fn wait(&mut self, port: u16) -> Result<()> {
        for _ in 0..200 {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server stopped at once ({status})");
            }
            if self.token_file.exists() && TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer on port {port}")
    }

    /// `ecert` as a client of this server, as the administrator.
    fn client(&self) -> Command {
        let mut command = Command::new(&self.ecert);
        command.env("ECERT_SERVER", &self.url).env("ECERT_TOKEN_FILE", &self.token_file);
        command
    }

    /// Does what a publisher and an operator do once: makes a key, has the
    /// server trust it, and signs.
    fn sign(&self, built: &Path) -> Result<()> {
        let keys = self.data.join("keys");
        std::fs::create_dir_all(&keys)?;
        let passphrase = keys.join("passphrase");
        std::fs::copy(&self.token_file, &passphrase)?;
        let client = |arguments: &[&str]| {
            let mut command = self.client();
            command.args(arguments).env("ECERT_PASSPHRASE_FILE", &passphrase);
            command
        };
        ask(client(&["plugin", "key", "new", "demo", "--out"]).arg(&keys))?;
        ask(client(&["trust", "key", "add", "demo"]).arg(keys.join("demo.pub.pem")))?;
        ask(&mut client(&["trust", "rule", "add", "demo", "--author", "demo"]))?;
        let components = files(built, "component.wasm")?;
        ask(client(&["plugin", "sign", "--key"]).arg(keys.join("demo.key.pem")).args(components))?;
        Ok(())
    }

    fn publish(&self, built: &Path) -> Result<()> {
        for component in files(built, "component.wasm")? {
            ask(self.client().args(["plugin", "publish"]).arg(&component))?;
        }
        let listed: Value = serde_json::from_str(&ask(self.client().args(["plugin", "list", "--json"]))?)?;
        let items = listed["items"].as_array().context("the list of plugins has no items")?;
        for plugin in items {
            let text = |name: &str| plugin[name].as_str().with_context(|| format!("a plugin without {name}"));
            ask(self.client().args(["plugin", "activate", text("name")?, text("version")?]))?;
        }
        Ok(())
    }

    fn load(&self, examples: &Path) -> Result<()> {
        for table in files(&examples.join("tables"), "csv")? {
            ask(self.client().args(["table", "import"]).arg(stem(&table)?).arg(&table))?;
        }
        for parameters in files(&examples.join("parameters"), "json")? {
            ask(self.client().args(["parameter", "set"]).arg(stem(&parameters)?).arg(&parameters))?;
        }
        ask(self.client().args(["agreement", "import"]).arg(examples.join("agreements.json")))?;
        Ok(())
    }

    /// Sends every example that can be read, certificates by their senders.
    fn submit(&self, messages: &Path) -> Result<Vec<Row>> {
        let index: Index = serde_json::from_str(&std::fs::read_to_string(messages.join("index.json"))?)?;
        let hub = self.partner("certificate-hub", &SENDERS)?;
        let forwarder = self.partner("forwarder", &["PA"])?;
        let customs = std::fs::read_to_string(&self.token_file)?.trim().to_owned();
        let cases: Vec<&Case> = index.cases.iter().filter(|case| case.kind != "bad").collect();
        let mut rows = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            progress(number + 1, cases.len(), &case.id);
            for certificate in &case.certificates {
                let by = if certificate.sender.as_deref() == Some("forwarder") { &forwarder } else { &hub };
                self.post("/v1/certificates", by, &messages.join(&certificate.file))?;
            }
            for (index, declaration) in case.declarations.iter().enumerate() {
                let answer = self.post("/v1/declarations", &customs, &messages.join(&declaration.file))?;
                let name = if index == 0 { case.id.clone() } else { format!("{} ({})", case.id, index + 1) };
                rows.push(row(name, &answer, declaration.verdict.as_deref()));
            }
        }
        println!();
        Ok(rows)
    }

    fn partner(&self, name: &str, countries: &[&str]) -> Result<String> {
        let mut create = self.client();
        create.args(["token", "create", name, "--role", "partner"]);
        for country in countries {
            create.args(["--country", country]);
        }
        ask(&mut create)
    }

    fn post(&self, route: &str, token: &str, file: &Path) -> Result<Value> {
        let message = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        let is_json = file.extension().is_some_and(|extension| extension == "json");
        let media_type = if is_json { "application/json" } else { "application/xml" };
        let mut answer = ureq::post(format!("{}{route}", self.url))
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", media_type)
            .send(&message[..])?;
        let body: Value = answer.body_mut().read_json()?;
        ensure!(answer.status().is_success(), "{} was not taken: {body:#}", file.display());
        Ok(body)
    }

    fn say_what_next(&self, rows: &[Row]) {
        let Self { ecert, url, token_file, .. } = self;
        let (ecert, token) = (ecert.display(), token_file.display());
        let review = rows.iter().find(|row| row.verdict == "review").map_or("", |row| &row.id);
        println!(
            "\nWhat to try next, in another terminal:\n\n\
             \x20 # the latest verdicts, and one of them as a page for people\n\
             \x20 curl -s -H \"Authorization: Bearer $(cat {token})\" '{url}/v1/verifications?limit=3'\n\
             \x20 curl -s -H \"Authorization: Bearer $(cat {token})\" -H 'Accept: text/html' \\\n\
             \x20      {url}/v1/verifications/{review} > target/verdict.html\n\n\
             \x20 # lodge a declaration by hand\n\
             \x20 curl -s -H \"Authorization: Bearer $(cat {token})\" -H 'Content-Type: application/xml' \\\n\
             \x20      --data-binary @examples/messages/clean/beef-frozen/declaration.xml {url}/v1/declarations\n\n\
             \x20 # the same without any server\n\
             \x20 {ecert} verify --certificate examples/messages/clean/beef-frozen/certificate.xml \\\n\
             \x20      --declaration examples/messages/clean/beef-frozen/declaration.xml\n\n\
             \x20 # what a message says, in the canonical model\n\
             \x20 {ecert} convert examples/messages/clean/beef-frozen/certificate.xml\n\n\
             \x20 # the plugins of the server, and every route it has\n\
             \x20 {ecert} plugin list --server {url} --token-file {token}\n\
             \x20 curl -s {url}/openapi.json"
        );
    }

    fn serve_on(mut self) -> Result<()> {
        let status = self.process.wait()?;
        ensure!(status.success(), "the server ended ({status})");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            // SIGTERM lets it finish what it has begun.
            let _ = Command::new("kill").arg(self.process.id().to_string()).status();
            let _ = self.process.wait();
        }
    }
}

fn row(case: String, record: &Value, expected: Option<&str>) -> Row {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| record[name].as_array().cloned().unwrap_or_default();
    let milliseconds = |value: &Value| value["microseconds"].as_f64().unwrap_or_default() / 1_000.0;
    let verdict = text(&record["verdict"]);
    let rule_sets: Vec<String> = list("ruleSets")
        .iter()
        .map(|run| format!("{} {:.2} ms", text(&run["name"]), milliseconds(run)))
        .collect();
    let reasons = list("findings")
        .iter()
        .map(|finding| format!("{}: {}", text(&finding["severity"]), text(&finding["texts"]["en"])))
        .collect();
    Row {
        case,
        id: text(&record["id"]),
        as_expected: expected.is_none_or(|expected| expected == verdict),
        verdict,
        rule_sets: rule_sets.join(", "),
        milliseconds: milliseconds(record),
        reasons,
    }
}

fn progress(number: usize, of: usize, what: &str) {
    let line = format!("• verifying {number} of {of}: {what}");
    if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        print!("\r\x1b[K{line}");
        // A lost progress line is no reason to stop.
        let _ = std::io::stdout().flush();
    } else if number == 1 || number.is_multiple_of(20) || number == of {
        println!("{line}");
    }
}

fn show(rows: &[Row]) {
    let width = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or_default();
    let (case, verdict, sets) =
        (width(|r| r.case.len()), width(|r| r.verdict.len()), width(|r| r.rule_sets.len()).max(24));
    println!(
        "\n{:<case$}  {:<verdict$}  {:<sets$}  {:>8}  reasons",
        "case", "verdict", "rule sets and their time", "ms"
    );
    for row in rows {
        let mark = if row.as_expected { "" } else { "  (not as the index expects)" };
        let first = row.reasons.first().map(String::as_str).unwrap_or_default();
        println!(
            "{:<case$}  {:<verdict$}  {:<sets$}  {:>8.2}  {first}{mark}",
            row.case, row.verdict, row.rule_sets, row.milliseconds
        );
        for reason in row.reasons.iter().skip(1) {
            println!("{:indent$}{reason}", "", indent = case + verdict + sets + 16);
        }
    }
    let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count();
    println!(
        "\n{} declarations: {} release, {} review, {} refuse, {} none-required; {} not as expected",
        rows.len(),
        count("release"),
        count("review"),
        count("refuse"),
        count("none-required"),
        rows.iter().filter(|row| !row.as_expected).count()
    );
}

/// Files of a folder whose names end in `.ending`, in order.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(&format!(".{ending}")))
        .collect();
    found.sort();
    Ok(found)
}

fn stem(path: &Path) -> Result<String> {
    let stem = path.file_stem().with_context(|| format!("{} has no name", path.display()))?;
    Ok(stem.to_string_lossy().into_owned())
}
