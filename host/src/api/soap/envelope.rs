//! What a partner's hub calls, read from its SOAP envelope.

use ecert_sdk::xml::{Document, Element, Error, Limits};

use crate::api::problem::{Code, Detail, Problem};

/// Namespace of SOAP 1.1.
const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// Namespace of the hub's operations.
pub(super) const HUB: &str = "http://ephyto.ippc.int/";
/// The operations that are served here.
const SERVED: [&str; 5] = [
    "DeliverEnvelope",
    "DeliverPhytoEnvelope",
    "ValidateAndDeliverEnvelope",
    "GetEnvelopeTrackingInfo",
    "GetUnderDeliveryEnvelope",
];

/// What is called.
pub(super) struct Called {
    /// Name of the operation.
    pub(super) name: String,
    /// What it is to do.
    pub(super) operation: Operation,
    /// The hub's envelope in it.
    pub(super) envelope: Option<Envelope>,
}

/// What an operation is to do.
pub(super) enum Operation {
    /// Take the envelope in.
    Deliver,
    /// Tell how far the envelope of a tracking number came.
    Track(String),
    /// List the envelopes that wait.
    UnderDelivery,
}

/// What the hub's envelope says of the document in it (`HUB.Entities`).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Envelope {
    /// Country that sends.
    pub(super) from: String,
    /// Country that receives.
    pub(super) to: String,
    /// UNCL 1001; the schema wants a whole number.
    pub(super) kind: i32,
    /// UNCL 4405; the schema wants a whole number.
    pub(super) status: i32,
    /// Number of the certificate.
    pub(super) certificate: String,
}

/// Reads a call.
pub(super) fn read(bytes: &[u8]) -> Result<Called, Problem> {
    let document = Document::parse(bytes, &Limits::default()).map_err(|error| malformed(&error))?;
    let root = document.root();
    let body = root.child_in(SOAP, "Body").filter(|_| root.is(SOAP, "Envelope"));
    let Some(operation) = body.and_then(|body| body.elements().next()) else {
        let text = format!("expected an operation in the Body of an Envelope of {SOAP}");
        return Err(refused("not-an-envelope", text));
    };
    let name = operation.name();
    if operation.namespace() != HUB || !SERVED.contains(&name) {
        let text = format!("{name} is not served here; {} of {HUB} are", SERVED.join(", "));
        return Err(refused("unknown-operation", text));
    }
    let tracking = || operation.text_of("hubTrackingNumber").unwrap_or_default().trim().to_owned();
    Ok(Called {
        name: name.to_owned(),
        operation: match name {
            "GetEnvelopeTrackingInfo" => Operation::Track(tracking()),
            "GetUnderDeliveryEnvelope" => Operation::UnderDelivery,
            _ => Operation::Deliver,
        },
        envelope: first(operation),
    })
}

/// The hub's envelope in a message that was taken in; none where it came
/// without one.
pub(super) fn of(bytes: &[u8]) -> Option<Envelope> {
    first(Document::parse(bytes, &Limits::default()).ok()?.root())
}

fn first(within: Element<'_>) -> Option<Envelope> {
    let element = within.subtree().find(|element| element.child("NPPOCertificateNumber").is_some())?;
    let said =
        |name: &str| element.child(name).map(|child| child.text().trim().to_owned()).unwrap_or_default();
    Some(Envelope {
        from: said("From"),
        to: said("To"),
        kind: said("CertificateType").parse().unwrap_or_default(),
        status: said("CertificateStatus").parse().unwrap_or_default(),
        certificate: said("NPPOCertificateNumber"),
    })
}

fn refused(code: &str, text: String) -> Problem {
    let detail = Detail { code: code.to_owned(), text: text.clone(), ..Detail::default() };
    Problem::new(Code::UnreadableMessage, text).with_problems(vec![detail])
}

fn malformed(error: &Error) -> Problem {
    let detail = Detail {
        code: error.code.to_owned(),
        text: error.text.clone(),
        line: Some(error.line),
        column: Some(error.column),
        path: Some(error.path.join("/")).filter(|path| !path.is_empty()),
        ..Detail::default()
    };
    Problem::new(Code::UnreadableMessage, error.text.clone()).with_problems(vec![detail])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: &str) -> String {
        format!("<s:Envelope xmlns:s='{SOAP}' xmlns:e='{HUB}'><s:Body>{operation}</s:Body></s:Envelope>")
    }

    fn refusal(bytes: &str) -> String {
        read(bytes.as_bytes()).err().map(|problem| problem.problems[0].code.clone()).unwrap_or_default()
    }

    #[test]
    fn what_is_no_call_is_refused_with_a_code() {
        assert_eq!(refusal("<a>"), "xml-unclosed-element");
        assert_eq!(refusal("<a/>"), "not-an-envelope");
        assert_eq!(refusal(&call("")), "not-an-envelope");
        assert_eq!(refusal(&call("<e:GetProfile/>")), "unknown-operation");
        assert_eq!(refusal(&call("<DeliverEnvelope/>")), "unknown-operation");
        let text = call(
            "<e:GetEnvelopeTrackingInfo><e:hubTrackingNumber> 7 </e:hubTrackingNumber></e:GetEnvelopeTrackingInfo>",
        );
        let called = read(text.as_bytes()).expect("a call");
        assert!(matches!(called.operation, Operation::Track(number) if number == "7"));
    }
}
