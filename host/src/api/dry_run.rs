//! Verifying without effect.

use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::App;
use super::form::{self, Part};
use super::guard::Caller;
use super::problem::Problem;
use crate::intake::read::Declared;
use crate::verification::record::Record;

/// Certificates one dry run may bring.
const CERTIFICATES: usize = 50;

/// The parts of a dry run.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
#[schema(as = DryRunForm)]
pub(super) struct Form {
    /// A message with certificates; may come several times. Certificates that
    /// the declaration cites and that do not come here are taken from the
    /// store.
    #[schema(format = Binary)]
    certificate: Vec<String>,
    /// The message with the declaration.
    #[schema(format = Binary)]
    declaration: String,
}

#[derive(Default)]
struct Parts {
    certificates: Vec<Part>,
    declaration: Option<Part>,
}

impl Part {
    fn declared(&self) -> Declared<'_> {
        Declared { media_type: self.media_type.as_deref(), format: None }
    }
}

/// Verifies a declaration without storing anything: send it as the part
/// `declaration` of `multipart/form-data`, with certificates as parts
/// `certificate`. Who delivered a certificate that comes as a part is not
/// judged; one that is held already is judged by its own delivery.
#[utoipa::path(post, path = "/v1/verify", operation_id = "dry_run", tag = "verifications",
    request_body(content = Form, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = Record), (status = 413, description = "Too large"),
        (status = 415, description = "Not a form"), (status = 422, description = "A message cannot be read"),
    )
)]
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<axum::Json<Record>, Problem> {
    let parts = sort(form::read(request, &app, CERTIFICATES + 1, app.limits.body).await?)?;
    let Some(declaration) = parts.declaration else {
        return Err(Problem::invalid("There is no part named declaration."));
    };
    let certificates = parts.certificates;
    let record = app
        .work(move |app| {
            let given: Vec<_> =
                certificates.iter().map(|part| (part.bytes.as_slice(), part.declared())).collect();
            let declaration = (declaration.bytes.as_slice(), declaration.declared());
            Ok(app.verification.dry_run(&caller.sender(), &given, declaration)?)
        })
        .await?;
    Ok(axum::Json(record))
}

fn sort(form: Vec<Part>) -> Result<Parts, Problem> {
    let mut parts = Parts::default();
    for part in form {
        match part.name.as_str() {
            "certificate" if parts.certificates.len() < CERTIFICATES => parts.certificates.push(part),
            "certificate" => {
                return Err(Problem::invalid(format!("At most {CERTIFICATES} certificates are taken.")));
            }
            "declaration" if parts.declaration.is_none() => parts.declaration = Some(part),
            "declaration" => return Err(Problem::invalid("There is more than one part named declaration.")),
            other => {
                let detail = format!("The part {other:?} is neither certificate nor declaration.");
                return Err(Problem::invalid(detail));
            }
        }
    }
    Ok(parts)
}
