//! Answers in SOAP: the hub's own types, and faults.

use std::sync::LazyLock;

use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use quick_xml::escape::escape;
use serde::Serialize;

use super::envelope::Envelope;
use crate::api::problem::Problem;
use crate::problem_texts::Language;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_formatter(|out, _, value| {
        match value.as_str() {
            Some(text) => out.write_str(&escape(text))?,
            None => write!(out, "{value}")?,
        }
        Ok(())
    });
    for (name, source) in [
        ("delivered", include_str!("delivered.xml")),
        ("fault", include_str!("fault.xml")),
        ("under-delivery", include_str!("under-delivery.xml")),
        ("wsdl", include_str!("delivery.wsdl")),
    ] {
        // They are part of the program; what is wrong in one shows in the tests.
        let _ = environment.add_template(name, source);
    }
    environment
});

/// How far an envelope came (`EnvelopeHeader`).
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Header {
    /// What the envelope says.
    pub(super) envelope: Envelope,
    /// Tracking number: the reference of the message.
    pub(super) number: String,
    /// A value of `HUBTrackingInfo`.
    pub(super) tracking: &'static str,
    /// What is wrong, if anything.
    pub(super) message: String,
}

/// The answer to an operation about one envelope.
pub(super) fn delivered(operation: &str, header: &Header) -> Result<String, Error> {
    TEMPLATES.get_template("delivered")?.render(context! { operation, header => Serde(header) })
}

/// The answer to `GetUnderDeliveryEnvelope`.
pub(super) fn under_delivery(headers: &[Header]) -> Result<String, Error> {
    TEMPLATES.get_template("under-delivery")?.render(context! { headers => Serde(headers) })
}

/// A fault: the hub's exception, and what is wrong by its stable codes.
pub(super) fn fault(problem: &Problem, language: Language, request: &str) -> Result<String, Error> {
    let sender = problem.http_status().is_client_error();
    let language = language.tag();
    TEMPLATES
        .get_template("fault")?
        .render(context! { problem => Serde(&**problem), sender, language, request })
}

/// The description of the service at an address.
pub(super) fn wsdl(address: &str) -> Result<String, Error> {
    TEMPLATES.get_template("wsdl")?.render(context! { address })
}
