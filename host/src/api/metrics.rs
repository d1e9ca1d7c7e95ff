//! The metrics that `/metrics` shows, in the text format of Prometheus. Times
//! are in seconds with buckets from microseconds up, since a verification
//! takes less than a millisecond.

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 20] = [
    0.000_025, 0.000_05, 0.000_1, 0.000_2, 0.000_4, 0.000_8, 0.001_5, 0.003, 0.005, 0.01, 0.015, 0.02, 0.03,
    0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 20.0,
];

/// Name of the histogram of answered requests.
pub const REQUESTS: &str = "ecert_http_request_duration_seconds";

/// Sets the process's recorder and describes what is recorded.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install_recorder()?;
    metrics::describe_histogram!(REQUESTS, "Time from a request's head to its answer, by route and status");
    metrics::describe_histogram!("ecert_queue_wait_seconds", "Time a request waited for a worker");
    metrics::describe_gauge!("ecert_queue_length", "Requests that wait for a worker");
    metrics::describe_counter!("ecert_busy_total", "Requests refused since the queue was full");
    Ok(handle)
}

/// Folds recorded samples into their buckets for ever; without it they pile up
/// until somebody asks for the metrics.
pub async fn upkeep(handle: PrometheusHandle) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        every.tick().await;
        handle.run_upkeep();
    }
}
