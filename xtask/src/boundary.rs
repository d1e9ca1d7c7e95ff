//! Writes how the contract's types lie in a guest's memory:
//! `sdk/guest/src/types.rs` from `wit/`.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use wit_parser::{Resolve, Type, TypeDefKind, TypeId};

use crate::model::{HEADER, rust_type, snake, upper_camel};

/// The file, from the project's root.
pub(crate) const FILE: &str = "sdk/guest/src/types.rs";

/// Layouts of all types of the interfaces that hold nothing but types.
pub(crate) fn generate(resolve: &Resolve, types: impl Iterator<Item = TypeId>) -> Result<String> {
    let mut out = String::from(HEADER);
    out.push_str("//! Layouts of the model's types.\n\nuse crate::abi::{enumeration, record, variant};\n\n");
    for id in types {
        layout(&mut out, resolve, id)?;
    }
    Ok(out)
}

fn layout(out: &mut String, resolve: &Resolve, id: TypeId) -> Result<()> {
    let def = &resolve.types[id];
    let name = rust_name(resolve, &Type::Id(id))?;
    match &def.kind {
        TypeDefKind::Type(_) => {}
        TypeDefKind::Record(record) => {
            writeln!(out, "record!({name} {{")?;
            for field in &record.fields {
                writeln!(out, "    {}: {},", snake(&field.name), rust_name(resolve, &field.ty)?)?;
            }
            out.push_str("});\n\n");
        }
        TypeDefKind::Enum(e) => {
            writeln!(out, "enumeration!({name} {{")?;
            for (number, case) in e.cases.iter().enumerate() {
                writeln!(out, "    {} = {number},", upper_camel(&case.name))?;
            }
            out.push_str("});\n\n");
        }
        TypeDefKind::Variant(v) => {
            writeln!(out, "variant!({name} {{")?;
            for (number, case) in v.cases.iter().enumerate() {
                let payload = case.ty.map(|ty| rust_name(resolve, &ty)).transpose()?;
                let payload = payload.map(|ty| format!("({ty})")).unwrap_or_default();
                writeln!(out, "    {}{payload} = {number},", upper_camel(&case.name))?;
            }
            out.push_str("});\n\n");
        }
        other => bail!("{name}: {} has no layout yet", other.as_str()),
    }
    Ok(())
}

fn rust_name(resolve: &Resolve, ty: &Type) -> Result<String> {
    // Aliases of plain types stand for those.
    if let Type::Id(id) = ty
        && let TypeDefKind::Type(target) = &resolve.types[*id].kind
    {
        return rust_name(resolve, target);
    }
    let name = rust_type(resolve, ty).context("a type of the contract")?;
    Ok(name.replace("crate::", "ecert_model::"))
}
