//! Cases of the past, put together again from what is kept: the record, its
//! frame, the declaration and the versions of the certificates; with the rule
//! sets, by digest, and the tables, by pinned version, that judged them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::cases::{Case, CitedCertificate};
use ecert_model::declarations::Declaration;
use quick_cache::sync::Cache;

use super::codes::{standardise, standardise_certificate};
use super::frame::{Frame, FramedCertificate};
use super::observer::{ShadowReport, shadow_report};
use super::record::Record;
use crate::contract::Tables;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::engine::{Engine, Plugin};
use crate::intake::compress::decompress;
use crate::intake::{Body, Held, Intake};
use crate::reference::{Reference, ReferenceError, Snapshot};
use crate::registry::{Registry, RegistryError};
use crate::store::{Row, Store, StoreError, Transaction, Value};

/// Sets of table versions kept at hand. Cases of one time share them.
const TABLE_SETS: usize = 8;

/// What judged in the past, and what it judged.
pub struct Past {
    pub(super) engine: Engine,
    pub(super) store: Store,
    pub(super) intake: Intake,
    pub(super) registry: Arc<Registry>,
    reference: Arc<Reference>,
    tables: Cache<BTreeMap<String, String>, Arc<Snapshot>>,
}

/// A stored verification as it comes from the database.
pub(super) struct Kept {
    pub(super) id: String,
    record: Vec<u8>,
    digest: Vec<u8>,
    declaration: Vec<u8>,
    pub(super) frame: Frame,
    /// The certificates; none where a version is not kept any more.
    bodies: Vec<Option<Arc<Body>>>,
}

/// A stored verification, ready to be judged again.
pub(super) struct PastCase {
    pub(super) record: Record,
    pub(super) frame: Frame,
    pub(super) case: Case,
    pub(super) held: Vec<Arc<Held>>,
    /// Whether the record is as it was stored.
    pub(super) intact: bool,
}

/// Why a case cannot be put together again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    #[error("certificate {number} in version {version} is not kept any more")]
    Certificate { number: String, version: u32 },
    #[error("the stored {0} is damaged")]
    Damaged(&'static str),
}

impl Past {
    /// The past of a store.
    pub fn new(
        engine: Engine,
        store: Store,
        intake: Intake,
        registry: Arc<Registry>,
        reference: Arc<Reference>,
    ) -> Self {
        Self { engine, store, intake, registry, reference, tables: Cache::new(TABLE_SETS) }
    }

    /// One stored verification.
    pub(super) fn one(&self, id: &str) -> Result<Option<Kept>, StoreError> {
        const SELECT: &str = "SELECT v.id, v.record, v.digest, f.frame, d.body FROM verification v \
            JOIN verification_frame f ON f.verification_id = v.id JOIN declaration d ON d.id = v.declaration_id \
            WHERE v.id = $1";
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &[Value::Text(id)])?;
            rows.first().map(|row| self.kept(transaction, row)).transpose()
        })
    }

    /// Stored verifications before one and since an instant (microseconds since
    /// 1970), the latest first.
    pub(super) fn before(&self, id: &str, count: u32, since: i64) -> Result<Vec<Kept>, StoreError> {
        const SELECT: &str = "SELECT v.id, v.record, v.digest, f.frame, d.body FROM verification v \
            JOIN verification_frame f ON f.verification_id = v.id JOIN declaration d ON d.id = v.declaration_id \
            WHERE ($1 = '' OR v.id < $1) AND v.at >= $3 ORDER BY v.id DESC LIMIT $2";
        self.store.read(|transaction| {
            let rows = transaction
                .query(SELECT, &[Value::Text(id), Value::Integer(count.into()), Value::Integer(since)])?;
            rows.iter().map(|row| self.kept(transaction, row)).collect()
        })
    }

    /// What a version in shadow would have changed, with so many of the latest
    /// differences.
    pub fn shadow(&self, name: &str, version: &str, latest: u32) -> Result<ShadowReport, StoreError> {
        shadow_report(&self.store, name, version, latest)
    }

    fn kept(&self, transaction: &mut dyn Transaction, row: &Row) -> Result<Kept, StoreError> {
        let id = row.text(0)?.to_owned();
        let frame = decompress(row.bytes(3)?).and_then(|json| serde_json::from_slice(&json).ok());
        let frame: Frame =
            frame.ok_or_else(|| StoreError::Value(format!("the frame of verification {id} is damaged")))?;
        let body = |of: &FramedCertificate| self.intake.body(transaction, &of.id, of.version);
        let bodies = frame.certificates.iter().map(body).collect::<Result<_, _>>()?;
        Ok(Kept {
            id,
            record: row.bytes(1)?.to_vec(),
            digest: row.bytes(2)?.to_vec(),
            declaration: row.bytes(4)?.to_vec(),
            frame,
            bodies,
        })
    }

    /// The rule set of a digest; none if its component is not kept.
    pub(super) fn plugin(&self, digest: &str) -> Result<Option<Arc<Plugin>>, RegistryError> {
        digest.parse::<Digest>().map_or(Ok(None), |digest| self.registry.by_digest(digest))
    }

    /// The tables of pinned versions.
    pub(super) fn tables(
        &self,
        versions: &BTreeMap<String, String>,
    ) -> Result<Arc<dyn Tables>, ReferenceError> {
        if let Some(tables) = self.tables.get(versions) {
            return Ok(tables);
        }
        let tables = self.reference.at(versions)?;
        self.tables.insert(versions.clone(), Arc::clone(&tables));
        Ok(tables)
    }
}

impl Kept {
    /// Puts the case together.
    pub(super) fn restore(self) -> Result<PastCase, Lost> {
        let json = decompress(&self.record).ok_or(Lost::Damaged("record"))?;
        let intact = Digest::of(&json).as_bytes().as_slice() == self.digest;
        let record: Record = serde_json::from_slice(&json).map_err(|_| Lost::Damaged("record"))?;
        let declaration = decompress(&self.declaration);
        let declaration: Option<Declaration> =
            declaration.and_then(|json| serde_json::from_slice(&json).ok());
        let mut held = Vec::with_capacity(self.bodies.len());
        let mut certificates = Vec::with_capacity(self.bodies.len());
        for (index, (framed, body)) in self.frame.certificates.iter().zip(self.bodies).enumerate() {
            let number = || record.certificates.get(index).map_or("?", |c| c.number.as_str()).to_owned();
            let body = body.ok_or_else(|| Lost::Certificate { number: number(), version: framed.version })?;
            let standing = framed.standing.clone();
            let certificate = body.certificate.clone();
            certificates.push(CitedCertificate { certificate, standing: standing.clone() });
            let (id, chain) = (framed.id.clone(), String::new());
            let version = framed.version;
            held.push(Arc::new(Held { id, version, chain, body, standing, contradicted: false }));
        }
        let case = Case {
            declaration: declaration.ok_or(Lost::Damaged("declaration"))?,
            certificates,
            citations: self.frame.citations.clone(),
            pairings: self.frame.pairings.clone(),
            due: Vec::new(),
            parameters: Vec::new(),
            dates: self.frame.dates,
        };
        Ok(PastCase { record, frame: self.frame, case, held, intact })
    }
}

impl PastCase {
    /// Maps the national codes as they were mapped then, by the tables of
    /// then: messages are kept as they were read.
    pub(super) fn standardise(&mut self, tables: &dyn Tables) {
        let day = self.case.dates.decision;
        standardise(&mut self.case.declaration, tables, day);
        for cited in &mut self.case.certificates {
            standardise_certificate(&mut cited.certificate, tables, day);
        }
    }

    /// Renders findings without their places in the declaration's message,
    /// whose place table is not kept.
    pub(super) fn renderer<'c>(&'c self, none: &'c Places) -> super::render::Renderer<'c> {
        super::render::Renderer { held: &self.held, places: none }
    }
}
