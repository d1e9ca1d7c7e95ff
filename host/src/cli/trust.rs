//! `ecert trust`: whose plugins a running host lets in.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use ecert_model::manifest::Kind;
use serde_json::{Value, json};

use super::client::{Connection, Content};
use super::table_output::{cell, items_of, table};
use super::{Outcome, note, say};
use crate::trust::{Rule, Signers};

/// Trust of a host.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows keys, rules, and versions that a revocation affects.
    Show(Show),
    /// Keys of publishers.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Rules.
    #[command(subcommand)]
    Rule(RuleCommand),
}

/// Keys of publishers.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Adds a publisher's public key.
    Add(AddKey),
    /// Lists the keys.
    List(Show),
    /// Says that a key no longer counts.
    Revoke(RevokeKey),
}

/// Rules: who may publish what.
#[derive(Debug, Subcommand)]
pub(super) enum RuleCommand {
    /// Puts a rule in force.
    Add(AddRule),
    /// Lists the rules.
    List(Show),
    /// Takes a rule out of force.
    Remove(RemoveRule),
}

/// Shows something.
#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    connection: Connection,
}

/// Adds a key.
#[derive(Debug, Args)]
pub(super) struct AddKey {
    /// Who signs with it, in kebab case.
    owner: String,
    /// The public key.
    file: PathBuf,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Revokes a key.
#[derive(Debug, Args)]
pub(super) struct RevokeKey {
    /// Identifier of the key.
    id: String,
    /// Signatures that the host received from then on do not count
    /// (`2027-01-31T08:00:00Z`); now unless given.
    #[arg(long)]
    from: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Adds a rule. What is not restricted is allowed.
#[derive(Debug, Args)]
pub(super) struct AddRule {
    /// Name of the rule, in kebab case.
    name: String,
    /// Kind of plugins: adapter or rules; both unless given.
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// Name of plugins, `meat-*` for all that begin so; may be repeated.
    #[arg(long = "plugin")]
    plugins: Vec<String>,
    /// Country of origin that the plugins' scope may take in (ISO 3166-1
    /// alpha-2); may be repeated.
    #[arg(long = "origin")]
    origins: Vec<String>,
    /// Prefix of the commodity codes that their scope may take in; may be
    /// repeated.
    #[arg(long = "commodity")]
    commodities: Vec<String>,
    /// Who may sign as author; may be repeated.
    #[arg(long = "author")]
    authors: Vec<String>,
    /// How many different authors must have signed; 1 unless given.
    #[arg(long)]
    authors_needed: Option<u32>,
    /// Who may sign as authority; may be repeated.
    #[arg(long = "authority")]
    authorities: Vec<String>,
    /// How many different authorities must have signed; 1 unless given.
    #[arg(long)]
    authorities_needed: Option<u32>,
    /// Lets plugins in that nobody has signed. For development only.
    #[arg(long, conflicts_with_all = ["authors", "authorities"])]
    unsigned: bool,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Removes a rule.
#[derive(Debug, Args)]
pub(super) struct RemoveRule {
    /// Name of the rule.
    name: String,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

fn kind(text: &str) -> Result<Kind, String> {
    match text {
        "adapter" | "format-adapter" => Ok(Kind::FormatAdapter),
        "rules" | "rule-set" => Ok(Kind::RuleSet),
        other => Err(format!("{other:?} is neither adapter nor rules")),
    }
}

/// Carries out `ecert trust`.
pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Show(arguments) => show(arguments, &[Part::Keys, Part::Rules, Part::Affected])?,
        Command::Key(KeyCommand::List(arguments)) => show(arguments, &[Part::Keys])?,
        Command::Rule(RuleCommand::List(arguments)) => show(arguments, &[Part::Rules])?,
        Command::Key(KeyCommand::Add(arguments)) => add_key(arguments)?,
        Command::Key(KeyCommand::Revoke(arguments)) => revoke_key(arguments)?,
        Command::Rule(RuleCommand::Add(arguments)) => add_rule(arguments)?,
        Command::Rule(RuleCommand::Remove(RemoveRule { name, reason, connection })) => {
            connection.client()?.delete(&format!("/v1/trust/rules/{name}"), &[("reason", reason)])?;
            note(format_args!("rule {name}: removed"));
        }
    }
    Ok(Outcome::Positive)
}

enum Part {
    Keys,
    Rules,
    Affected,
}

fn show(arguments: &Show, parts: &[Part]) -> Result<()> {
    let answer = arguments.connection.client()?.get("/v1/trust")?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    for part in parts {
        match part {
            Part::Keys => {
                let row = |key: &Value| {
                    [cell(key, "owner"), cell(key, "id"), cell(key, "added"), cell(&key["revoked"], "from")]
                };
                say(table(
                    ["owner", "key", "added", "revoked from"],
                    items_of(&answer, "keys").iter().map(row),
                ));
            }
            Part::Rules => {
                let rows = items_of(&answer, "rules").iter().map(|known| rule_row(&known["rule"]));
                say(table(
                    ["rule", "for", "signatures", "added by"],
                    rows.zip(items_of(&answer, "rules"))
                        .map(|([name, scope, asks], known)| [name, scope, asks, cell(known, "addedBy")]),
                ));
            }
            Part::Affected => affected(&answer),
        }
    }
    Ok(())
}

fn rule_row(rule: &Value) -> [String; 3] {
    let named = |what: &str, list: &str| {
        let text = cell(rule, list);
        (!text.is_empty()).then(|| format!("{what} {text}"))
    };
    let scope: Vec<String> = [
        rule["kind"].as_str().map(str::to_owned),
        named("plugins", "plugins"),
        named("origins", "origins"),
        named("commodities", "commodities"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let scope = if scope.is_empty() { "everything".to_owned() } else { scope.join("; ") };
    let asks = |role: &str, signers: &Value| {
        let needed = signers["needed"].as_u64().unwrap_or_default();
        (needed > 0).then(|| format!("{needed} {role} of {}", cell(signers, "owners")))
    };
    let asked: Vec<String> = [asks("author", &rule["authors"]), asks("authority", &rule["authorities"])]
        .into_iter()
        .flatten()
        .collect();
    let asked = if asked.is_empty() { "NONE: lets unsigned plugins in".to_owned() } else { asked.join("; ") };
    [cell(rule, "name"), scope, asked]
}

fn affected(answer: &Value) {
    for version in items_of(answer, "affected") {
        let (name, number, why) = (cell(version, "name"), cell(version, "version"), cell(version, "why"));
        note(format_args!("{name} {number} goes on serving, and would not be let in today: {why}"));
    }
}

fn add_key(arguments: &AddKey) -> Result<()> {
    let AddKey { owner, file, reason, connection } = arguments;
    let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if pem.contains("PRIVATE KEY") {
        bail!("{} is a private key: it stays with its owner; give the public one", file.display());
    }
    let body = json!({"owner": owner, "publicKey": pem, "reason": reason});
    let answer = connection.client()?.post("/v1/trust/keys", &Content::Json(&body))?;
    if connection.json {
        say(&answer);
    } else {
        say(format_args!("{owner}: key {} added", cell(&answer, "id")));
    }
    Ok(())
}

fn revoke_key(arguments: &RevokeKey) -> Result<()> {
    let RevokeKey { id, from, reason, connection } = arguments;
    let body = json!({"from": from, "reason": reason});
    let path = format!("/v1/trust/keys/{id}/revocation");
    let answer = connection.client()?.post(&path, &Content::Json(&body))?;
    if connection.json {
        say(&answer);
    } else {
        say(format_args!("key {id}: revoked"));
        affected(&answer);
    }
    Ok(())
}

fn add_rule(arguments: &AddRule) -> Result<()> {
    let AddRule { name, kind, plugins, origins, commodities, authors, authorities, unsigned, .. } = arguments;
    let signers = |owners: &Vec<String>, needed: Option<u32>| Signers {
        owners: owners.clone(),
        needed: needed.unwrap_or_else(|| u32::from(!owners.is_empty())),
    };
    let rule = Rule {
        name: name.clone(),
        kind: *kind,
        plugins: plugins.clone(),
        origins: origins.clone(),
        commodities: commodities.clone(),
        authors: signers(authors, arguments.authors_needed),
        authorities: signers(authorities, arguments.authorities_needed),
        unsigned: *unsigned,
    };
    let body = json!({"rule": rule, "reason": arguments.reason});
    let answer = arguments.connection.client()?.post("/v1/trust/rules", &Content::Json(&body))?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    let [_, scope, asked] = rule_row(&answer["rule"]);
    say(format_args!("rule {name}: in force for {scope}; signatures: {asked}"));
    if *unsigned {
        note(format_args!(
            "warning: the host now lets plugins in that nobody has signed; take the rule away with \
             `ecert trust rule remove {name}`"
        ));
    }
    Ok(())
}
