//! The public check of a certificate: a page for everybody, without script.

use std::net::IpAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::IntoParams;

use super::extract::Query;
use super::listen::Peer;
use super::problem::Problem;
use super::queries::settle;
use super::{App, negotiate};
use crate::export::{Checked, ExportError};
use crate::verification::report::{CheckPage, Language, check_html};

/// Longest number and code that are looked up.
const LONGEST: usize = 200;

/// What is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckQuery {
    /// Number that is printed on the certificate.
    number: Option<String>,
    /// Check code that is printed on it.
    code: Option<String>,
    /// Language of the page, `en` or `zh`; else by `Accept-Language`.
    lang: Option<String>,
}

/// The page on which everybody may check a certificate by number and check
/// code. A wrong code and an unknown number are answered alike.
#[utoipa::path(get, path = "/check", operation_id = "check_certificate", tag = "check", params(CheckQuery),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 404, description = "No certificate with this number and code"),
        (status = 429, description = "Too many tries; see Retry-After"),
    )
)]
pub(super) async fn page(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(query): Query<CheckQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let started = Instant::now();
    let language = match query.lang.as_deref() {
        Some(lang) => Language::accepted(lang),
        None => Language::accepted(&negotiate::languages(&headers)),
    };
    let (Some(number), Some(code)) = (query.number, query.code) else {
        return shown(StatusCode::OK, &CheckPage::Form, language);
    };
    let address = asking(&app.proxies, peer.address.ip(), &headers);
    let asked = number.clone();
    let looked_up = app.work(move |app| {
        let sensible = number.len() <= LONGEST && code.len() <= LONGEST;
        let (number, code) = if sensible { (number.as_str(), code.as_str()) } else { ("", "") };
        match app.export.check(address, number, code) {
            Err(ExportError::TooMany(seconds)) => Ok(Err(seconds)),
            other => Ok(Ok(other?)),
        }
    });
    match looked_up.await? {
        Ok(Some(checked)) => found(&checked, language),
        Ok(None) => {
            settle(started).await;
            shown(StatusCode::NOT_FOUND, &CheckPage::Unknown { number: &asked }, language)
        }
        Err(seconds) => {
            let mut page = shown(StatusCode::TOO_MANY_REQUESTS, &CheckPage::TooMany { seconds }, language)?;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(page)
        }
    }
}

fn found(checked: &Checked, language: Language) -> Result<Response, Problem> {
    let Checked { listed, certificate, expired } = checked;
    let page = CheckPage::Found {
        certificate,
        status: listed.status.code(),
        since: &listed.status_since,
        expired: *expired,
        replaced_by: listed.replaced_by.as_deref(),
    };
    shown(StatusCode::OK, &page, language)
}

fn shown(status: StatusCode, page: &CheckPage<'_>, language: Language) -> Result<Response, Problem> {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'";
    let html = check_html(page, language).map_err(|error| Problem::internal(&error))?;
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    Ok((status, headers, Html(html)).into_response())
}

/// Who asks: the peer, or whom a known proxy names as the last before itself.
fn asking(proxies: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        named.flat_map(|value| value.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
    chain.into_iter().rev().find(|address| !proxies.contains(address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.7, 10.0.0.2"));
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(
            asking(&proxies, ip("10.0.0.1"), &headers),
            ip("198.51.100.7"),
            "the last that is no proxy"
        );
        assert_eq!(
            asking(&proxies, ip("192.0.2.1"), &headers),
            ip("192.0.2.1"),
            "anybody may write a header"
        );
        assert_eq!(asking(&proxies, ip("10.0.0.1"), &HeaderMap::new()), ip("10.0.0.1"));
    }
}
