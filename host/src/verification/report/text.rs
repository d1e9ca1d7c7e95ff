//! A verification as text for the terminal.

use std::fmt::Write as _;

use ecert_model::reports::Severity;

use super::words::{self, Language, word};
use super::{shown, words::severity};
use crate::verification::Verdict;
use crate::verification::record::{Finding, FoundAt, Record, RuleSetRun, Shown};

/// How text is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Nothing but characters.
    Plain,
    /// With the terminal's colours.
    Coloured,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn severity(self, of: Severity, text: &str) -> String {
        let code = match of {
            Severity::Information => "36",
            Severity::Warning => "33",
            Severity::Discrepancy => "1;35",
            Severity::Prohibition => "1;31",
        };
        self.paint(code, text)
    }
}

/// The verdict first, then the findings with their values and places, then
/// what was checked, and how long it took.
pub fn verification_text(record: &Record, language: Language, style: Style) -> String {
    let mut text = String::new();
    head(&mut text, record, language, style);
    let (against, worth): (Vec<_>, Vec<_>) =
        record.findings.iter().partition(|f| f.severity > Severity::Warning);
    findings(&mut text, record, word("against", language), &against, language, style);
    findings(&mut text, record, word("worth", language), &worth, language, style);
    checked(&mut text, record, language, style);
    text
}

fn head(text: &mut String, record: &Record, language: Language, style: Style) {
    let verdict = words::verdict(record.verdict, language).to_uppercase();
    let code = match record.verdict {
        Verdict::NoneRequired | Verdict::Release => "1;32",
        Verdict::Review => "1;33",
        Verdict::Refuse => "1;31",
    };
    let declaration = &record.declaration;
    let number = declaration.mrn.as_ref().or(declaration.lrn.as_ref()).map_or("", String::as_str);
    let _ = writeln!(
        text,
        "{}  {} {number}",
        style.paint(code, &verdict),
        word("declaration", language).to_lowercase(),
    );
    let _ = writeln!(
        text,
        "{}",
        style.faint(&format!(
            "{}: {} ({})",
            word("decision-date", language),
            record.dates.decision,
            word(&record.dates.basis, language),
        ))
    );
    for (index, certificate) in record.certificates.iter().enumerate() {
        let kind =
            words::certificate_type(&certificate.type_code, language).unwrap_or(&certificate.type_code);
        let status = words::status(&certificate.status, language).unwrap_or(&certificate.status);
        let country = certificate.country.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
        let _ = writeln!(text, "[{}] {} {kind}{country}, {status}", index + 1, certificate.number);
    }
    if record.verdict.releases() {
        let _ = writeln!(text, "\n{}", word("nothing", language));
    }
}

fn findings(
    text: &mut String,
    record: &Record,
    title: &str,
    findings: &[&Finding],
    language: Language,
    style: Style,
) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", style.bold(title));
    for finding in findings {
        let item = finding.item.map_or_else(
            || word("whole-declaration", language).to_owned(),
            |index| format!("{} {}", word("item", language).to_lowercase(), record.sequence(index)),
        );
        let _ = writeln!(
            text,
            "  {} {item}: {}  {}",
            style.severity(finding.severity, &severity(finding.severity, language).to_uppercase()),
            language.of(&finding.texts),
            style.faint(&format!("{}/{}", finding.source, finding.rule)),
        );
        values(text, word("expected", language), &finding.expected, language);
        values(text, word("actual", language), &finding.actual, language);
        for place in &finding.places {
            let _ = writeln!(text, "      {}", style.faint(&place_text(record, place, language)));
        }
    }
}

fn values(text: &mut String, label: &str, values: &[Shown], language: Language) {
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| shown(value, language)).collect();
        let _ = writeln!(text, "      {}: {}", label.to_lowercase(), values.join(", "));
    }
}

/// `certificate [1] 12:7 SPSCertificate/…`.
pub(super) fn place_text(record: &Record, place: &FoundAt, language: Language) -> String {
    let message = match place.certificate {
        None => word("declaration", language).to_lowercase(),
        Some(index) if record.certificates.len() > 1 => {
            format!("{} [{}]", word("certificate", language).to_lowercase(), index + 1)
        }
        Some(_) => word("certificate", language).to_lowercase(),
    };
    format!("{message} {}:{} {}", place.location.line, place.location.column, place.location.path)
}

fn checked(text: &mut String, record: &Record, language: Language, style: Style) {
    if record.rule_sets.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", style.bold(word("checked", language)));
    for set in &record.rule_sets {
        let time = milliseconds(set.microseconds);
        let _ = writeln!(text, "  {} {}  {}", set.name, set.version, style.faint(&time));
        if let Some(failure) = &set.failure {
            let _ = writeln!(text, "    {}: {failure}", word("no-result", language));
        }
        for (label, rules) in rules_by_outcome(set, record, language) {
            wrapped(text, &format!("    {label}: "), &rules);
        }
    }
    let total = milliseconds(record.microseconds);
    let _ =
        writeln!(text, "  {}", style.faint(&format!("{} {total}", word("time", language).to_lowercase())));
}

/// Rules by what they came to; items are named where they differ.
pub(super) fn rules_by_outcome(
    set: &RuleSetRun,
    record: &Record,
    language: Language,
) -> Vec<(&'static str, Vec<String>)> {
    let mut groups: [(&'static str, Vec<String>); 4] =
        ["passed", "failed", "not-evaluable", "not-applicable"].map(|key| (word(key, language), Vec::new()));
    let named = |rule: &str, items: &[u32], missing: &str| {
        let mut text = rule.to_owned();
        if items.len() < set.items.len() {
            let numbers: Vec<String> = items.iter().map(|&item| record.sequence(item).to_string()).collect();
            let _ = write!(text, " [{}]", numbers.join(" "));
        }
        if !missing.is_empty() {
            let _ = write!(text, " ({missing})");
        }
        text
    };
    for rule in &set.rules {
        let lists = [(0, &rule.passed), (1, &rule.failed), (3, &rule.not_applicable)];
        for (group, items) in lists {
            if !items.is_empty() {
                groups[group].1.push(named(&rule.rule, items, ""));
            }
        }
        for (missing, items) in &rule.not_evaluable {
            groups[2].1.push(named(&rule.rule, items, missing));
        }
        match rule.declaration.as_deref() {
            None => {}
            Some("passed") => groups[0].1.push(rule.rule.clone()),
            Some("failed") => groups[1].1.push(rule.rule.clone()),
            Some("not-applicable") => groups[3].1.push(rule.rule.clone()),
            Some(other) => {
                let missing = other.strip_prefix("not-evaluable: ").unwrap_or(other);
                groups[2].1.push(named(&rule.rule, &set.items, missing));
            }
        }
    }
    groups.into_iter().filter(|(_, rules)| !rules.is_empty()).collect()
}

pub(super) fn milliseconds(microseconds: u64) -> String {
    format!("{}.{:02} ms", microseconds / 1000, microseconds % 1000 / 10)
}

/// Widest line of a list.
const WIDTH: usize = 100;

/// A list behind a label, broken between its entries.
fn wrapped(text: &mut String, label: &str, entries: &[String]) {
    let indent = " ".repeat(6);
    let mut line = label.to_owned();
    for (index, entry) in entries.iter().enumerate() {
        let comma = if index + 1 < entries.len() { "," } else { "" };
        if line.len() + entry.len() + 1 > WIDTH && line.trim() != label.trim() {
            let _ = writeln!(text, "{}", line.trim_end());
            line.clone_from(&indent);
        }
        let _ = write!(line, "{entry}{comma} ");
    }
    let _ = writeln!(text, "{}", line.trim_end());
}
