//! `SPSExchangedDocument`: the certificate itself.

use crate::node::Node;
use ecert_sdk::model::certificates::{Authentication, Certificate, CertificateRole, Clause, Consignment};
use ecert_sdk::model::parts::Note;
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, DateTime, Identifier, Period};

use crate::basics::Reader;
use crate::consignment::spread_storage_condition;
use crate::controls::controls;
use crate::line::storage_condition;
use crate::references::{about, content, sort};

/// UNCL 1001: TRACES uses it for every kind of CHED.
const HEALTH_CERTIFICATE: &str = "636";
/// UNCL 1001: phytosanitary certificate for re-export.
const REEXPORT: &str = "657";
/// UNCL 9417: the official inspector or certifying officer clears.
const CLEARANCE: &str = "1";

impl Reader {
    /// `SPSCertificate`; none, with a problem, if the document part is absent.
    pub fn certificate<'d>(&self, root: impl Node<'d>) -> Option<Certificate> {
        let Some(document) = root.child("SPSExchangedDocument") else {
            let text = "SPSExchangedDocument is missing: it says which certificate this is".into();
            self.report("no-document", ProblemSeverity::Fatal, root, text);
            return None;
        };
        let consignment = match root.child("SPSConsignment") {
            Some(consignment) => self.consignment(consignment),
            None => {
                let text = "SPSConsignment is missing: it says what is certified".into();
                self.report("no-consignment", ProblemSeverity::Error, root, text);
                Consignment { place: root.place(), ..Consignment::default() }
            }
        };
        Some(self.exchanged_document(document, consignment, root))
    }

    fn exchanged_document<'d>(
        &self,
        element: impl Node<'d>,
        consignment: Consignment,
        root: impl Node<'d>,
    ) -> Certificate {
        let type_code = self.required(element, "TypeCode", "UNCL1001", "851 for a phytosanitary certificate");
        let mut certificate = Certificate {
            role: match type_code.value == HEALTH_CERTIFICATE {
                true => CertificateRole::EntryDocument,
                false => CertificateRole::OfficialCertificate,
            },
            titles: self.texts(element, "Name"),
            number: self.number(element),
            type_code,
            status: self.status(element),
            issued: self.date_time_of(element, "IssueDateTime"),
            issuer: self.party_of(element, "IssuerSPSParty"),
            authentications: element
                .children("SignatorySPSAuthentication")
                .map(|authentication| self.authentication(authentication))
                .collect(),
            notes: self.notes(element, "IncludedSPSNote"),
            consignment,
            place: root.place(),
            ..Certificate::default()
        };
        for other in ["Description", "RecipientSPSParty"] {
            element.children(other).for_each(|it| self.keep(&mut certificate.extensions, it));
        }
        certificate.template = about(&certificate.notes, "CHED_TYPE").find_map(template);
        certificate.validity = self.validity(element, &certificate.notes);
        certificate.issuing_country = issuing_country(&certificate);
        certificate.controls = controls(&certificate);
        let condition = storage_condition(&certificate.notes);
        spread_storage_condition(&mut certificate.consignment.lines, condition.as_ref());
        let references = element.children("ReferenceSPSReferencedDocument");
        sort(&mut certificate, references.map(|document| self.referenced_document(document)).collect());
        certificate
    }

    /// The certificate's number. Only a CHED that is just being submitted has
    /// none yet: TRACES gives it.
    fn number<'d>(&self, element: impl Node<'d>) -> Identifier {
        let id = element.child("ID");
        if let Some(number) = id.and_then(|id| self.identifier(id)) {
            return number;
        }
        let at = id.unwrap_or(element);
        let (severity, text) = match self.dialect.numberless {
            true => (ProblemSeverity::Warning, "the document has no number yet: its receiver gives it one"),
            false => (
                ProblemSeverity::Fatal,
                "the certificate has no number: write it as ID of SPSExchangedDocument",
            ),
        };
        self.report("no-number", severity, at, text.into());
        Identifier { place: at.place(), ..Identifier::default() }
    }

    fn required<'d>(&self, element: impl Node<'d>, child: &str, list: &str, example: &str) -> Code {
        self.code_of(element, child, Some(list)).unwrap_or_else(|| {
            let text = format!("{child} is missing: write its {list} code, such as {example}");
            let code = if child == "TypeCode" { "missing-type" } else { "missing-status" };
            self.report(code, ProblemSeverity::Error, element.child(child).unwrap_or(element), text);
            Code { code_list: Some(list.into()), place: element.place(), ..Code::default() }
        })
    }

    /// The status; a name that stands in its place is taken for what it means.
    fn status<'d>(&self, element: impl Node<'d>) -> Code {
        let status = self.required(element, "StatusCode", "UNCL4405", "70 for issued");
        match self.dialect.status_names.iter().find(|(name, _)| *name == status.value) {
            Some((_, meant)) => Code { value: (*meant).into(), name: Some(status.value), ..status },
            None => status,
        }
    }

    /// `SPSAuthentication`.
    fn authentication<'d>(&self, element: impl Node<'d>) -> Authentication {
        Authentication {
            type_code: self.code_of(element, "TypeCode", Some("UNCL9417")),
            at: self.date_time_of(element, "ActualDateTime"),
            location: element.child("IssueSPSLocation").and_then(|location| self.location(location)),
            provider: self.party_of(element, "ProviderSPSParty"),
            clauses: element.children("IncludedSPSClause").filter_map(|clause| self.clause(clause)).collect(),
            place: element.place(),
        }
    }

    /// `SPSClause`; none if nothing is attested.
    fn clause<'d>(&self, element: impl Node<'d>) -> Option<Clause> {
        let identifier = element.child("ID").and_then(|id| self.identifier(id)).map(|id| id.value);
        let mut contents = self.texts(element, "ContentCode");
        element.children("ContentCode").for_each(Node::ignore);
        contents.extend(self.texts(element, "Content"));
        let place = element.place();
        (identifier.is_some() || !contents.is_empty()).then_some(Clause { identifier, contents, place })
    }

    /// The days a certificate holds, from notes that state them.
    fn validity<'d>(&self, element: impl Node<'d>, notes: &[Note]) -> Option<Period> {
        let date = |subject| -> Option<DateTime> {
            let note = about(notes, subject).next()?;
            let stated = element.children("IncludedSPSNote").find(|it| it.place() == note.place)?;
            self.date_time(stated.child("Content").or_else(|| stated.child("ContentCode"))?)
        };
        let (start, end) = (date("VALID_FROM"), date("VALID_UNTIL"));
        let place = end.or(start)?.place;
        Some(Period { start, end, place })
    }
}

/// The kind of CHED (A, D, P, PP) is the template it follows.
fn template(note: &Note) -> Option<Identifier> {
    let value = content(note)?.into();
    Some(Identifier { value, normalised: None, scheme: Some("CHED_TYPE".into()), place: note.place })
}

/// As the message states it, else the exporting country; for a re-export the
/// country that re-exports, for an entry document the importing one. Within
/// the EU only the certifying officer's authority says it.
fn issuing_country(certificate: &Certificate) -> Option<Code> {
    let stated = certificate.issuer.as_ref().and_then(|issuer| issuer.address.as_ref()?.country.clone());
    let consignment = &certificate.consignment;
    let reexport = consignment.reexport_countries.last().filter(|_| certificate.type_code.value == REEXPORT);
    let by_role = match certificate.role {
        CertificateRole::EntryDocument => consignment.import_country.as_ref(),
        CertificateRole::OfficialCertificate => reexport.or(consignment.export_country.as_ref()),
    };
    stated.or_else(|| by_role.map(|area| area.country.clone())).or_else(|| certifying_country(certificate))
}

/// The country of the authority that cleared the consignment.
fn certifying_country(certificate: &Certificate) -> Option<Code> {
    let clears = |it: &&Authentication| it.type_code.as_ref().is_some_and(|code| code.value == CLEARANCE);
    let authority = certificate.authentications.iter().find(clears)?.provider.as_ref()?;
    authority.address.as_ref()?.country.clone()
}
