//! Bodies of requests: bounded in size and time, with their media type.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::App;
use super::problem::{Code, Detail, Problem};

/// How long a body may take to arrive.
pub(super) const ARRIVAL: Duration = Duration::from_secs(30);

/// A body as it came, with its media type (lower case, without parameters).
pub(super) struct Body {
    /// Media type.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let media_type = media_type(request.headers())?;
        let bytes = receive(request, app.limits.body).await?;
        Ok(Self { media_type, bytes })
    }
}

/// Bytes that the body of a reference table may have: a million rows and more.
const LARGEST_TABLE: usize = 256 << 20;

/// A body that may be as large as a reference table.
pub(super) struct TableBody(pub Body);

impl FromRequest<App> for TableBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let media_type = media_type(request.headers())?;
        let bytes = receive(request, app.limits.body.max(LARGEST_TABLE)).await?;
        let body = Body { media_type, bytes };
        body.only(&["text/csv", "application/json"])?;
        Ok(Self(body))
    }
}

impl Body {
    /// Refuses media types other than those given.
    pub(super) fn only(&self, media_types: &[&str]) -> Result<(), Problem> {
        if media_types.contains(&self.media_type.as_str()) {
            return Ok(());
        }
        Err(unsupported(&self.media_type, media_types))
    }
}

/// That a media type is not taken, and which are.
pub(super) fn unsupported(media_type: &str, taken: &[&str]) -> Problem {
    let detail = format!("{media_type:?} is not taken here. Send one of {}.", taken.join(", "));
    Problem::new(Code::UnsupportedMediaType, detail)
}

/// A JSON body of a known shape.
pub(super) struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let body = Body::from_request(request, app).await?;
        body.only(&["application/json"])?;
        parse(&body.bytes).map(Self)
    }
}

/// Reads JSON; what is wrong is told with its line and column.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let place = Detail {
            code: "json".to_owned(),
            text: error.to_string(),
            line: u32::try_from(error.line()).ok(),
            column: u32::try_from(error.column()).ok(),
            ..Detail::default()
        };
        Problem::invalid(format!("The body is not the JSON expected here: {error}."))
            .with_problems(vec![place])
    })
}

/// Reads a JSON object a line (`application/x-ndjson`), each with the number
/// of its line; empty lines are passed over.
pub(super) fn lines<T: DeserializeOwned>(bytes: &[u8]) -> Vec<(usize, &[u8], Result<T, serde_json::Error>)> {
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| (number, line, serde_json::from_slice(line)))
        .collect()
}

/// The media type of a body: lower case, without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Result<String, Problem> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence =
        value.and_then(|value| value.split(';').next()).map(|value| value.trim().to_ascii_lowercase());
    essence.filter(|essence| !essence.is_empty()).ok_or_else(|| {
        Problem::new(Code::UnsupportedMediaType, "Name the body's media type in the header Content-Type.")
    })
}

/// Takes a body of at most so many bytes.
pub(super) async fn receive(request: Request, limit: usize) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(Code::TooLarge, format!("This host takes bodies of at most {limit} bytes."));
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let arriving = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(ARRIVAL, arriving).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => {
            Err(Problem::new(Code::BadRequest, format!("The body did not arrive whole: {error}.")))
        }
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive within 30 seconds.")),
    }
}
