//! `ecert verify`: a declaration against certificates, without a server.

use std::io::IsTerminal as _;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::offline::Plugins;
use super::trial::Trial;
use super::{Outcome, say};
use crate::verification::finding::{HostCode, HostFinding};
use crate::verification::report::{Language, Style, verification_text};

/// Compares a declaration with the certificates it cites, without a server.
///
/// Ends with 0 when the goods may be released, 1 otherwise. There is no ledger
/// here: quantities that other declarations took are not known.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    trial: Trial,
    /// Language of the report.
    #[arg(long, value_enum, default_value_t = ReportLanguage::En)]
    language: ReportLanguage,
    /// Print the record as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReportLanguage {
    /// English.
    En,
    /// Chinese.
    Zh,
}

pub(super) fn run(arguments: &Verify) -> Result<Outcome> {
    let plugins = Plugins::load(arguments.trial.plugins.as_deref())?;
    let evaluation = arguments.trial.evaluate(&plugins, plugins.rule_sets.clone())?;
    let Some(evaluation) = evaluation else { return Ok(Outcome::Negative) };
    let record = evaluation.with(&[HostFinding::new(HostCode::NoLedger, None)]);
    if arguments.json {
        say(serde_json::to_string_pretty(&record)?);
    } else {
        let language = match arguments.language {
            ReportLanguage::En => Language::English,
            ReportLanguage::Zh => Language::Chinese,
        };
        let coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let style = if coloured { Style::Coloured } else { Style::Plain };
        say(verification_text(&record, language, style).trim_end());
    }
    Ok(if record.verdict.releases() { Outcome::Positive } else { Outcome::Negative })
}
