//! What a certificate does not state, but what it states implies.

use ecert_sdk::date;
use ecert_sdk::model::certificates::{Authentication, Certificate, CertificateRole, Control};
use ecert_sdk::model::parts::Note;
use ecert_sdk::model::values::{Code, DateTime, Identifier, Period, Place};

use crate::controls::controls;
use crate::references::{about, content, sort};

/// UNCL 1001: TRACES uses it for every kind of CHED.
const HEALTH_CERTIFICATE: &str = "636";
/// UNCL 1001: phytosanitary certificate for re-export.
const REEXPORT: &str = "657";
/// UNCL 9417: the official inspector or certifying officer clears.
const CLEARANCE: &str = "1";

/// All that is implied.
pub(crate) struct Implied {
    pub(crate) role: CertificateRole,
    pub(crate) template: Option<Identifier>,
    pub(crate) validity: Option<Period>,
    pub(crate) issuing_country: Option<Code>,
    pub(crate) controls: Vec<Control>,
    pub(crate) replaces: Vec<Identifier>,
    pub(crate) cites: Vec<Identifier>,
}

impl Implied {
    /// What the rest of a certificate implies.
    pub(crate) fn by(certificate: &Certificate) -> Self {
        let mut bare = certificate.clone();
        (bare.replaces, bare.cites) = (Vec::new(), Vec::new());
        let mut documents = std::mem::take(&mut bare.referenced_documents);
        documents.append(&mut bare.consignment.transport_documents);
        sort(&mut bare, documents);
        Self {
            role: role(&certificate.type_code),
            template: template(&certificate.notes),
            validity: validity(&certificate.notes, |_, _| {}),
            issuing_country: issuing_country(&bare),
            controls: controls(certificate),
            replaces: bare.replaces,
            cites: bare.cites,
        }
    }
}

/// A CHED is an entry document; all else is an official certificate.
pub(crate) fn role(kind: &Code) -> CertificateRole {
    match kind.value == HEALTH_CERTIFICATE {
        true => CertificateRole::EntryDocument,
        false => CertificateRole::OfficialCertificate,
    }
}

/// The kind of CHED (A, D, P, PP) is the template it follows.
pub(crate) fn template(notes: &[Note]) -> Option<Identifier> {
    let of = |note: &Note| {
        let (value, scheme) = (content(note)?.into(), Some("CHED_TYPE".into()));
        Some(Identifier { value, normalised: None, scheme, place: note.place })
    };
    about(notes, "CHED_TYPE").find_map(of)
}

/// The days a certificate holds, from notes that state them.
pub(crate) fn validity(notes: &[Note], mut report: impl FnMut(Place, String)) -> Option<Period> {
    let mut date = |subject| -> Option<DateTime> {
        let note = about(notes, subject).next()?;
        let stated = note.contents.first().map(|text| (text.value.as_str(), text.place));
        let code = || note.content_codes.first().map(|code| (code.value.as_str(), code.place));
        let (value, place) = stated.or_else(code)?;
        match date::parse(value) {
            Ok(date_time) => Some(DateTime { place, ..date_time }),
            Err(error) => {
                report(place, format!("the note {subject}: {error}"));
                None
            }
        }
    };
    let (start, end) = (date("VALID_FROM"), date("VALID_UNTIL"));
    let place = end.or(start)?.place;
    Some(Period { start, end, place })
}

/// As the message states it, else the exporting country; for a re-export the
/// country that re-exports, for an entry document the importing one. Within
/// the EU only the certifying officer's authority says it.
pub(crate) fn issuing_country(certificate: &Certificate) -> Option<Code> {
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
