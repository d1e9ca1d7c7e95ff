//! What a rule sees of the case.

use std::ops::Deref;

use ecert_model::cases::{Case, CaseDates, Citation, DueItem, PairingBasis, Standing};
use ecert_model::certificates::{Certificate, CertificateRole, TradeLine};
use ecert_model::declarations::{Declaration, GoodsItem, SupportingDocument};
use ecert_model::values::{Date, Identifier};

use crate::tables::{LookupError, Row, Tables};

/// The case as all rules see it, worked out once.
pub(crate) struct View<'a> {
    pub(crate) case: &'a Case,
    pub(crate) tables: &'a dyn Tables,
    pub(crate) items: Vec<ItemView>,
}

/// A due item and what belongs to it.
pub(crate) struct ItemView {
    /// Index in the declaration.
    pub(crate) item: u32,
    /// Index of its parameters in the case.
    pub(crate) parameters: u32,
    /// Indexes of the certificates it cites, and of those that a cited entry
    /// document cites.
    certificates: Vec<u32>,
    /// Certificate and line of each decided pairing.
    lines: Vec<(u32, u32)>,
    /// Whether there is a pairing that is only a suggestion.
    ambiguous: bool,
}

impl<'a> View<'a> {
    pub(crate) fn new(case: &'a Case, tables: &'a dyn Tables) -> Self {
        let exists = |item: u32| (item as usize) < case.declaration.items.len();
        let due = case.due.iter().filter(|due| exists(due.item));
        Self { case, tables, items: due.map(|due| ItemView::new(case, *due)).collect() }
    }
}

impl ItemView {
    fn new(case: &Case, due: DueItem) -> Self {
        let DueItem { item, parameters } = due;
        let mut view =
            Self { item, parameters, certificates: Vec::new(), lines: Vec::new(), ambiguous: false };
        for citation in &case.citations {
            if citation.item.is_none_or(|of| of == item) {
                view.cite(case, citation.certificate);
            }
        }
        for pairing in case.pairings.iter().filter(|pairing| pairing.item == item) {
            let Some(cited) = case.certificates.get(pairing.certificate as usize) else { continue };
            if pairing.line as usize >= cited.certificate.consignment.lines.len() {
                continue;
            }
            match pairing.basis {
                PairingBasis::Ambiguous => view.ambiguous = true,
                _ => view.lines.push((pairing.certificate, pairing.line)),
            }
        }
        view
    }

    /// Adds a certificate and, of an entry document, those that it cites.
    fn cite(&mut self, case: &Case, certificate: Option<u32>) {
        let Some(index) = certificate else { return };
        let Some(cited) = case.certificates.get(index as usize) else { return };
        if self.certificates.contains(&index) {
            return;
        }
        self.certificates.push(index);
        for number in &cited.certificate.cites {
            let same = case
                .certificates
                .iter()
                .position(|other| same_number(&other.certificate.number, number))
                .and_then(|position| u32::try_from(position).ok());
            if let Some(same) = same
                && !self.certificates.contains(&same)
            {
                self.certificates.push(same);
            }
        }
    }
}

fn same_number(one: &Identifier, other: &Identifier) -> bool {
    let form = |number: &Identifier| -> String {
        let text = number.normalised.as_deref().unwrap_or(&number.value);
        text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    one == other || form(one) == form(other)
}

/// A certificate that is cited, with its index in the case.
#[derive(Clone, Copy)]
pub struct Cited<'a> {
    /// Index into the case's certificates, for places.
    pub index: u32,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// What the host knows of it.
    pub standing: &'a Standing,
}

impl Cited<'_> {
    /// Whether it is an exporting authority's certificate, not an entry
    /// document that only cites one.
    #[must_use]
    pub fn is_official(&self) -> bool {
        self.certificate.role == CertificateRole::OfficialCertificate
    }
}

/// A certificate line that belongs to an item.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// The certificate it stands on.
    pub cited: Cited<'a>,
    /// Its index in the certificate's consignment.
    pub index: u32,
    /// The line.
    pub line: &'a TradeLine,
}

/// What a rule on the whole declaration sees.
pub struct Check<'a, P> {
    pub(crate) view: &'a View<'a>,
    pub(crate) parameters: &'a P,
}

impl<P> Clone for Check<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Check<'_, P> {}

impl<'a, P> Check<'a, P> {
    /// The whole case.
    #[must_use]
    pub fn case(&self) -> &'a Case {
        self.view.case
    }

    /// The declaration.
    #[must_use]
    pub fn declaration(&self) -> &'a Declaration {
        &self.view.case.declaration
    }

    /// The dates that decide.
    #[must_use]
    pub fn dates(&self) -> &'a CaseDates {
        &self.view.case.dates
    }

    /// The parameters in effect. For a rule on the whole declaration these are
    /// the first due item's.
    #[must_use]
    pub fn parameters(&self) -> &'a P {
        self.parameters
    }

    /// The due items. Each has the parameters of this check.
    pub fn items(&self) -> impl Iterator<Item = ItemCheck<'a, P>> + use<'a, P> {
        let check = *self;
        self.view.items.iter().map(move |view| ItemCheck { check, view })
    }

    /// The certificates of the due items, each once.
    #[must_use]
    pub fn cited(&self) -> Vec<Cited<'a>> {
        let mut indexes: Vec<u32> = Vec::new();
        for item in &self.view.items {
            for &index in &item.certificates {
                if !indexes.contains(&index) {
                    indexes.push(index);
                }
            }
        }
        indexes.into_iter().filter_map(|index| self.certificate(index)).collect()
    }

    /// A certificate by its index in the case.
    #[must_use]
    pub fn certificate(&self, index: u32) -> Option<Cited<'a>> {
        let cited = self.view.case.certificates.get(index as usize)?;
        Some(Cited { index, certificate: &cited.certificate, standing: &cited.standing })
    }

    /// Looks keys up in a table; see [`Tables::lookup`]. Asking for several
    /// keys at once is faster than asking several times.
    ///
    /// # Errors
    /// When the table does not exist or the keys do not fit it.
    pub fn lookup(
        &self,
        table: &str,
        keys: &[Vec<String>],
        as_of: Date,
    ) -> Result<Vec<Vec<Row>>, LookupError> {
        self.view.tables.lookup(table, keys, as_of)
    }

    /// The rows of a single key.
    ///
    /// # Errors
    /// When the table does not exist or the key does not fit it.
    pub fn lookup_one(&self, table: &str, key: &[&str], as_of: Date) -> Result<Vec<Row>, LookupError> {
        let key = key.iter().map(|&part| part.into()).collect();
        Ok(self.lookup(table, &[key], as_of)?.pop().unwrap_or_default())
    }
}

/// What a rule on a single item sees: all of [`Check`], and the item with what
/// belongs to it.
pub struct ItemCheck<'a, P> {
    pub(crate) check: Check<'a, P>,
    pub(crate) view: &'a ItemView,
}

impl<'a, P> Deref for ItemCheck<'a, P> {
    type Target = Check<'a, P>;

    fn deref(&self) -> &Self::Target {
        &self.check
    }
}

impl<'a, P> ItemCheck<'a, P> {
    /// Index of the item in the declaration.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.view.item
    }

    /// The item.
    #[must_use]
    pub fn item(&self) -> &'a GoodsItem {
        &self.check.view.case.declaration.items[self.view.item as usize]
    }

    /// What became of the documents declared for the item, or for the whole
    /// declaration.
    pub fn citations(&self) -> impl Iterator<Item = (&'a Citation, &'a SupportingDocument)> + use<'a, P> {
        let case = self.check.view.case;
        let item = self.view.item;
        case.citations.iter().filter_map(move |citation| {
            let documents = match citation.item {
                None => &case.declaration.documents,
                Some(of) if of == item => &case.declaration.items[of as usize].documents,
                Some(_) => return None,
            };
            Some((citation, documents.get(citation.document as usize)?))
        })
    }

    /// The certificates the item cites and, of a cited entry document, those
    /// that it cites in turn.
    pub fn certificates(&self) -> impl Iterator<Item = Cited<'a>> + use<'a, P> {
        let check = self.check;
        self.view.certificates.iter().filter_map(move |&index| check.certificate(index))
    }

    /// The certificate lines that belong to the item for sure, of entry
    /// documents too.
    pub fn all_lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a, P> {
        let check = self.check;
        self.view.lines.iter().filter_map(move |&(certificate, index)| {
            let cited = check.certificate(certificate)?;
            let line = cited.certificate.consignment.lines.get(index as usize)?;
            Some(Line { cited, index, line })
        })
    }

    /// The certificate lines that belong to the item for sure: those of
    /// official certificates, or of entry documents where there are no others.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a, P> {
        let official = self.all_lines().any(|line| line.cited.is_official());
        self.all_lines().filter(move |line| line.cited.is_official() == official)
    }

    /// Whether certificate lines were suggested for the item without being
    /// decided.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.view.ambiguous
    }
}
