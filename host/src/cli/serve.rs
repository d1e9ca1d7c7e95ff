//! `ecert serve`: the server, put together from its parts.

use std::fs::{File, TryLockError};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, housekeeping, note, say};
use crate::access::{Access, Idempotency, bootstrap};
use crate::api::listen::{Peer, Plain, Secure, Tls, TlsFiles};
use crate::api::{self, App, Limits, Parts, Readiness, Workers};
use crate::deliveries::Deliveries;
use crate::engine::{Engine, EngineConfig};
use crate::export::{Export, Settings};
use crate::followup::{self, Push};
use crate::intake::Intake;
use crate::reference::Reference;
use crate::registry::Registry;
use crate::store::Store;
use crate::trust::Trust;
use crate::verification::citation::DocumentCodes;
use crate::verification::{self, Observer, Past, StoredLedger, Verification};

/// Workers per processor. Most wait for the disk, and the more of them wait
/// together, the more share a commit.
const WORKERS_PER_PROCESSOR: usize = 16;
/// How long requests may take to finish when the host stops.
const GRACE: Duration = Duration::from_secs(20);

/// Options of the server.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Folder for everything the host keeps. Made when missing; one host at a
    /// time may use it.
    #[arg(long, env = "ECERT_DATA", default_value = "ecert-data")]
    data: PathBuf,
    /// Database: `postgres://…`, or a file for SQLite. A file in the data
    /// folder unless given.
    #[arg(long, env = "ECERT_DATABASE")]
    database: Option<String>,
    /// Folder of compiled plugins, which several hosts on one machine may
    /// share; in the data folder unless given.
    #[arg(long, env = "ECERT_COMPILED")]
    compiled: Option<PathBuf>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "ECERT_LISTEN", default_value = "127.0.0.1:8088")]
    listen: SocketAddr,
    /// File of the host's certificate (PEM), and those between it and its
    /// authority's: the host then speaks TLS. Read anew when it changes.
    #[arg(long, env = "ECERT_TLS_CERTIFICATE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// File of its private key (PEM).
    #[arg(long, env = "ECERT_TLS_KEY", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// File of certificates (PEM) by which clients may prove who they are, or
    /// of the authorities that issue them.
    #[arg(long, env = "ECERT_TLS_CLIENT_CA", requires = "tls_certificate")]
    tls_client_ca: Option<PathBuf>,
    /// Worker threads; 16 per processor unless given.
    #[arg(long, env = "ECERT_WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,
    /// Requests that may wait for a worker; those above are told to come back.
    #[arg(long, env = "ECERT_QUEUE", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    queue: u32,
    /// Bytes a request's body may have.
    #[arg(long, env = "ECERT_MAX_BODY", default_value_t = 16 * 1024 * 1024)]
    max_body: usize,
    /// Time zone of the authority (IANA), whose days decide.
    #[arg(long, env = "ECERT_ZONE", default_value = "UTC")]
    zone: String,
    /// Address under which the public reaches this host, beginning with
    /// `https://`; QR codes of export certificates lead there. The address it
    /// listens on unless given.
    #[arg(long, env = "ECERT_PUBLIC_ADDRESS")]
    public_address: Option<String>,
    /// Country whose own certificates this host holds for export (ISO 3166-1
    /// alpha-2); those of others are refused. Any unless given.
    #[arg(long, env = "ECERT_COUNTRY")]
    country: Option<String>,
    /// Address of customs' system that is told of changed verdicts, decisions
    /// and recalls: each is sent as a POST of JSON until it is answered with
    /// 200 to 299. They can be fetched from `/v1/notices` too.
    #[arg(long, env = "ECERT_NOTICES_TO")]
    notices_to: Option<String>,
    /// File with the token to send with them.
    #[arg(long, env = "ECERT_NOTICES_TOKEN_FILE", requires = "notices_to")]
    notices_token_file: Option<PathBuf>,
    /// Address of a proxy before this host, whose X-Forwarded-For counts; may
    /// be repeated.
    #[arg(long = "proxy", env = "ECERT_PROXY", value_delimiter = ',')]
    proxies: Vec<IpAddr>,
    /// Form of the log on standard error.
    #[arg(long, env = "ECERT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Human)]
    log_format: LogFormat,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Serves until told to stop.
pub(super) fn run(options: &Options) -> Result<Outcome> {
    start_log(options.log_format);
    let lock = lock(&options.data)?;
    let app = assemble(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(options, app.clone()));
    app.workers.stop();
    drop(lock);
    served.map(|()| Outcome::Positive)
}

fn start_log(format: LogFormat) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("ECERT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Human => {
            log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).with_target(false).init();
        }
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Makes sure that no other host works on this folder.
fn lock(data: &Path) -> Result<File> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.with_context(|| format!("cannot make the data folder {}", data.display()))?;
    let path = data.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another ecert serves from {}; stop it, or give another --data", data.display())
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

fn assemble(options: &Options) -> Result<App> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = options.workers.map_or(processors * WORKERS_PER_PROCESSOR, usize::from);
    let workers = Workers::start(threads, options.queue as usize).context("cannot start the workers")?;
    let config = EngineConfig {
        concurrency: u32::try_from(threads).unwrap_or(u32::MAX),
        ..EngineConfig::new(options.compiled.clone().unwrap_or_else(|| options.data.join("compiled")))?
    };
    let engine = Engine::new(&config)?;
    let store = open_store(options)?;
    if let Some(path) = bootstrap(&store, &options.data)? {
        note(format_args!("the first administrator's token is in {}", path.display()));
    }
    let registry = Registry::open(engine.clone(), store.clone())?;
    let reference = Arc::new(Reference::open(store.clone())?);
    let zone = TimeZone::get(&options.zone).with_context(|| format!("{:?} is no time zone", options.zone))?;
    let intake = intake(&store, &engine, &registry);
    let deliveries = Deliveries::new(store.clone(), intake.clone(), Arc::clone(&reference));
    let export = Export::open(store.clone(), intake.clone(), &export_settings(options)?)?;
    let past = Arc::new(Past::new(
        engine.clone(),
        store.clone(),
        intake.clone(),
        Arc::clone(&registry),
        Arc::clone(&reference),
    ));
    let judges = verification::current(engine, Arc::clone(&registry), Arc::clone(&reference), zone);
    past.work_on_backtests(Arc::clone(&judges)).context("cannot start the thread for backtests")?;
    let verification = Verification::new(
        store.clone(),
        intake.clone(),
        judges,
        DocumentCodes::default(),
        Some(Arc::new(StoredLedger)),
    );
    let (observer, watch) = Observer::new();
    let failures = observer.clone();
    intake.tell_of_failures(Box::new(move |failed| failures.adapter_failed(failed)));
    deliveries.work().context("cannot start the threads for deliveries")?;
    let verification = verification.observed(observer);
    watch
        .run(Arc::clone(&past), Arc::clone(&registry), verification.clone())
        .context("cannot start the observer")?;
    verification.follow_up().context("cannot start the thread that verifies declarations again")?;
    if let Some(address) = &options.notices_to {
        let push = Push { address: address.clone(), token_file: options.notices_token_file.clone() };
        followup::start(store.clone(), push).context("cannot start the thread that sends notices")?;
    }
    Ok(App::new(Parts {
        access: Access::new(store.clone()),
        idempotency: Idempotency::default(),
        trust: Trust::new(store.clone()),
        store,
        registry,
        reference,
        intake,
        deliveries,
        verification,
        export,
        past,
        proxies: options.proxies.clone(),
        workers,
        readiness: Readiness::default(),
        metrics: Some(api::metrics::install()?),
        limits: Limits { body: options.max_body },
        description: OnceLock::new(),
    }))
}

fn export_settings(options: &Options) -> Result<Settings> {
    let listening = || format!("http://{}", options.listen);
    let public = options.public_address.clone().unwrap_or_else(listening);
    if !(public.starts_with("https://") || public.starts_with("http://")) {
        bail!("--public-address is {public:?}; it should begin with https://");
    }
    Ok(Settings { public_address: public.trim_end_matches('/').to_owned(), country: options.country.clone() })
}

fn intake(store: &Store, engine: &Engine, registry: &Arc<Registry>) -> Intake {
    let registry = Arc::clone(registry);
    Intake::new(store.clone(), engine.clone(), Arc::new(move || registry.snapshot().adapters()))
}

fn open_store(options: &Options) -> Result<Store> {
    let file = options.data.join("ecert.db").display().to_string();
    let store =
        Store::open(options.database.as_deref().unwrap_or(&file)).context("cannot open the database")?;
    tracing::info!(kind = store.kind(), "the store is open");
    Ok(store)
}

async fn serve(options: &Options, app: App) -> Result<()> {
    let listener = TcpListener::bind(options.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    if let Some(handle) = app.metrics.clone() {
        tokio::spawn(api::metrics::upkeep(handle));
    }
    housekeeping::start(app.clone())?;
    let tls = match (&options.tls_certificate, &options.tls_key) {
        (Some(certificate), Some(key)) => {
            let (certificate, key) = (certificate.clone(), key.clone());
            Some(Tls::load(TlsFiles { certificate, key, client_ca: options.tls_client_ca.clone() })?)
        }
        _ => None,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    say(format_args!("ecert listens on {scheme}://{address}"));

    let stopping = {
        let app = app.clone();
        async move {
            stop_signal().await;
            app.readiness.stop();
            app.registry.stop_telling();
            note("stopping: requests under way are finished first");
        }
    };
    let (stopped, has_stopped) = tokio::sync::oneshot::channel();
    let stopping = async move {
        stopping.await;
        // Nobody listens when the server ended by itself.
        let _ = stopped.send(());
    };
    let service = api::router(app).into_make_service_with_connect_info::<Peer>();
    let server = async move {
        match tls {
            Some(tls) => {
                tokio::spawn(Arc::clone(&tls).watch());
                axum::serve(Secure::new(listener, tls)?, service).with_graceful_shutdown(stopping).await
            }
            None => axum::serve(Plain(listener), service).with_graceful_shutdown(stopping).await,
        }
    };
    tokio::select! {
        ended = server => ended.context("the server failed"),
        () = give_up(has_stopped) => {
            note("some requests did not finish in time");
            Ok(())
        }
    }
}

/// Waits for SIGTERM or SIGINT.
async fn stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Ends after the grace period that begins with the stop, or at the second
/// signal.
async fn give_up(has_stopped: tokio::sync::oneshot::Receiver<()>) {
    if has_stopped.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::select! {
        () = tokio::time::sleep(GRACE) => {}
        () = stop_signal() => {}
    }
}
