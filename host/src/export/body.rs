//! How a certificate is kept: the message as received and its canonical form
//! in one compressed frame, so that what stands in both is stored once, with a
//! dictionary trained on earlier certificates. Attachments are kept apart.

use serde::{Deserialize, Serialize};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::digest::Digest;
use crate::store::{StoreError, Transaction, now};

/// Compression level: each step up saves little and costs much.
const LEVEL: i32 = 6;
/// Size of a trained dictionary.
const DICTIONARY: usize = 64 << 10;
/// Certificates a dictionary is trained on at least, and at most.
pub(super) const SAMPLES: (i64, i64) = (1_000, 2_000);
/// Largest body that is taken back out of the store.
const MAX_BODY: usize = 64 << 20;

/// A certificate as received and as understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) head: Head,
    /// The message without its attachments; empty where the certificate came
    /// in the canonical model.
    pub(super) message: Vec<u8>,
    /// The certificate as JSON, without places.
    pub(super) certificate: Vec<u8>,
}

/// What is needed to take a body apart again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub(super) media_type: String,
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub(super) format: String,
    #[serde(rename = "n")]
    pub(super) length: usize,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Cut>,
}

/// Where an attachment was cut out of the message, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cut {
    /// Offset in the message without attachments.
    pub(super) at: usize,
    pub(super) digest: Digest,
}

impl Body {
    fn plain(&self) -> Vec<u8> {
        let head = Head { length: self.message.len(), ..self.head.clone() };
        // A head is plain data: it can always be written.
        let mut plain = serde_json::to_vec(&head).unwrap_or_default();
        plain.push(b'\n');
        plain.extend_from_slice(&self.message);
        plain.extend_from_slice(&self.certificate);
        plain
    }

    fn from_plain(plain: &[u8]) -> Option<Self> {
        let end = plain.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&plain[..end]).ok()?;
        let (message, certificate) = plain[end + 1..].split_at_checked(head.length)?;
        Some(Self { head, message: message.to_vec(), certificate: certificate.to_vec() })
    }
}

/// The dictionaries of a store; the last is used for new bodies.
#[derive(Default)]
pub(super) struct Dictionaries(Vec<Dictionary>);

struct Dictionary {
    number: u8,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

impl Dictionaries {
    pub(super) fn load(transaction: &mut dyn Transaction) -> Result<Self, StoreError> {
        let rows = transaction.query("SELECT number, bytes FROM export_dictionary ORDER BY number", &[])?;
        let dictionary = |row: &crate::store::Row| {
            let bytes = row.bytes(1)?;
            Ok(Dictionary {
                number: u8::try_from(row.integer(0)?).map_err(|_| damaged("dictionary"))?,
                encoder: EncoderDictionary::copy(bytes, LEVEL),
                decoder: DecoderDictionary::copy(bytes),
            })
        };
        rows.iter().map(dictionary).collect::<Result<_, StoreError>>().map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A packer for many bodies; setting one up costs more than a body.
    pub(super) fn packer(&self) -> Result<Packer<'_>, StoreError> {
        let (number, compressor) = match self.0.last() {
            Some(last) => (last.number, Compressor::with_prepared_dictionary(&last.encoder)),
            None => (0, Compressor::new(LEVEL)),
        };
        let compressor = compressor.map_err(|error| StoreError::Value(format!("no compressor: {error}")))?;
        Ok(Packer { number, compressor })
    }

    /// Takes a packed body apart; none where its dictionary is not here.
    pub(super) fn unpack(&self, packed: &[u8]) -> Result<Option<Body>, StoreError> {
        let (&number, frame) = packed.split_first().ok_or_else(|| damaged("certificate"))?;
        let mut decompressor = match self.0.iter().find(|known| known.number == number) {
            Some(known) => Decompressor::with_prepared_dictionary(&known.decoder),
            None if number == 0 => Decompressor::new(),
            None => return Ok(None),
        }
        .map_err(|_| damaged("dictionary"))?;
        let size = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten().unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(MAX_BODY).min(MAX_BODY);
        let plain = decompressor.decompress(frame, size).map_err(|_| damaged("certificate"))?;
        Body::from_plain(&plain).map(Some).ok_or_else(|| damaged("certificate"))
    }
}

/// Packs bodies with one dictionary.
pub(super) struct Packer<'d> {
    number: u8,
    compressor: Compressor<'d>,
}

impl Packer<'_> {
    pub(super) fn pack(&mut self, body: &Body) -> Result<Vec<u8>, StoreError> {
        let frame = self.compressor.compress(&body.plain());
        let mut frame = frame.map_err(|error| StoreError::Value(format!("not compressed: {error}")))?;
        frame.insert(0, self.number);
        Ok(frame)
    }
}

/// Trains a dictionary on bodies; none where they are too few or too small for
/// one.
pub(super) fn train(bodies: &[Body]) -> Option<Vec<u8>> {
    let samples: Vec<Vec<u8>> = bodies.iter().map(Body::plain).collect();
    zstd::dict::from_samples(&samples, DICTIONARY).ok()
}

/// Stores the first dictionary; answers whether this one became it.
pub(super) fn keep_dictionary(
    transaction: &mut dyn Transaction,
    dictionary: &Vec<u8>,
) -> Result<bool, StoreError> {
    const INSERT: &str = "INSERT INTO export_dictionary (number, bytes, made_at) VALUES (1, $1, $2) \
        ON CONFLICT DO NOTHING";
    Ok(transaction.execute(INSERT, &[dictionary.into(), now().into()])? == 1)
}

pub(super) fn damaged(what: &str) -> StoreError {
    StoreError::Value(format!("a stored {what} is damaged"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(number: usize) -> Body {
        let message =
            format!("<Certificate><Number>NZ{number}</Number><Text>fit for consumption</Text></Certificate>");
        Body {
            head: Head { media_type: "application/xml".into(), length: message.len(), ..Head::default() },
            certificate: format!(r#"{{"number":"NZ{number}","text":"fit for consumption"}}"#).into_bytes(),
            message: message.into_bytes(),
        }
    }

    fn with(dictionary: &[u8]) -> Dictionaries {
        Dictionaries(vec![Dictionary {
            number: 1,
            encoder: EncoderDictionary::copy(dictionary, LEVEL),
            decoder: DecoderDictionary::copy(dictionary),
        }])
    }

    #[test]
    fn a_trained_dictionary_saves_space_and_older_bodies_stay_readable() {
        let bodies: Vec<Body> = (0..2_000).map(body).collect();
        let trained = with(&train(&bodies).unwrap());
        let plain = Dictionaries::default();
        let (old, new) = (
            plain.packer().unwrap().pack(&bodies[7]).unwrap(),
            trained.packer().unwrap().pack(&bodies[7]).unwrap(),
        );
        assert!(new.len() * 2 < old.len(), "{} bytes after {}", new.len(), old.len());
        assert_eq!(trained.unpack(&old).unwrap().as_ref(), Some(&bodies[7]));
        assert_eq!(trained.unpack(&new).unwrap().as_ref(), Some(&bodies[7]));
        assert_eq!(plain.unpack(&new).unwrap(), None, "its dictionary has to be fetched");
    }

    #[test]
    fn damaged_bodies_are_told() {
        let dictionaries = Dictionaries::default();
        let packed = dictionaries.packer().unwrap().pack(&body(1)).unwrap();
        for damaged in [&[][..], &packed[..packed.len() / 2], &[0, 1, 2, 3]] {
            assert!(dictionaries.unpack(damaged).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(message: Vec<u8>, certificate: Vec<u8>, media_type in "[a-z/]{0,20}") {
            let head = Head { media_type, length: message.len(), ..Head::default() };
            let body = Body { head, message, certificate };
            let dictionaries = Dictionaries::default();
            let packed = dictionaries.packer().unwrap().pack(&body).unwrap();
            prop_assert_eq!(dictionaries.unpack(&packed).unwrap(), Some(body));
        }
    }
}
