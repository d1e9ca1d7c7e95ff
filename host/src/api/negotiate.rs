//! What the caller wants to be answered with: media type and language.

use axum::http::{HeaderMap, header};

use super::problem::{Code, Problem};
use crate::problem_texts::Language;

/// The first of `offers` that the header `Accept` likes best; without the
/// header, the first offer.
pub(super) fn media_type(headers: &HeaderMap, offers: &[&'static str]) -> Result<&'static str, Problem> {
    let accept = joined(headers, &header::ACCEPT);
    if accept.trim().is_empty() {
        return Ok(offers[0]);
    }
    let wanted = preferences(&accept);
    let quality = |offer: &str| {
        wanted
            .iter()
            .filter_map(|(range, quality)| specificity(range, offer).map(|exact| (exact, *quality)))
            .max_by_key(|(exact, _)| *exact)
            .map_or(0, |(_, quality)| quality)
    };
    let mut best: Option<(&'static str, u16)> = None;
    for offer in offers {
        let quality = quality(offer);
        if quality > best.map_or(0, |(_, other)| other) {
            best = Some((offer, quality));
        }
    }
    best.map(|(offer, _)| offer).ok_or_else(|| {
        let detail = format!("Ask for one of {} in the header Accept.", offers.join(", "));
        Problem::new(Code::NotAcceptable, detail)
    })
}

/// The language that problems and acknowledgements are told in: the one the
/// header `Accept-Language` likes best, English where it names none of them.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let of = |(range, quality): (String, u16)| {
        let primary = range.split('-').next().unwrap_or_default();
        let language = Language::ALL.into_iter().find(|known| known.tag() == primary)?;
        (quality > 0).then_some((quality, language))
    };
    let mut best: Option<(u16, Language)> = None;
    for (quality, language) in preferences(&languages(headers)).into_iter().filter_map(of) {
        if best.is_none_or(|(other, _)| quality > other) {
            best = Some((quality, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

/// The header `Accept-Language` as one text.
pub(super) fn languages(headers: &HeaderMap) -> String {
    joined(headers, &header::ACCEPT_LANGUAGE)
}

fn joined(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let values: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    values.join(",")
}

/// Ranges with their quality in thousandths, as written in the header.
fn preferences(header: &str) -> Vec<(String, u16)> {
    header
        .split(',')
        .filter_map(|part| {
            let mut parts = part.split(';').map(str::trim);
            let range = parts.next().filter(|range| !range.is_empty())?.to_ascii_lowercase();
            let quality = parts
                .find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")))
                .and_then(|value| value.parse::<f32>().ok())
                .map_or(1000, |value| (value.clamp(0.0, 1.0) * 1000.0) as u16);
            Some((range, quality))
        })
        .collect()
}

fn specificity(range: &str, offer: &str) -> Option<u8> {
    let (range_type, range_sub) = range.split_once('/')?;
    let (offer_type, offer_sub) = offer.split_once('/')?;
    match (range_type, range_sub) {
        ("*", "*") => Some(0),
        (same, "*") if same == offer_type => Some(1),
        (same, sub) if same == offer_type && sub == offer_sub => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: [&str; 2] = ["application/json", "text/html"];

    fn accept(value: &str) -> Result<&'static str, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().expect("a header value"));
        media_type(&headers, &OFFERS).map_err(|problem| problem.status)
    }

    #[test]
    fn the_best_liked_media_type_wins() {
        assert_eq!(media_type(&HeaderMap::new(), &OFFERS).ok(), Some("application/json"));
        assert_eq!(accept("*/*"), Ok("application/json"));
        assert_eq!(accept("text/html,application/xhtml+xml,*/*;q=0.8"), Ok("text/html"));
        assert_eq!(accept("text/*;q=0.5, application/json;q=0.4"), Ok("text/html"));
        assert_eq!(accept("text/html;q=0, */*"), Ok("application/json"));
        assert_eq!(accept("image/png"), Err(406));
    }

    #[test]
    fn the_best_liked_language_wins() {
        let wanted = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, value.parse().expect("a header value"));
            language(&headers).tag()
        };
        assert_eq!(language(&HeaderMap::new()).tag(), "en");
        assert_eq!(wanted("fr-CH, zh;q=0.9, en;q=0.8"), "fr");
        assert_eq!(wanted("de, es-CL;q=0.5, zh-Hans;q=0.7"), "zh");
        assert_eq!(wanted("fr;q=0, de"), "en");
    }
}
