//! `ecert replay`: a stored verdict, proved again.

use anyhow::Result;
use clap::Args;

use super::client::{Connection, Content};
use super::table_output::cell;
use super::{Outcome, say};

/// Proves a stored verdict again from its record.
///
/// The running host judges the same case by the same components over the same
/// tables. Exit code 0 when the reports are identical byte for byte, 1 when
/// they are not.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Identifier of the verification.
    id: String,
    #[command(flatten)]
    connection: Connection,
}

/// Replays one verification.
pub(super) fn run(arguments: &Replay) -> Result<Outcome> {
    let Replay { id, connection } = arguments;
    let path = format!("/v1/verifications/{id}/replay");
    let answer = connection.client()?.post(&path, &Content::Json(&serde_json::json!({})))?;
    let identical = answer["outcome"] == "identical";
    if connection.json {
        say(&answer);
    } else {
        say(format_args!("verdict {}: {}", cell(&answer, "verdict"), cell(&answer, "outcome")));
        say(format_args!("  reports recorded  {}", cell(&answer, "recorded")));
        say(format_args!("  reports replayed  {}", cell(&answer, "replayed")));
        for set in answer["ruleSets"].as_array().into_iter().flatten() {
            say(format_args!("  ran again         {}", set.as_str().unwrap_or_default()));
        }
        for difference in answer["differences"].as_array().into_iter().flatten() {
            let set = difference["ruleSet"].as_str().map(|set| format!(" of {set}")).unwrap_or_default();
            say(format_args!("  {}{set}: {}", cell(difference, "part"), cell(difference, "text")));
        }
    }
    Ok(if identical { Outcome::Positive } else { Outcome::Negative })
}
