//! The delivery operations of the IPPC ePhyto hub, over SOAP 1.1: what a
//! partner's hub sends by them is taken in as over any other route, and
//! answered with the hub's own types.

mod envelope;
mod write;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::body::Body;
use super::guard::Caller;
use super::problem::{Code, Problem};
use super::request::RequestId;
use super::{App, Parts, negotiate};
use crate::deliveries::Stage;
use crate::intake::read::Declared;
use crate::problem_texts::Language;
use envelope::{Envelope, Operation};
use write::Header;

/// The format that the hub's envelopes are read as.
const FORMAT: &str = "ippc-hub";
/// Media type of SOAP 1.1.
const MEDIA_TYPE: &str = "text/xml; charset=utf-8";

/// Describes the operations as WSDL 1.1.
#[utoipa::path(get, path = "/v1/soap/delivery", operation_id = "describe_soap", tag = "deliveries",
    responses((status = 200, content((String = "text/xml"))))
)]
pub(super) async fn describe(State(app): State<App>) -> Result<Response, Problem> {
    let wsdl = write::wsdl(&format!("{}/v1/soap/delivery", app.export.public_address()));
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], wsdl.map_err(|error| Problem::internal(&error))?)
        .into_response())
}

/// Takes what a partner's hub sends by `DeliverEnvelope`, `DeliverPhytoEnvelope`
/// and `ValidateAndDeliverEnvelope` (namespace `http://ephyto.ippc.int/`), and
/// tells by `GetEnvelopeTrackingInfo` and `GetUnderDeliveryEnvelope` what came
/// of it. What is wrong is a SOAP fault with the stable codes.
#[utoipa::path(post, path = "/v1/soap/delivery", operation_id = "call_soap", tag = "deliveries",
    request_body(content = String, content_type = "text/xml", description = "A SOAP 1.1 envelope"),
    responses(
        (status = 200, content((String = "text/xml"))), (status = 413, description = "Too large"),
        (status = 415, description = "Neither text/xml nor application/xml"),
        (status = 500, description = "A SOAP fault: the code says what is wrong"),
    )
)]
pub(super) async fn call(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    body.only(&["text/xml", "application/xml"])?;
    let language = negotiate::language(&headers);
    app.work(move |app| {
        let called = envelope::read(&body.bytes)?;
        let answer = match called.operation {
            Operation::Deliver => {
                let header = deliver(app, &caller, &body.bytes, called.envelope, language)?;
                write::delivered(&called.name, &header)
            }
            Operation::Track(number) => {
                let header = track(app, &caller, &number, language)?;
                write::delivered(&called.name, &header)
            }
            Operation::UnderDelivery => {
                let waiting = app.deliveries.waiting_of(&caller.principal)?;
                let headers = waiting.iter().map(|id| track(app, &caller, id, language));
                write::under_delivery(&headers.collect::<Result<Vec<_>, _>>()?)
            }
        };
        let answer = answer.map_err(|error| Problem::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], answer).into_response())
    })
    .await
}

/// Takes an envelope in. The tracking number is the reference of the message.
fn deliver(
    app: &Parts,
    caller: &Caller,
    bytes: &[u8],
    envelope: Option<Envelope>,
    language: Language,
) -> Result<Header, Problem> {
    let declared = Declared { media_type: Some("text/xml"), format: Some(FORMAT) };
    let received = app.intake.receive_certificates(&caller.sender(), bytes, declared)?;
    let mut header = track(app, caller, &received.message, language)?;
    header.envelope = envelope.unwrap_or_default();
    Ok(header)
}

/// How far an envelope came; one that somebody else sent does not exist.
fn track(app: &Parts, caller: &Caller, number: &str, language: Language) -> Result<Header, Problem> {
    let kept = app.intake.kept(number)?.filter(|kept| caller.principal.sees_messages_of(&kept.sender));
    let Some(kept) = kept else {
        return Ok(Header { number: number.to_owned(), tracking: "EnvelopeNotExists", ..Header::default() });
    };
    let original = app.intake.message(number)?;
    let (stage, reasons) = app.deliveries.told(&kept, language, &caller.principal)?;
    let tracking = match stage {
        Stage::Received => "PendingDelivery",
        Stage::Readable => "DeliveredWithWarnings",
        Stage::Rejected => "DeliveredNotReadable",
        Stage::Accepted | Stage::Used | Stage::Refused if kept.problems.is_empty() => "Delivered",
        Stage::Accepted | Stage::Used | Stage::Refused => "DeliveredWithWarnings",
    };
    Ok(Header {
        envelope: original.and_then(|original| envelope::of(&original.bytes)).unwrap_or_default(),
        number: number.to_owned(),
        tracking,
        message: if tracking == "Delivered" { String::new() } else { reasons.join("\n") },
    })
}

/// Turns problems into SOAP faults, whichever layer they come from.
pub(super) async fn faults(request: Request, next: Next) -> Response {
    let language = negotiate::language(request.headers());
    let id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    // SOAP 1.1 answers faults with 500; what HTTP itself is about stays as it is.
    let http =
        [Code::Unauthenticated, Code::Forbidden, Code::TooLarge, Code::UnsupportedMediaType, Code::Busy]
            .iter()
            .chain(&[Code::StoreUnavailable, Code::NotReady, Code::RequestTimeout])
            .any(|code| code.as_str() == problem.code);
    let problem = problem.in_language(language);
    let Ok(fault) = write::fault(&problem, language, &id) else { return problem.into_response() };
    // The status and headers are those of the problem, the body is the fault.
    let mut answer = problem.render(&id);
    if !http {
        *answer.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
    }
    let headers = answer.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(MEDIA_TYPE));
    *answer.body_mut() = fault.into();
    answer
}
