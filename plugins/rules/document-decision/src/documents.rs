//! The entry documents that an item cites, as these rules see them.

use ecert_sdk::model::cases::Resolution;
use ecert_sdk::model::certificates::{Certificate, CertificateRole};
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Tally};

use crate::parameters::{Parameters, is_one, listed, plain};

/// An entry document that an item cites, with the declared document.
pub(crate) struct Entry<'a> {
    pub(crate) cited: Cited<'a>,
    pub(crate) declared: &'a SupportingDocument,
}

/// How far an entry document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage<'p> {
    Submitted,
    InProgress,
    Amended,
    /// With the error that the ending is.
    Ended(&'p str),
    Other,
}

impl<'a> Entry<'a> {
    /// Its type, such as `CHED-PP`, as its number or its template says.
    pub(crate) fn kind(&self, parameters: &Parameters) -> Option<String> {
        let certificate = self.cited.certificate;
        let kinds = parameters.document_codes.keys();
        // The template names the kind with or without the common beginning.
        let template = certificate.template.as_ref().map(|template| plain(&template.value));
        let by_template = template.and_then(|template| {
            kinds.clone().find(|kind| plain(kind) == template || plain(kind) == format!("CHED{template}"))
        });
        // `CHED-PP` begins as `CHED-P` does: the longest counts.
        let number = plain(&certificate.number.value);
        let by_number =
            || kinds.filter(|kind| number.starts_with(&plain(kind))).max_by_key(|kind| kind.len());
        by_template.or_else(by_number).cloned()
    }

    /// Its stage, by the status that holds now.
    pub(crate) fn stage<'p>(&self, parameters: &'p Parameters) -> Stage<'p> {
        let status = &self.cited.standing.status;
        let stages = &parameters.stages;
        for word in [Some(&status.value), status.name.as_ref()].into_iter().flatten() {
            if let Some(error) = listed(&stages.ended, word) {
                return Stage::Ended(error);
            }
            for (words, stage) in [
                (&stages.submitted, Stage::Submitted),
                (&stages.in_progress, Stage::InProgress),
                (&stages.amended, Stage::Amended),
            ] {
                if is_one(words, word) {
                    return stage;
                }
            }
        }
        Stage::Other
    }

    /// The words by which authorities decided: decisions and remarks of the
    /// controls that are no check of a service.
    pub(crate) fn decisions(&self, parameters: &Parameters) -> Vec<&'a str> {
        let certificate: &'a Certificate = self.cited.certificate;
        let is_check =
            |service: &str| parameters.checks.iter().any(|check| plain(&check.service) == plain(service));
        let controls = certificate
            .controls
            .iter()
            .filter(move |control| !control.type_code.as_ref().is_some_and(|code| is_check(&code.value)));
        let words = controls.flat_map(|control| {
            let decision =
                control.decision.iter().flat_map(|code| [Some(code.value.as_str()), code.name.as_deref()]);
            decision.flatten().chain(control.remarks.iter().map(|text| text.value.as_str()))
        });
        words.collect()
    }

    /// A difference with the decision code and what led to it.
    pub(crate) fn difference(&self, decision: &str, detail: &str) -> Difference {
        let certificate = self.cited.certificate;
        let number = self.declared.number.as_ref().map_or(self.declared.place, |number| number.place);
        Difference::new()
            .argument("document", &certificate.number.value)
            .argument("decision", goods::coded("decision", decision))
            .argument("detail", goods::coded("detail", detail))
            .actual(goods::coded("decision", decision))
            .in_certificate(self.cited.index, certificate.status.place)
            .in_declaration(number)
    }
}

/// The entry documents that an item cites.
pub(crate) fn entries<'a>(check: &ItemCheck<'a, Parameters>) -> Vec<Entry<'a>> {
    let resolved = check.citations().filter(|(citation, _)| citation.resolution == Resolution::Resolved);
    let entries = resolved.filter_map(|(citation, declared)| {
        let cited = check.certificate(citation.certificate?)?;
        (cited.certificate.role == CertificateRole::EntryDocument).then_some(Entry { cited, declared })
    });
    entries.collect()
}

/// Judges every entry document of an item.
pub(crate) fn each(
    check: &ItemCheck<'_, Parameters>,
    judge: impl Fn(&Entry<'_>, &mut Tally),
) -> ecert_sdk::rules::Judgement {
    let mut tally = Tally::default();
    for entry in entries(check) {
        judge(&entry, &mut tally);
    }
    tally.judgement()
}
