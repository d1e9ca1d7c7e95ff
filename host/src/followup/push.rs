//! Sends notices to customs until they answer that they have them.

use std::path::PathBuf;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use super::notice::{Notice, acknowledged, put_off, take};
use crate::store::{Store, StoreError};

/// How often it is looked whether something is to be sent.
const EVERY: Duration = Duration::from_millis(500);
/// How long customs' system may take to answer; well within the time for
/// which a notice is taken on.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where notices go.
#[derive(Clone, Debug)]
pub struct Push {
    /// Address that takes each as a POST of JSON. An answer of 200 to 299
    /// acknowledges it.
    pub address: String,
    /// File with the token to sign in with, read anew for each notice.
    pub token_file: Option<PathBuf>,
}

/// Starts the thread that sends.
pub fn start(store: Store, push: Push) -> std::io::Result<()> {
    // Refused only where another was installed before, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let run = move || {
        loop {
            match next(&store, &agent, &push) {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(EVERY),
                Err(error) => {
                    tracing::warn!(%error, "notices cannot be sent");
                    std::thread::sleep(EVERY);
                }
            }
        }
    };
    std::thread::Builder::new().name("notices".into()).spawn(run).map(drop)
}

/// Sends the notice that is due the longest; answers whether there was one.
fn next(store: &Store, agent: &ureq::Agent, push: &Push) -> Result<bool, StoreError> {
    let Some(notice) = take(store)? else { return Ok(false) };
    let sent = send(agent, push, &notice);
    if let Err(failure) = &sent {
        tracing::warn!(
            notice = notice.id,
            attempts = notice.attempts,
            failure,
            "customs did not take a notice"
        );
        metrics::counter!("ecert_notices_failed_total").increment(1);
    }
    store.write(move |transaction| match &sent {
        Ok(()) => acknowledged(transaction, &notice.id, "push"),
        Err(failure) => put_off(transaction, &notice, failure),
    })?;
    Ok(true)
}

fn send(agent: &ureq::Agent, push: &Push, notice: &Notice) -> Result<(), String> {
    let mut request = agent.post(&push.address).header("idempotency-key", &notice.id);
    if let Some(file) = &push.token_file {
        let token = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        request = request.header("authorization", format!("Bearer {}", token.trim()));
    }
    let answer = request.send_json(notice).map_err(|error| error.to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("the answer was {}", answer.status())) }
}
