//! Controls and decisions, as the clauses of an authentication state them.

use ecert_sdk::model::certificates::{Authentication, Certificate, Clause, Control};
use ecert_sdk::model::values::{Code, Text};

use crate::references::about;

/// Clauses that state what an authority decided.
const DECISIONS: &[&str] = &["DECISION_CONCLUSION", "CONSIGNMENT_DECISION"];
/// Clauses that state whether a check was made; what came of it stands in a
/// clause of the same name and this ending.
const CHECKS: &[&str] = &["DOCUMENTARY_CHECK", "IDENTITY_CHECK", "PHYSICAL_CHECK", "LABORATORY_TESTS"];
const RESULT: &str = "_RESULT";
/// Notes that explain a refusal.
const EXPLANATIONS: &[&str] = &["REFUSAL_REASON", "NOT_ACCEPTABLE_MEASURE"];

/// The checks that were made, and the decisions.
pub(crate) fn controls(certificate: &Certificate) -> Vec<Control> {
    let mut controls = Vec::new();
    for authentication in &certificate.authentications {
        for check in CHECKS {
            let result = content(authentication, |id| id.strip_suffix(RESULT) == Some(check));
            if let Some((clause, result)) = result {
                let kind = Code { value: (*check).into(), place: clause.place, ..Code::default() };
                controls.push(control(authentication, Some(kind), result));
            }
        }
        if let Some((_, decision)) = content(authentication, |id| DECISIONS.contains(&id)) {
            let decided = control(authentication, authentication.type_code.clone(), decision);
            controls.push(Control { remarks: remarks(certificate), ..decided });
        }
    }
    controls
}

/// The first content of the first clause whose identifier is meant.
fn content(authentication: &Authentication, meant: impl Fn(&str) -> bool) -> Option<(&Clause, &Text)> {
    let clause =
        authentication.clauses.iter().find(|clause| clause.identifier.as_deref().is_some_and(&meant))?;
    Some((clause, clause.contents.first()?))
}

fn control(authentication: &Authentication, kind: Option<Code>, decision: &Text) -> Control {
    let decision = Code { value: decision.value.clone(), place: decision.place, ..Code::default() };
    Control {
        type_code: kind,
        decision: Some(decision),
        at: authentication.at,
        authority: authentication.provider.clone(),
        remarks: Vec::new(),
        place: authentication.place,
    }
}

/// Why goods were refused, and what is to become of them: notes on the
/// document.
fn remarks(certificate: &Certificate) -> Vec<Text> {
    let notes = EXPLANATIONS.iter().flat_map(|subject| about(&certificate.notes, subject));
    let remark = |code: &Code| Text { value: code.value.clone(), language: None, place: code.place };
    notes
        .flat_map(|note| note.content_codes.iter().map(remark).chain(note.contents.iter().cloned()))
        .collect()
}
