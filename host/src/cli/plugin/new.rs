//! `ecert plugin new`: a project to begin with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use minijinja::{Environment, UndefinedBehavior, Value, context};

use crate::cli::{Outcome, note, say};

/// Files of a project: name, template.
type Files = &'static [(&'static str, &'static str)];

macro_rules! template {
    ($file:literal) => {
        include_str!(concat!("../../../../sdk/rust/templates/", $file))
    };
}

const COMMON: Files = &[
    ("Cargo.toml", template!("Cargo.toml.jinja")),
    (".gitignore", template!("gitignore.jinja")),
    ("README.md", template!("README.md.jinja")),
];
/// What a project has that belongs to no workspace.
const STANDALONE: Files = &[(".cargo/config.toml", template!("cargo-config.toml.jinja"))];
const RULES: Files = &[
    ("src/lib.rs", template!("rules/src/lib.rs.jinja")),
    ("fixtures/cool/case.json", template!("rules/fixtures/cool/case.json")),
    ("fixtures/cool/expected.json", template!("rules/fixtures/cool/expected.json")),
    ("fixtures/too-warm/case.json", template!("rules/fixtures/too-warm/case.json")),
    ("fixtures/too-warm/expected.json", template!("rules/fixtures/too-warm/expected.json")),
];
const ADAPTER: Files = &[
    ("src/lib.rs", template!("adapter/src/lib.rs.jinja")),
    ("fixtures/slip/message.xml", template!("adapter/fixtures/slip/message.xml.jinja")),
    ("fixtures/slip/expected.json", template!("adapter/fixtures/slip/expected.json.jinja")),
    ("fixtures/no-number/message.xml", template!("adapter/fixtures/no-number/message.xml.jinja")),
    ("fixtures/no-number/expected.json", template!("adapter/fixtures/no-number/expected.json.jinja")),
];

/// Writes a project for a new plugin, which builds and passes at once.
#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// Name in kebab case.
    name: String,
    /// What it is to be.
    #[arg(long, value_enum)]
    kind: NewKind,
    /// Folder to make; one of the plugin's name unless given.
    #[arg(long)]
    path: Option<PathBuf>,
    /// Folder of the Rust SDK; that of the checkout this binary or the
    /// current folder belongs to unless given, else a released version.
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NewKind {
    /// Turns messages into documents.
    Adapter,
    /// Compares certificates with declarations.
    Rules,
}

pub(super) fn run(arguments: &New) -> Result<Outcome> {
    let New { name, kind, path, sdk } = arguments;
    ensure!(is_crate_name(name), "`{name}` is not in kebab case, such as honey or frozen-fish");
    let folder = path.clone().unwrap_or_else(|| name.into());
    let is_free = fs::read_dir(&folder).map_or(true, |mut entries| entries.next().is_none());
    ensure!(is_free, "{} is there already, and not empty", folder.display());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let folder_path = folder.canonicalize()?;
    let sdk = Sdk::find(sdk.as_deref())?;
    let kind_files = match kind {
        NewKind::Rules => RULES,
        NewKind::Adapter => ADAPTER,
    };
    let values = |standalone: bool| {
        context! {
            name,
            standalone,
            kind => if *kind == NewKind::Rules { "rules" } else { "adapter" },
            type => camel_case(name),
            title => title(name),
            sdk => sdk.dependency(&folder_path),
            sdk_note => sdk.note(),
        }
    };
    // A member of a workspace must not be one of its own: whether it is one
    // can only be seen once it is there.
    write(&folder_path, COMMON.iter().chain(kind_files), &values(false))?;
    if !is_member(&folder_path) {
        write(&folder_path, COMMON.iter().chain(STANDALONE), &values(true))?;
    }
    if let Sdk::Released = sdk {
        note("no SDK was found beside this binary or above the current folder: the project asks the");
        note("package registry for one; `--sdk FOLDER` names the folder sdk/rust of a checkout instead");
    }
    say(format_args!("{} is ready:", folder.display()));
    say(format_args!("  cd {}", folder.display()));
    say("  ecert plugin test      # runs its fixtures");
    say("  ecert plugin check     # says what is missing");
    say("  ecert plugin build     # makes the component");
    Ok(Outcome::Positive)
}

fn write<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = &'f (&'static str, &'static str)>,
    values: &Value,
) -> Result<()> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, template) in files {
        let text =
            environment.render_str(template, values).with_context(|| format!("the template of {name}"))?;
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        fs::write(&file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Whether cargo takes the crate for a member of a workspace around it.
fn is_member(folder: &Path) -> bool {
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Process::new("cargo").args(arguments).current_dir(folder).output();
    let Ok(output) = output.as_ref().map(|output| &output.stdout) else { return false };
    let metadata: serde_json::Value = serde_json::from_slice(output).unwrap_or_default();
    metadata["workspace_root"].as_str().is_some_and(|root| Path::new(root) != folder)
}

/// Where the new crate finds the SDK.
enum Sdk {
    /// In a folder.
    Folder(PathBuf),
    /// In the package registry.
    Released,
}

impl Sdk {
    fn find(given: Option<&Path>) -> Result<Self> {
        if let Some(folder) = given {
            ensure!(is_sdk(folder), "{} is not the folder of ecert-sdk", folder.display());
            return Ok(Self::Folder(folder.canonicalize()?));
        }
        let starts = [std::env::current_exe().ok(), std::env::current_dir().ok()];
        let starts: Vec<PathBuf> = starts.into_iter().flatten().collect();
        let candidates = starts.iter().flat_map(|start| start.ancestors()).map(|at| at.join("sdk/rust"));
        Ok(candidates.into_iter().find(|folder| is_sdk(folder)).map_or(Self::Released, Self::Folder))
    }

    /// The dependency as `Cargo.toml` writes it; a path within one checkout
    /// is relative, so that the checkout can move.
    fn dependency(&self, project: &Path) -> String {
        let Self::Folder(sdk) = self else { return format!("\"{}\"", env!("CARGO_PKG_VERSION")) };
        let checkout = sdk.parent().and_then(Path::parent);
        let inside = checkout.and_then(|checkout| project.strip_prefix(checkout).ok());
        let path = inside.map_or_else(
            || sdk.clone(),
            |inside| inside.components().map(|_| "..").collect::<PathBuf>().join("sdk/rust"),
        );
        format!("{{ path = {:?} }}", path.display().to_string())
    }

    fn note(&self) -> &'static str {
        match self {
            Self::Folder(_) => {
                "`Cargo.toml` names the folder of the SDK in the checkout of ecert that this\n\
                 project was made with. On another machine, change that path to where ecert lies\n\
                 there, or make the project anew with `ecert plugin new --sdk FOLDER`."
            }
            Self::Released => {
                "`Cargo.toml` asks the package registry for the SDK. To use that of a checkout of\n\
                 ecert, write `ecert-sdk = { path = \"…/ecert/sdk/rust\" }`."
            }
        }
    }
}

fn is_sdk(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml"));
    manifest.is_ok_and(|text| text.lines().any(|line| line.trim() == "name = \"ecert-sdk\""))
}

fn is_crate_name(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_lowercase())
        && name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit())
        })
}

/// `frozen-fish` as `FrozenFish`.
fn camel_case(name: &str) -> String {
    name.split('-').map(capitalised).collect()
}

/// `frozen-fish` as `Frozen fish`.
fn title(name: &str) -> String {
    capitalised(&name.replace('-', " "))
}

fn capitalised(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(signs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_types_and_titles() {
        assert_eq!(
            (camel_case("frozen-fish"), title("frozen-fish")),
            ("FrozenFish".into(), "Frozen fish".into())
        );
        assert!(is_crate_name("honey2") && is_crate_name("frozen-fish"));
        assert!(
            !is_crate_name("2honey")
                && !is_crate_name("Honey")
                && !is_crate_name("a--b")
                && !is_crate_name("")
        );
    }

    #[test]
    fn the_sdk_is_named_so_that_a_checkout_can_move() {
        let sdk = Sdk::Folder("/work/ecert/sdk/rust".into());
        assert_eq!(sdk.dependency(Path::new("/home/honey")), "{ path = \"/work/ecert/sdk/rust\" }");
        assert_eq!(sdk.dependency(Path::new("/work/ecert/try/honey")), "{ path = \"../../sdk/rust\" }");
    }
}
