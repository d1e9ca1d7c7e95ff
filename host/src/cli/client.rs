//! Talking to a running host: where it is, with which token, and what its
//! problems mean at the command line.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::Args;
use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;
use ureq::tls::{PemItem, RootCerts, TlsConfig};
use ureq::unversioned::multipart::{Form, Part};

/// Which host, as whom, and how to print.
#[derive(Debug, Args)]
pub(super) struct Connection {
    /// Address of the host.
    #[arg(long, env = "ECERT_SERVER", default_value = "http://127.0.0.1:8088")]
    server: String,
    /// Token to identify with; goes before --token-file.
    #[arg(long, env = "ECERT_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// File that holds the token.
    #[arg(long, env = "ECERT_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// File of certificates (PEM) by which the host is trusted, in place of the
    /// system's.
    #[arg(long, env = "ECERT_CA_FILE")]
    ca_file: Option<PathBuf>,
    /// Prints the host's answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// A connection to a host.
pub(super) struct Client {
    agent: Agent,
    server: String,
    token: Option<String>,
}

impl Connection {
    /// Gets ready to talk to the host.
    pub(super) fn client(&self) -> Result<Client> {
        let token = match (&self.token, &self.token_file) {
            (Some(token), _) => Some(token.clone()),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path);
                let text = text.with_context(|| format!("cannot read the token in {}", path.display()))?;
                Some(text.trim().to_owned())
            }
            (None, None) => None,
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .tls_config(self.tls()?)
            .build();
        let server = self.server.trim_end_matches('/').to_owned();
        Ok(Client { agent: Agent::new_with_config(config), server, token })
    }
}

impl Connection {
    /// Whom to trust.
    fn tls(&self) -> Result<TlsConfig> {
        // Refused only where another was installed before, which will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = match &self.ca_file {
            Some(file) => {
                let text = read(file)?;
                let certificates = ureq::tls::parse_pem(&text).filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                });
                let certificates: Vec<_> = certificates.collect();
                ensure!(!certificates.is_empty(), "{} holds no certificate in PEM", file.display());
                RootCerts::new_with_certs(&certificates)
            }
            None => RootCerts::PlatformVerifier,
        };
        Ok(TlsConfig::builder().root_certs(roots).build())
    }
}

/// What a request carries.
pub(super) enum Content<'a> {
    /// Bytes of a media type.
    Bytes(&'static str, &'a [u8]),
    /// JSON.
    Json(&'a Value),
    /// A form: names and bytes of its parts.
    Form(&'a [(&'static str, &'a [u8])]),
}

impl Client {
    /// GETs a JSON answer.
    pub(super) fn get(&self, path: &str) -> Result<Value> {
        self.get_with(path, &[])
    }

    /// GETs with a query, which is written as an address needs it.
    pub(super) fn get_with(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.server));
        let request = request.query_pairs(query.iter().copied());
        let request = match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        self.answer(request.call())
    }

    /// GETs an answer of a media type as it is.
    pub(super) fn get_as(&self, path: &str, query: &[(&str, &str)], media_type: &str) -> Result<Vec<u8>> {
        let request = self.agent.get(format!("{}{path}", self.server));
        let request = request.query_pairs(query.iter().copied()).header("accept", media_type);
        let request = match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        self.bytes(request.call())
    }

    /// POSTs and gives the JSON answer.
    pub(super) fn post(&self, path: &str, content: &Content<'_>) -> Result<Value> {
        self.post_with(path, &[], content)
    }

    /// POSTs with a query, which is written as an address needs it.
    pub(super) fn post_with(
        &self,
        path: &str,
        query: &[(&str, &str)],
        content: &Content<'_>,
    ) -> Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.server));
        self.send(request.query_pairs(query.iter().copied()), content)
    }

    /// PUTs with a query, which is written as an address needs it.
    pub(super) fn put_with(
        &self,
        path: &str,
        query: &[(&str, &str)],
        content: &Content<'_>,
    ) -> Result<Value> {
        let request = self.agent.put(format!("{}{path}", self.server));
        self.send(request.query_pairs(query.iter().copied()), content)
    }

    /// DELETEs; the query is written as an address needs it.
    pub(super) fn delete(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let request = self.agent.delete(format!("{}{path}", self.server));
        let request = request.query_pairs(query.iter().copied());
        let request = match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        self.answer(request.call())
    }

    fn send(
        &self,
        request: ureq::RequestBuilder<ureq::typestate::WithBody>,
        content: &Content<'_>,
    ) -> Result<Value> {
        let request = match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        self.answer(match content {
            Content::Bytes(media_type, bytes) => request.header("content-type", *media_type).send(*bytes),
            Content::Json(value) => request.send_json(value),
            Content::Form(parts) => {
                let form =
                    parts.iter().fold(Form::new(), |form, (name, bytes)| form.part(name, Part::bytes(bytes)));
                request.send(form)
            }
        })
    }

    fn answer(&self, outcome: Result<Response<ureq::Body>, ureq::Error>) -> Result<Value> {
        let bytes = self.bytes(outcome)?;
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).context("the host's answer is not JSON")
    }

    fn bytes(&self, outcome: Result<Response<ureq::Body>, ureq::Error>) -> Result<Vec<u8>> {
        let mut response = outcome.with_context(|| {
            format!(
                "no answer from {}; is `ecert serve` running there? (--server names another)",
                self.server
            )
        })?;
        let status = response.status();
        let bytes = response.body_mut().with_config().limit(1024 * 1024 * 1024).read_to_vec()?;
        if status.is_success() {
            return Ok(bytes);
        }
        Err(refusal(status.as_u16(), &String::from_utf8_lossy(&bytes), self.token.is_some()))
    }
}

/// A problem of the host in words.
fn refusal(status: u16, body: &str, with_token: bool) -> anyhow::Error {
    let Ok(problem) = serde_json::from_str::<Value>(body) else {
        return anyhow!("the host answered {status}");
    };
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    let mut message = format!("{} ({})", text("detail"), text("code"));
    for detail in problem["problems"].as_array().into_iter().flatten() {
        message.push_str("\n  ");
        if let (Some(line), Some(column)) = (detail["line"].as_u64(), detail["column"].as_u64()) {
            message.push_str(&format!("line {line}, column {column}: "));
        } else if let Some(line) = detail["line"].as_u64() {
            let column = detail["path"].as_str().map(|column| format!(", column {column}"));
            message.push_str(&format!("row {line}{}: ", column.unwrap_or_default()));
        } else if let Some(path) = detail["path"].as_str() {
            message.push_str(&format!("{path}: "));
        }
        message.push_str(detail["text"].as_str().unwrap_or_default());
    }
    if status == 401 && !with_token {
        message.push_str(
            "\n  Give --token-file (or ECERT_TOKEN_FILE); the host printed where its first one is.",
        );
    }
    anyhow!(message)
}

/// Reads a file, naming it when that fails.
pub(super) fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.is_empty() {
        bail!("{} is empty", path.display());
    }
    Ok(bytes)
}
