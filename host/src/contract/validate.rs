//! Checks of what plugins answer. The types of an answer are checked when it
//! is taken over; here its numbers are: indexes, places, dates and sizes.

use ecert_model::cases::Case;
use ecert_model::documents::Document;
use ecert_model::manifest::{Manifest, Subject};
use ecert_model::readings::{Problem, Reading, Recognition};
use ecert_model::reports::{Finding, Report, Verdict};
use ecert_model::walk::{Walk, Walker};

/// What an answer breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidOutput(String);

impl InvalidOutput {
    /// With a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Most values of one kind (arguments, expected, actual, places) in a finding.
const MAX_VALUES: usize = 256;

fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), InvalidOutput> {
    if holds { Ok(()) } else { Err(InvalidOutput(reason())) }
}

/// Checks what an adapter takes a message for.
pub fn recognition(answer: &Recognition, manifest: &Manifest) -> Result<(), InvalidOutput> {
    demand(manifest.formats.iter().any(|format| format.reads && format.id == answer.format), || {
        format!("recognises `{}`, which its manifest does not say it reads", shorten(&answer.format))
    })?;
    demand((1..=100).contains(&answer.confidence), || {
        format!("a confidence of {}, where 1 to 100 is possible", answer.confidence)
    })
}

/// Checks a reading of a message of so many bytes.
pub fn reading(answer: &Reading, bytes: usize, results: usize) -> Result<(), InvalidOutput> {
    let counts = [
        ("documents", answer.documents.len()),
        ("problems", answer.problems.len()),
        ("unmapped paths", answer.unmapped.len()),
    ];
    for (what, count) in counts {
        demand(count <= results, || format!("{count} {what}, where {results} are possible"))?;
    }
    place_table(answer, bytes)?;
    let mut highest = Walker::through(&answer.documents);
    answer.problems.walk(&mut highest);
    answer.unmapped.walk(&mut highest);
    if let Some(fault) = highest.fault {
        return Err(InvalidOutput::new(fault));
    }
    demand(within(highest.highest_place, answer.places.len()) || highest.highest_place == 0, || {
        format!("place {} of a table of {}", highest.highest_place, answer.places.len())
    })?;
    answer.problems.iter().try_for_each(problem)
}

/// Checks a document's values, for one that was not read but handed in.
pub fn document(answer: &Document) -> Result<(), InvalidOutput> {
    match Walker::through(answer).fault {
        Some(fault) => Err(InvalidOutput::new(fault)),
        None => Ok(()),
    }
}

/// Checks a problem's code, by which others know it.
pub fn problem(problem: &Problem) -> Result<(), InvalidOutput> {
    let kebab = problem.code.len() <= 64
        && problem.code.starts_with(|c: char| c.is_ascii_lowercase())
        && problem.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    demand(kebab, || format!("the problem code `{}` is not in kebab case", shorten(&problem.code)))
}

fn place_table(answer: &Reading, bytes: usize) -> Result<(), InvalidOutput> {
    for (index, entry) in answer.places.iter().enumerate() {
        // An entry stands behind its parent, so that no path runs in a ring.
        let rooted = if index == 0 { entry.parent == 0 } else { within(entry.parent, index) };
        demand(rooted, || format!("place {index} has the parent {}", entry.parent))?;
        demand(within(entry.name, answer.names.len()), || {
            format!("place {index} has name {} of {}", entry.name, answer.names.len())
        })?;
        demand(entry.start <= entry.end && entry.end as usize <= bytes, || {
            format!("place {index} reaches from byte {} to {} of {bytes}", entry.start, entry.end)
        })?;
    }
    Ok(())
}

/// Checks a report on a case.
pub fn report(
    answer: &Report,
    case: &Case,
    manifest: &Manifest,
    results: usize,
) -> Result<(), InvalidOutput> {
    if let Some(fault) = Walker::through(answer).fault {
        return Err(InvalidOutput::new(fault));
    }
    let due = Due::of(case);
    // The order that the contract asks for also rules out that a rule is
    // judged twice on one item.
    let mut last = None;
    for outcome in &answer.outcomes {
        let rule = rule(manifest, outcome.rule)?;
        demand(due.covers(outcome.item), || {
            format!("an outcome on {}, which is not due", subject(outcome.item))
        })?;
        demand((rule.subject == Subject::Item) == outcome.item.is_some(), || {
            format!("rule `{}` is not judged on {}", rule.id, subject(outcome.item))
        })?;
        let at = Some((outcome.rule, outcome.item));
        demand(last < at, || {
            format!("the outcome of rule `{}` on {} stands out of order", rule.id, subject(outcome.item))
        })?;
        last = at;
        if let Verdict::NotEvaluable(need) = outcome.verdict {
            demand(usize::from(need) < rule.needs.len(), || {
                format!("rule `{}` has no need {need}", rule.id)
            })?;
        }
    }
    findings(answer, case, manifest, &due, results)
}

/// The items that are due.
struct Due(Vec<u32>);

impl Due {
    fn of(case: &Case) -> Self {
        let mut items: Vec<u32> = case.due.iter().map(|due| due.item).collect();
        items.sort_unstable();
        Self(items)
    }

    /// The declaration as a whole always is.
    fn covers(&self, item: Option<u32>) -> bool {
        item.is_none_or(|item| self.0.binary_search(&item).is_ok())
    }
}

fn findings(
    answer: &Report,
    case: &Case,
    manifest: &Manifest,
    due: &Due,
    results: usize,
) -> Result<(), InvalidOutput> {
    demand(answer.findings.len() <= results, || {
        format!("{} findings, where {results} are possible", answer.findings.len())
    })?;
    let reach = if answer.findings.is_empty() { Reach::default() } else { Reach::of(case) };
    let failed = |finding: &Finding| {
        let at = (finding.rule, finding.item);
        let outcome = answer.outcomes.binary_search_by_key(&at, |outcome| (outcome.rule, outcome.item));
        outcome.is_ok_and(|index| answer.outcomes[index].verdict == Verdict::Failed)
    };
    for finding in &answer.findings {
        let rule = rule(manifest, finding.rule)?;
        demand(due.covers(finding.item), || {
            format!("a finding on {}, which is not due", subject(finding.item))
        })?;
        demand(failed(finding), || {
            format!(
                "a finding of rule `{}` on {}, whose outcome is not `failed`",
                rule.id,
                subject(finding.item)
            )
        })?;
        values(finding, &rule.arguments)?;
        reach.check(finding)?;
    }
    Ok(())
}

fn rule(manifest: &Manifest, index: u16) -> Result<&ecert_model::manifest::Rule, InvalidOutput> {
    manifest.rules.get(usize::from(index)).ok_or_else(|| {
        InvalidOutput(format!("rule {index}, where the manifest lists {}", manifest.rules.len()))
    })
}

fn values(finding: &Finding, arguments: &[String]) -> Result<(), InvalidOutput> {
    let counts = [
        finding.arguments.len(),
        finding.expected.len(),
        finding.actual.len(),
        finding.certificate_places.len(),
        finding.declaration_places.len(),
    ];
    demand(counts.iter().all(|count| *count <= MAX_VALUES), || {
        format!("a finding with more than {MAX_VALUES} values of a kind")
    })?;
    match finding.arguments.iter().find(|given| !arguments.contains(&given.name)) {
        Some(unknown) => Err(InvalidOutput(format!(
            "the argument `{}`, which its rule does not declare",
            shorten(&unknown.name)
        ))),
        None => Ok(()),
    }
}

/// How far places reach in the certificates and the declaration of a case. A
/// rule knows no other places than those it was given.
#[derive(Default)]
struct Reach {
    certificates: Vec<u32>,
    declaration: u32,
}

impl Reach {
    fn of(case: &Case) -> Self {
        let certificates =
            case.certificates.iter().map(|cited| Walker::through(&cited.certificate).highest_place);
        Self {
            certificates: certificates.collect(),
            declaration: Walker::through(&case.declaration).highest_place,
        }
    }

    fn check(&self, finding: &Finding) -> Result<(), InvalidOutput> {
        for place in &finding.certificate_places {
            let reach = self.certificates.get(place.certificate as usize);
            demand(reach.is_some_and(|reach| place.place <= *reach), || {
                format!(
                    "place {} in certificate {}, which the case does not hold",
                    place.place, place.certificate
                )
            })?;
        }
        match finding.declaration_places.iter().find(|place| **place > self.declaration) {
            Some(place) => {
                Err(InvalidOutput(format!("place {place} in the declaration, which the case does not hold")))
            }
            None => Ok(()),
        }
    }
}

fn within(index: u32, length: usize) -> bool {
    (index as usize) < length
}

fn subject(item: Option<u32>) -> String {
    item.map_or_else(|| "the declaration as a whole".into(), |item| format!("item {item}"))
}

fn shorten(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecert_model::certificates::Certificate;
    use ecert_model::readings::PlaceEntry;
    use ecert_model::values::{Date, DateTime};

    /// A reading of ten bytes: a root with one child, and a certificate there.
    fn sound() -> Reading {
        let entry = PlaceEntry { end: 10, line: 1, column: 1, ..Default::default() };
        Reading {
            documents: vec![Document::Certificate(Certificate { place: 1, ..Default::default() })],
            names: vec!["root".into()],
            places: vec![entry; 2],
            ..Default::default()
        }
    }

    fn refusal(spoil: impl FnOnce(&mut Reading)) -> String {
        let mut answer = sound();
        spoil(&mut answer);
        reading(&answer, 10, 5).unwrap_err().to_string()
    }

    #[test]
    fn a_sound_reading_passes() {
        assert_eq!(reading(&sound(), 10, 5), Ok(()));
        assert_eq!(reading(&Reading::default(), 10, 5), Ok(()));
    }

    #[test]
    fn what_breaks_a_reading_is_named() {
        assert_eq!(refusal(|r| r.places[1].parent = 1), "place 1 has the parent 1");
        assert_eq!(refusal(|r| r.places[1].name = 1), "place 1 has name 1 of 1");
        assert_eq!(refusal(|r| r.places[1].end = 11), "place 1 reaches from byte 0 to 11 of 10");
        assert_eq!(refusal(|r| r.places.truncate(1)), "place 1 of a table of 1");
        assert_eq!(
            refusal(|r| r.documents = vec![r.documents[0].clone(); 6]),
            "6 documents, where 5 are possible"
        );
        let bad_code = Problem { code: "Bad Code".into(), ..Default::default() };
        assert_eq!(
            refusal(|r| r.problems.push(bad_code)),
            "the problem code `Bad Code` is not in kebab case"
        );
        let no_day = DateTime { date: Date { year: 2026, month: 2, day: 30 }, ..Default::default() };
        let undated = Certificate { issued: Some(no_day), ..Default::default() };
        assert_eq!(
            refusal(|r| r.documents.push(Document::Certificate(undated))),
            "a date is none of the calendar's"
        );
    }
}
