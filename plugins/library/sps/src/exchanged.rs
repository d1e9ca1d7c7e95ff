//! `SPSExchangedDocument`: the certificate itself.

use crate::node::Node;
use crate::own;
use ecert_sdk::model::certificates::{Authentication, Certificate, Clause, Consignment, Control};
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Identifier};

use crate::basics::Reader;
use crate::consignment::spread_storage_condition;
use crate::controls::controls;
use crate::implied::{issuing_country, role, template, validity};
use crate::line::storage_condition;
use crate::references::sort;

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
            titles: self.texts(element, "Name"),
            number: self.number(element),
            type_code,
            status: self.status(element),
            issued: self.date_time_of(element, "IssueDateTime"),
            issuer: self.party_of(element, "IssuerSPSParty"),
            authentications: element
                .children("SignatorySPSAuthentication")
                .filter(|authentication| !is_control(*authentication))
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
        let own = own::take(&mut certificate.notes);
        certificate.role = own::role(&own).unwrap_or_else(|| role(&certificate.type_code));
        let references = element.children("ReferenceSPSReferencedDocument");
        sort(&mut certificate, references.map(|document| self.referenced_document(document)).collect());
        certificate.template = template(&certificate.notes);
        certificate.validity = validity(&certificate.notes, |place, text| {
            self.report_at("bad-date", ProblemSeverity::Error, place, text);
        });
        certificate.issuing_country = issuing_country(&certificate);
        certificate.controls = controls(&certificate);
        let authentications = element.children("SignatorySPSAuthentication");
        certificate.controls.extend(authentications.filter_map(|it| self.control(it)));
        let condition = storage_condition(&certificate.notes);
        spread_storage_condition(&mut certificate.consignment.lines, condition.as_ref());
        own::complete_certificate(&mut certificate, &own);
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

    /// An authentication that is nothing but a control.
    fn control<'d>(&self, element: impl Node<'d>) -> Option<Control> {
        if !is_control(element) {
            return None;
        }
        let mut clauses = element.children("IncludedSPSClause");
        clauses.next()?.ignore();
        let decision = clauses.next().and_then(|clause| self.code_of(clause, "ContentCode", None));
        let remarks = clauses.next().map(|clause| self.texts(clause, "Content")).unwrap_or_default();
        element.children("IncludedSPSClause").for_each(Node::ignore);
        Some(Control {
            type_code: self.code_of(element, "TypeCode", None),
            decision,
            at: self.date_time_of(element, "ActualDateTime"),
            authority: self.party_of(element, "ProviderSPSParty"),
            remarks,
            place: element.place(),
        })
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
}

/// Whether an authentication is a control that its sender could not state in
/// another way.
fn is_control<'d>(element: impl Node<'d>) -> bool {
    let id = element.child("IncludedSPSClause").and_then(|clause| clause.child("ID"));
    id.is_some_and(|id| id.text() == own::CONTROL && id.attribute("schemeID") == Some(own::LIST))
}
