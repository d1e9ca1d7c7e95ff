//! Loads certificates of the own authority: read, compared with what is held,
//! stored, linked with those they replace.

use std::ops::Range;
use std::sync::Arc;

use ecert_model::certificates::Certificate;
use ecert_model::parts::{Attachment, AttachmentEncoding};
use ecert_model::readings::ProblemSeverity;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Cut, Head, Packer};
use super::code::{CodeDigest, digest, new_code};
use super::keep::{FoundBy, Loader, next_id};
use super::status::Status;
use super::{Export, ExportError};
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::intake::Sender;
use crate::intake::compress::compress;
use crate::intake::identity::{CertificateKey, content};
use crate::intake::read::{Declared, LocatedProblem, Unreadable};
use crate::store::StoreError;

/// Attachments shorter than this stay in their message.
const SMALL: usize = 512;

/// A certificate to be loaded.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A message that an adapter reads; it may hold several certificates.
    Message(&'a [u8], Declared<'a>),
    /// A certificate in the canonical model.
    Certificate(&'a Certificate),
}

/// What became of a certificate that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Loaded {
    /// Identifier.
    pub id: i64,
    /// Number as written.
    pub number: String,
    /// `first`, `amendment`, `repeat`, or `conflict`: another content under
    /// the number of one that is held, without a later version; it is not
    /// taken over.
    #[schema(value_type = String)]
    pub outcome: &'static str,
    /// Version that counts now, counted by this host.
    pub version: i64,
    /// Status that holds.
    pub status: Status,
    /// Check code of a new certificate, to be printed on it. Only its digest
    /// is kept: it is shown only now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_code: Option<String>,
    /// Address of the public check with number and code, for the QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// How certificates are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Whether new certificates get a check code. Those that were printed
    /// without one do not.
    pub codes: bool,
    /// Whether repeats get a new check code too, in place of their old one:
    /// for an import whose answers were lost.
    pub renew_codes: bool,
}

/// A certificate that was read and is to be stored.
pub(super) struct Prepared {
    pub(super) key: CertificateKey,
    pub(super) certificate: Certificate,
    pub(super) status: Status,
    pub(super) found_by: FoundBy,
    pub(super) code: Option<(String, CodeDigest)>,
    pub(super) content: Digest,
    pub(super) body: Vec<u8>,
    pub(super) attachments: Attachments,
}

impl Export {
    /// Loads the certificates of one message or one in the canonical model.
    pub fn load(&self, sender: &Sender, input: Input<'_>, how: Loading) -> Result<Vec<Loaded>, ExportError> {
        let mut outcomes = self.load_all(sender, vec![input], how)?;
        outcomes.pop().unwrap_or_else(|| Ok(Vec::new())).map_err(ExportError::Unreadable)
    }

    /// Loads many, in one transaction: those that can be read, all of them;
    /// the others are told, each at its place.
    pub fn load_all(
        &self,
        sender: &Sender,
        inputs: Vec<Input<'_>>,
        how: Loading,
    ) -> Result<Vec<Result<Vec<Loaded>, Unreadable>>, ExportError> {
        let dictionaries = self.dictionaries();
        let mut packer = dictionaries.packer()?;
        let mut prepared = Vec::with_capacity(inputs.len());
        for input in inputs {
            match self.prepare(input, how, &mut packer) {
                Ok(certificates) => prepared.push(Ok(certificates)),
                Err(ExportError::Unreadable(reason)) => prepared.push(Err(reason)),
                Err(error) => return Err(error),
            }
        }
        drop(packer);
        if prepared.iter().all(Result::is_err) {
            return Ok(prepared.into_iter().map(|refused| refused.map(|_| Vec::new())).collect());
        }
        let (sender, address, shared) = (sender.clone(), self.public_address.clone(), Arc::new(prepared));
        let stored = Arc::clone(&shared);
        let outcomes = self.store.write(move |transaction| -> Result<_, StoreError> {
            transaction.lock(&["export-certificates"])?;
            let mut loader = Loader { next: next_id(transaction)?, transaction, sender: &sender, how };
            let mut outcomes = Vec::with_capacity(stored.len());
            for prepared in stored.iter() {
                let Ok(prepared) = prepared else {
                    outcomes.push(None);
                    continue;
                };
                let loaded = prepared.iter().map(|prepared| loader.store(prepared, &dictionaries, &address));
                outcomes.push(Some(loaded.collect::<Result<Vec<_>, _>>()?));
            }
            loader.audit(outcomes.iter().flatten().flatten())?;
            Ok(outcomes)
        })?;
        self.train_when_due();
        let told = shared.iter().zip(outcomes).map(|(prepared, outcome)| match (prepared, outcome) {
            (Err(reason), _) => Err(reason.clone()),
            (Ok(_), outcome) => Ok(outcome.unwrap_or_default()),
        });
        Ok(told.collect())
    }

    fn prepare(
        &self,
        input: Input<'_>,
        how: Loading,
        packer: &mut Packer<'_>,
    ) -> Result<Vec<Prepared>, ExportError> {
        match input {
            Input::Certificate(certificate) => {
                let body = Body { certificate: content(certificate), ..Body::default() };
                Ok(vec![self.prepared(certificate.clone(), body, Vec::new(), how, packer)?])
            }
            Input::Message(bytes, declared) => {
                let mut message = self.intake.read_only(bytes, declared)?;
                let outermost = message.parts.first().map(|part| Arc::clone(&part.places));
                let format = message.format().to_owned();
                let found = message.certificates();
                if found.is_empty() {
                    return Err(refused("no-certificate", "There is no certificate in the message."));
                }
                let media_type = declared.media_type.unwrap_or_default().to_owned();
                let one = |found: crate::intake::read::Found<Certificate>| {
                    let whole = outermost.as_ref().filter(|places| Arc::ptr_eq(places, &found.places));
                    let (text, cuts, attachments) = cut(bytes, &found.document, whole);
                    let head = Head {
                        media_type: media_type.clone(),
                        format: format.clone(),
                        attachments: cuts,
                        ..Head::default()
                    };
                    let body = Body { head, message: text, certificate: content(&found.document) };
                    self.prepared(found.document, body, attachments, how, packer)
                };
                found.into_iter().map(one).collect()
            }
        }
    }

    fn prepared(
        &self,
        certificate: Certificate,
        body: Body,
        attachments: Attachments,
        how: Loading,
        packer: &mut Packer<'_>,
    ) -> Result<Prepared, ExportError> {
        let key = CertificateKey::of(&certificate);
        if key.number.is_empty() {
            return Err(refused("no-number", "A certificate without a number cannot be looked up."));
        }
        if certificate.issued.is_none() {
            return Err(refused("no-issue-date", "A certificate without a date of issue cannot be checked."));
        }
        let status = Status::of(&certificate.status.value).ok_or_else(|| {
            let code = &certificate.status.value;
            let text = format!(
                "Status {code:?} (UNCL 4405) is not that of an issued certificate: 39, 40, 44, 64, 70."
            );
            refused("not-issued", &text)
        })?;
        if let Some(own) = self.country.as_deref().filter(|own| *own != key.country) {
            let text =
                format!("It is issued by {:?}; this host holds the certificates of {own}.", key.country);
            return Err(refused("foreign-certificate", &text));
        }
        let code = if how.codes {
            let code = new_code().map_err(|error| StoreError::Value(format!("no randomness: {error}")))?;
            let digest = digest(&key.number, &code);
            Some((code, digest))
        } else {
            None
        };
        Ok(Prepared {
            status,
            found_by: FoundBy::of(&certificate),
            code,
            content: Digest::of(&body.certificate),
            body: packer.pack(&body)?,
            attachments,
            key,
            certificate,
        })
    }
}

/// Attachments as they are stored, by the digests of what they were.
type Attachments = Vec<(Digest, Vec<u8>)>;

fn refused(code: &str, text: &str) -> ExportError {
    let problem = LocatedProblem {
        code: code.to_owned(),
        text: text.to_owned(),
        severity: ProblemSeverity::Fatal,
        location: None,
    };
    ExportError::Unreadable(Unreadable::Problems { problems: vec![problem] })
}

/// The message without its attachments, where they were, and themselves as
/// they are to be stored.
fn cut(
    message: &[u8],
    certificate: &Certificate,
    places: Option<&Arc<Places>>,
) -> (Vec<u8>, Vec<Cut>, Attachments) {
    let consignment = &certificate.consignment;
    let documents = certificate.referenced_documents.iter().chain(&consignment.transport_documents);
    let documents = documents.chain(consignment.lines.iter().flat_map(|line| &line.referenced_documents));
    let mut ranges: Vec<Range<usize>> = documents
        .flat_map(|document| &document.attachments)
        .filter_map(|attachment| range(attachment, places?))
        .filter(|range| range.len() >= SMALL && range.end <= message.len())
        .collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let (mut text, mut cuts, mut attachments) = (Vec::with_capacity(message.len()), Vec::new(), Vec::new());
    let mut done = 0;
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        // Two references to one place are cut once.
        let Some(before) = message.get(done..range.start) else { continue };
        text.extend_from_slice(before);
        let bytes = &message[range.clone()];
        let digest = Digest::of(bytes);
        cuts.push(Cut { at: text.len(), digest });
        attachments.push((digest, compress(bytes)));
        done = range.end;
    }
    text.extend_from_slice(&message[done..]);
    (text, cuts, attachments)
}

fn range(attachment: &Attachment, places: &Places) -> Option<Range<usize>> {
    let inside = !matches!(attachment.encoding, AttachmentEncoding::External);
    places.bytes(attachment.place).filter(|_| inside)
}
