//! Certificates that come with a question, and are not kept.

use std::collections::HashMap;
use std::sync::Arc;

use ecert_model::cases::{Authenticity, Channel, Standing};
use ecert_model::certificates::Certificate;

use super::gather::Archive;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::identity::CertificateKey;
use crate::intake::number::normalise;
use crate::intake::read::Found;
use crate::intake::{Body, Held};

/// Certificates that came with the question.
#[derive(Default)]
pub struct Given {
    pub(super) by_number: HashMap<String, Vec<Arc<Held>>>,
}

impl Given {
    /// Adds the certificates of a message. Nobody delivered them: whether
    /// their sender may speak for their authority stays open.
    pub fn add(&mut self, mut message: crate::intake::read::Message, bytes: &[u8]) {
        let digest = Digest::of(bytes);
        for Found { document, places } in message.certificates() {
            self.add_certificate(document, places, digest);
        }
        self.link();
    }

    fn add_certificate(&mut self, certificate: Certificate, places: Arc<Places>, digest: Digest) {
        let standing = Standing {
            status: certificate.status.clone(),
            first_issued: certificate.issued,
            channel: Channel::Offline,
            authenticity: Authenticity::Unknown,
            ..Standing::default()
        };
        let key = CertificateKey::of(&certificate);
        let body = Arc::new(Body { certificate, places, digest });
        let (id, chain) = (String::new(), String::new());
        let held = Arc::new(Held { id, version: 1, chain, body, standing, contradicted: false });
        let same = self.by_number.entry(key.number.clone()).or_default();
        // A later message about the same certificate amends the earlier one.
        same.retain(|known| CertificateKey::of(&known.body.certificate) != key);
        same.push(held);
    }

    /// A certificate that replaces another of those given supersedes it, and
    /// inherits the date its chain was first issued.
    fn link(&mut self) {
        let all: Vec<Arc<Held>> = self.by_number.values().flatten().cloned().collect();
        for successor in &all {
            for replaced in &successor.body.certificate.replaces {
                let number = normalise(&replaced.value);
                let mut first = None;
                for held in self.by_number.get_mut(&number).into_iter().flatten() {
                    let held = Arc::make_mut(held);
                    held.standing.replaced_by = Some(successor.body.certificate.number.clone());
                    first = held.standing.first_issued.or(first);
                }
                let own = normalise(&successor.body.certificate.number.value);
                for held in self.by_number.get_mut(&own).into_iter().flatten() {
                    let held = Arc::make_mut(held);
                    held.standing.first_issued = first.or(held.standing.first_issued);
                }
            }
        }
    }
}

impl Archive for Given {
    type Error = std::convert::Infallible;

    fn find(&self, number: &str) -> Result<Vec<Arc<Held>>, Self::Error> {
        Ok(self.by_number.get(number).cloned().unwrap_or_default())
    }
}
