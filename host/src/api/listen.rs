//! Connections: in the clear, or by TLS with certificates that are read anew
//! when their files change.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, crypto::ring};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::digest::Digest;

/// How often the files are looked at.
const LOOKED_EVERY: Duration = Duration::from_secs(2);
/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Clients that may do so at the same time; those above wait.
const HANDSHAKES: usize = 256;

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Their address.
    pub address: SocketAddr,
    /// SHA-256 of the certificate they proved to have the key of.
    pub certificate: Option<Digest>,
}

/// Connections in the clear.
pub struct Plain(pub TcpListener);

impl Listener for Plain {
    type Io = TcpStream;
    type Addr = Peer;

    async fn accept(&mut self) -> (TcpStream, Peer) {
        let (stream, address) = accept(&self.0).await;
        (stream, Peer { address, certificate: None })
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: self.0.local_addr()?, certificate: None })
    }
}

/// Connections by TLS, their handshakes done.
pub struct Secure {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, Peer)>,
    address: SocketAddr,
}

impl Secure {
    /// Takes connections from a socket. A client that dawdles over its
    /// handshake keeps nobody else waiting.
    pub fn new(socket: TcpListener, tls: Arc<Tls>) -> io::Result<Self> {
        let address = socket.local_addr()?;
        let (sender, ready) = mpsc::channel(64);
        let handshakes = Arc::new(Semaphore::new(HANDSHAKES));
        tokio::spawn(async move {
            loop {
                let Ok(permit) = Arc::clone(&handshakes).acquire_owned().await else { return };
                let (stream, address) = tokio::select! {
                    accepted = accept(&socket) => accepted,
                    () = sender.closed() => return,
                };
                let (acceptor, sender) = (TlsAcceptor::from(tls.config()), sender.clone());
                tokio::spawn(async move {
                    let agreed = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                    drop(permit);
                    match agreed {
                        Ok(Ok(stream)) => {
                            let chain = stream.get_ref().1.peer_certificates();
                            let certificate = chain.and_then(|chain| chain.first());
                            let certificate = certificate.map(|own| Digest::of(own));
                            // Nobody takes it when the host is stopping.
                            let _ = sender.send((stream, Peer { address, certificate })).await;
                        }
                        Ok(Err(error)) => tracing::debug!(%address, %error, "no TLS came about"),
                        Err(_) => tracing::debug!(%address, "the client did not agree on TLS in time"),
                    }
                });
            }
        });
        Ok(Self { ready, address })
    }
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = Peer;

    async fn accept(&mut self) -> (TlsStream<TcpStream>, Peer) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: self.address, certificate: None })
    }
}

impl Connected<IncomingStream<'_, Plain>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Plain>) -> Self {
        *stream.remote_addr()
    }
}

impl Connected<IncomingStream<'_, Secure>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Secure>) -> Self {
        *stream.remote_addr()
    }
}

async fn accept(socket: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match socket.accept().await {
            Ok((stream, address)) => {
                // Answers are small: waiting to fill packets would only delay
                // them.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY was not set");
                }
                return (stream, address);
            }
            Err(error) => {
                // Too many open files, say: some of them will be closed.
                tracing::warn!(%error, "a connection was not taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// The files that TLS rests on, all PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The host's certificate, and those between it and its authority's.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Certificates by which clients may prove who they are, or those of the
    /// authorities that issued them. Clients need none without it.
    pub client_ca: Option<PathBuf>,
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    File(PathBuf, #[source] io::Error),
    /// A file holds something else.
    #[error("{0} holds no {1} in PEM")]
    Empty(PathBuf, &'static str),
    /// What they hold does not go together, or cannot be used.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(String),
}

/// What TLS rests on at the moment.
pub struct Tls {
    files: TlsFiles,
    current: RwLock<Arc<ServerConfig>>,
    read: Mutex<Texts>,
}

/// The files' contents.
#[derive(PartialEq, Eq)]
struct Texts {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

impl TlsFiles {
    fn read(&self) -> Result<Texts, TlsError> {
        let read = |path: &PathBuf| fs::read(path).map_err(|error| TlsError::File(path.clone(), error));
        Ok(Texts {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
            client_ca: self.client_ca.as_ref().map(read).transpose()?,
        })
    }

    fn config(&self, texts: &Texts) -> Result<ServerConfig, TlsError> {
        let unusable = |error: &dyn std::fmt::Display| TlsError::Unusable(error.to_string());
        let chain = certificates(&self.certificate, &texts.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&texts.key)
            .map_err(|_| TlsError::Empty(self.key.clone(), "private key"))?;
        let provider = Arc::new(ring::default_provider());
        let versions = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?;
        let clients = match (&self.client_ca, &texts.client_ca) {
            (Some(path), Some(text)) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(path, text)? {
                    roots.add(certificate).map_err(|error| unusable(&error))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                // Those with a token need no certificate.
                let verifier = verifier.allow_unauthenticated().build().map_err(|error| unusable(&error))?;
                versions.with_client_cert_verifier(verifier)
            }
            _ => versions.with_no_client_auth(),
        };
        let mut config = clients.with_single_cert(chain, key).map_err(|error| unusable(&error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn certificates(path: &Path, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let empty = || TlsError::Empty(path.to_owned(), "certificate");
    let all: Vec<_> = CertificateDer::pem_slice_iter(text).collect::<Result<_, _>>().map_err(|_| empty())?;
    if all.is_empty() { Err(empty()) } else { Ok(all) }
}

/// SHA-256 of a client's certificate in PEM, by which it is known.
#[must_use]
pub fn fingerprint(pem: &str) -> Option<Digest> {
    CertificateDer::from_pem_slice(pem.as_bytes()).ok().map(|certificate| Digest::of(&certificate))
}

impl Tls {
    /// Reads the files.
    pub fn load(files: TlsFiles) -> Result<Arc<Self>, TlsError> {
        let texts = files.read()?;
        let config = Arc::new(files.config(&texts)?);
        Ok(Arc::new(Self { files, current: RwLock::new(config), read: Mutex::new(texts) }))
    }

    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what changed in the files; says whether anything did.
    /// Connections that are open go on with what they began with.
    fn reload(&self) -> Result<bool, TlsError> {
        let texts = self.files.read()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if *read == texts {
            return Ok(false);
        }
        let config = self.files.config(&texts);
        // What cannot be used is told of once.
        *read = texts;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config?);
        Ok(true)
    }

    /// Watches the files for as long as the host serves.
    pub async fn watch(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOKED_EVERY).await;
            let tls = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || tls.reload()).await {
                Ok(Ok(false)) | Err(_) => {}
                Ok(Ok(true)) => tracing::info!("the certificates were read anew"),
                Ok(Err(error)) => {
                    let reason = error.to_string();
                    tracing::error!(reason, "the new certificates cannot be used; the old ones still are");
                }
            }
        }
    }
}
