//! A small HTTP client: every status is an answer, nothing is retried.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Method, Request};

/// A client of one host as one principal.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    address: String,
    token: Option<String>,
}

/// What the host answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} with a body that is not JSON ({error}): {}", self.status, self.text())
        })
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty when absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The code of a problem, empty for other answers.
    #[must_use]
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Fails the test unless the answer has this status.
    ///
    /// # Panics
    ///
    /// When it has another.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Client {
    /// The secret it identifies itself with.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A client of the host at `address`, as whom the token says.
    #[must_use]
    pub fn new(address: &str, token: Option<&str>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(240)))
            // A host that refuses before it has read the body closes the connection.
            .max_idle_connections(0)
            .build();
        Self {
            agent: Agent::new_with_config(config),
            address: address.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// The same host as someone else.
    #[must_use]
    pub fn with_token(&self, token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..self.clone() }
    }

    /// Sends a request; an error means that no answer came.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> anyhow::Result<Answer> {
        let method: Method = method.parse()?;
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = if body.is_empty() {
            self.agent.run(request.body(())?)?
        } else {
            self.agent.run(request.body(body)?)?
        };
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().with_config().limit(64 << 20).read_to_vec()?,
        })
    }

    /// Sends a request.
    ///
    /// # Panics
    ///
    /// When no answer comes.
    #[must_use]
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let answer = self.try_send(method, path, headers, body);
        answer.unwrap_or_else(|error| panic!("{method} {path}: no answer: {error}"))
    }

    /// GETs.
    #[must_use]
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[])
    }

    /// GETs a certain media type.
    #[must_use]
    #[track_caller]
    pub fn get_as(&self, path: &str, media_type: &str) -> Answer {
        self.send("GET", path, &[("accept", media_type)], &[])
    }

    /// Sends JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self, method: &str, path: &str, value: &Value) -> Answer {
        self.send(method, path, &[("content-type", "application/json")], value.to_string().as_bytes())
    }

    /// POSTs an example message, in the media type that its file's name stands
    /// for.
    #[must_use]
    #[track_caller]
    pub fn message(&self, path: &str, file: &str) -> Answer {
        let media_type = if file.ends_with(".json") { "application/json" } else { "application/xml" };
        self.send("POST", path, &[("content-type", media_type)], &crate::examples::message(file))
    }

    /// POSTs XML.
    #[must_use]
    #[track_caller]
    pub fn xml(&self, path: &str, message: &[u8]) -> Answer {
        self.send("POST", path, &[("content-type", "application/xml")], message)
    }

    /// POSTs parts as `multipart/form-data`; each is a name and a message.
    #[must_use]
    #[track_caller]
    pub fn multipart(&self, path: &str, parts: &[(&str, &[u8])]) -> Answer {
        const BOUNDARY: &str = "ecert-tests-7d1f0c";
        let mut body = Vec::new();
        for (number, (name, content)) in parts.iter().enumerate() {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; \
                 filename=\"{name}-{number}.xml\"\r\nContent-Type: application/xml\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, &[("content-type", &media_type)], &body)
    }
}
