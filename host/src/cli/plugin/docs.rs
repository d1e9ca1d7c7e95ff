//! `ecert plugin docs`: the catalogue of rules and formats, for people.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use ecert_model::manifest::Manifest;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};

use super::project::components;
use crate::cli::{Outcome, note, say};
use crate::contract::inspect;

/// Writes the catalogue of what plugins do: their rules with titles,
/// severities, legal bases, messages and parameters, or their formats.
#[derive(Debug, Args)]
pub(in crate::cli) struct Docs {
    /// Components, folders of plugins' crates, or folders of components.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// File that it is written to; standard output unless given.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown.
    Markdown,
    /// A page for a browser.
    Html,
}

pub(super) fn run(arguments: &Docs) -> Result<Outcome> {
    let mut manifests = Vec::new();
    for path in &arguments.paths {
        for (path, component) in components(path)? {
            let inspection = inspect(&component).with_context(|| path.display().to_string())?;
            manifests.push(inspection.manifest);
        }
    }
    let text = catalogue(&manifests, arguments.format)?;
    match &arguments.out {
        None => say(text.trim_end()),
        Some(file) => {
            fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
            note(format_args!("written to {}", file.display()));
        }
    }
    Ok(Outcome::Positive)
}

fn catalogue(manifests: &[Manifest], format: Format) -> Result<String> {
    let template = match format {
        Format::Markdown => include_str!("catalogue.md.jinja"),
        Format::Html => include_str!("catalogue.html.jinja"),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(move |_| match format {
        Format::Markdown => AutoEscape::None,
        Format::Html => AutoEscape::Html,
    });
    environment.add_filter("json", |value: Value| serde_json::to_string(&value).unwrap_or_default());
    let text = environment.render_str(template, context! { plugins => Serde(manifests) });
    Ok(text.context("the template of the catalogue")? + "\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_in_a_manifest_is_shown_and_escaped() {
        let manifest: Manifest = serde_json::from_value(json!({
            "schema": 1, "name": "honey", "version": "1.0.0", "kind": "rule-set", "ruleKind": "honey",
            "titles": {"en": "Honey & co", "zh": "蜂蜜"}, "scope": [{"hsPrefixes": ["0409"], "origins": ["NZ"]}],
            "validFrom": "2026-01-01",
            "parameters": {"properties": {"highest": {"type": "integer", "default": 25, "description": "Degrees."}}},
            "rules": [{
                "id": "cool", "titles": {"en": "Kept <cool>"}, "severity": "warning", "legalBasis": "Codex",
                "help": "https://example.org/cool", "governedBy": "dispatch", "prerequisites": ["sealed"],
                "needs": ["set-temperature"], "messages": {"en": "Set to {actual}."}, "arguments": ["actual"]
            }],
            "tables": [{"name": "hives", "keys": ["country"], "columns": ["status"]}]
        }))
        .unwrap();
        let markdown = catalogue(std::slice::from_ref(&manifest), Format::Markdown).unwrap();
        let html = catalogue(std::slice::from_ref(&manifest), Format::Html).unwrap();
        let readable = html.replace("&#x2f;", "/");
        let everything = [
            "honey",
            "1.0.0",
            "蜂蜜",
            "0409",
            "NZ",
            "2026-01-01",
            "cool",
            "warning",
            "Codex",
            "https://example.org/cool",
            "dispatch",
            "sealed",
            "set-temperature",
            "Set to {actual}.",
            "highest",
            "25",
            "Degrees.",
            "hives",
            "country",
            "status",
        ];
        for text in everything {
            assert!(markdown.contains(text), "{text}\n{markdown}");
            assert!(readable.contains(text), "{text}\n{html}");
        }
        assert!(markdown.contains("Kept <cool>") && markdown.contains("Honey & co"));
        assert!(
            html.contains("Kept &lt;cool&gt;") && html.contains("Honey &amp; co") && !html.contains("<cool>")
        );
    }
}
