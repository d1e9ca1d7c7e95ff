//! The page that lists every rule, as the components themselves tell it.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::{ask, plugins};

/// Where the page stands.
const PAGE: &str = "docs/catalogue.md";

/// Writes the page of all rule sets that were built, or says whether it is up
/// to date.
pub(crate) fn write(root: &Path, ecert: &Path, built: &Path, check: bool) -> Result<()> {
    let folders = plugins::folders(root)?;
    let rules = folders.iter().filter(|folder| folder.parent().is_some_and(|kind| kind.ends_with("rules")));
    let names = rules.filter_map(|folder| folder.file_name()).map(|name| name.to_string_lossy());
    let components = names.map(|name| built.join(format!("{name}.component.wasm")));
    let page = ask(Command::new(ecert).args(["plugin", "docs"]).args(components))? + "\n";
    let file = root.join(PAGE);
    let current = std::fs::read_to_string(&file).unwrap_or_default();
    ensure!(!check || current == page, "{PAGE} is not what the rule sets say: run `cargo xtask catalogue`");
    if current != page {
        std::fs::write(&file, page)?;
        println!("wrote {PAGE}");
    }
    Ok(())
}
