//! Everything that is checked besides the tests.

use std::path::Path;

use anyhow::Result;

use crate::{cargo, dependencies, run};

/// Generated files, formatting, dependencies, lints and documentation.
pub(crate) fn check(root: &Path) -> Result<()> {
    crate::write_model(true)?;
    println!("model/: as wit/ says");
    let packages = dependencies::check(root)?;
    println!("dependencies: {packages} packages are as deny.toml wants them");
    for ignored in dependencies::ignored(root)? {
        println!("  set aside: {ignored}");
    }
    for workspace in [root.to_path_buf(), root.join("plugins")] {
        run(cargo(&workspace).args(["fmt", "--all", "--check"]))?;
        run(cargo(&workspace).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))?;
        run(cargo(&workspace)
            .args(["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}
