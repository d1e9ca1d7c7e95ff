//! Forms (`multipart/form-data`): bounded in number, size and time.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request};

use super::App;
use super::body::ARRIVAL;
use super::problem::{Code, Problem};

/// A part of a form.
pub(super) struct Part {
    /// Name of its field.
    pub name: String,
    /// Name of its file, if it names one.
    pub file: Option<String>,
    /// Media type, if it names one.
    pub media_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Reads a form of at most so many parts; together they may have so many
/// bytes.
pub(super) async fn read(
    request: Request,
    app: &App,
    most: usize,
    limit: usize,
) -> Result<Vec<Part>, Problem> {
    let form = Multipart::from_request(request, app).await.map_err(|error| {
        Problem::new(Code::UnsupportedMediaType, format!("Send multipart/form-data: {}.", error.body_text()))
    })?;
    match tokio::time::timeout(ARRIVAL, parts(form, limit, most)).await {
        Ok(parts) => parts,
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive within 30 seconds.")),
    }
}

async fn parts(mut form: Multipart, limit: usize, most: usize) -> Result<Vec<Part>, Problem> {
    let broken = |error: MultipartError| {
        Problem::new(Code::BadRequest, format!("The form is broken: {}.", error.body_text()))
    };
    let mut parts = Vec::new();
    let mut size = 0;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if parts.len() == most {
            return Err(Problem::invalid(format!("At most {most} parts are taken.")));
        }
        let mut part = Part {
            name: field.name().unwrap_or_default().to_owned(),
            file: field.file_name().map(str::to_owned),
            media_type: field.content_type().map(str::to_owned),
            bytes: Vec::new(),
        };
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            size += chunk.len();
            if size > limit {
                let detail = format!("This host takes bodies of at most {limit} bytes.");
                return Err(Problem::new(Code::TooLarge, detail));
            }
            part.bytes.extend_from_slice(&chunk);
        }
        parts.push(part);
    }
    Ok(parts)
}
