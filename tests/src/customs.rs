//! A system of customs that takes notices, as long as the test lets it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;

/// A notice as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Its body.
    pub body: Value,
}

#[derive(Default)]
struct Shared {
    token: String,
    answer: StatusCode,
    received: Vec<Received>,
}

/// The system.
pub struct Customs {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl Customs {
    /// Starts it; it wants this token.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    #[must_use]
    pub fn start(token: &str) -> Self {
        let shared = Shared { token: token.to_owned(), ..Shared::default() };
        let shared = Arc::new(Mutex::new(shared));
        let router = Router::new().route("/notices", post(take)).with_state(Arc::clone(&shared));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a listener");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                axum::serve(listener, router).await.expect("it serves");
            });
        });
        Self { address, shared }
    }

    /// Where notices go.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/notices", self.address)
    }

    /// Answers with this status from now on.
    ///
    /// # Panics
    ///
    /// When it is no status.
    pub fn answer(&self, status: u16) {
        self.lock().answer = StatusCode::from_u16(status).expect("a status");
    }

    /// What came so far.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.lock().received.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(
    State(shared): State<Arc<Mutex<Shared>>>,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> StatusCode {
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("authorization") != format!("Bearer {}", shared.token) {
        return StatusCode::UNAUTHORIZED;
    }
    let key = header("idempotency-key").to_owned();
    shared.received.push(Received { key, body });
    shared.answer
}
