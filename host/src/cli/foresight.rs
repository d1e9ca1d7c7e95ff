//! `--dry-run`: what a change would change in stored cases.

use anyhow::Result;
use clap::Args;

use super::backtest::changes;
use super::client::{Connection, Content};
use super::{Outcome, say};

/// Whether to change something, or to ask what would come of it.
#[derive(Debug, Args)]
pub(super) struct DryRun {
    /// Changes nothing, and shows which stored cases would decide otherwise:
    /// exit code 0 when none would, 1 when some would.
    #[arg(long)]
    dry_run: bool,
    /// Looks at the cases of so many days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, requires = "dry_run")]
    days: u32,
}

impl DryRun {
    /// Whether nothing is to be changed.
    pub(super) fn is_wanted(&self) -> bool {
        self.dry_run
    }

    /// Asks the host what the change would come to.
    pub(super) fn ask(
        &self,
        connection: &Connection,
        path: &str,
        query: &[(&str, &str)],
        content: &Content<'_>,
    ) -> Result<Outcome> {
        let days = self.days.to_string();
        let mut query = query.to_vec();
        query.push(("days", &days));
        let answer = connection.client()?.post_with(&format!("{path}/trial"), &query, content)?;
        let tally = &answer["tally"];
        if connection.json {
            say(&answer);
        } else {
            let cases = tally["cases"].as_u64().unwrap_or_default();
            let end = if answer["complete"] == false { "; older ones were not reached in time" } else { "" };
            say(format_args!("nothing was changed; {cases} stored cases of the last {days} days{end}"));
            say(format_args!("  different  {}", tally["different"]));
            say(format_args!("  not kept   {}", tally["lost"]));
            changes(tally, &serde_json::Value::Null, tally["examples"].as_array());
        }
        Ok(if tally["different"] == 0 { Outcome::Positive } else { Outcome::Negative })
    }
}
