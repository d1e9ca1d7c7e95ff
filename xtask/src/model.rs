//! Writes the Rust form of the contract's types: `model/src/<interface>.rs`
//! from `wit/<interface>.wit`.
//!
//! One set of Rust types serves guests (`boundary` writes their layout) and the
//! host (through wasmtime's derives), so nothing is converted in between, and
//! the documentation of the contract is the documentation of the crate.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use wit_parser::{Case, Field, Interface, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner};

use crate::boundary;

/// First lines of a generated file.
pub(crate) const HEADER: &str =
    "// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.\n\n";

/// Types whose JSON is a plain string; `model/src/text.rs` says how.
const WRITTEN_AS_TEXT: [&str; 3] = ["decimal", "date", "time"];

/// Types whose values `model/src/walk.rs` checks.
const CHECKED: [&str; 4] = ["decimal", "date", "time", "date-time"];

/// Every generated file: its path from the project's root, and its content.
pub(crate) fn generate(root: &Path) -> Result<Vec<(String, String)>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("wit")).context("reading wit/")?;
    let mut files = Vec::new();
    let mut types = Vec::new();
    for id in resolve.packages[package].interfaces.values() {
        let interface = &resolve.interfaces[*id];
        if interface.functions.is_empty() {
            let name = interface.name.as_deref().context("unnamed interface")?;
            let source = module(&resolve, interface)?;
            files.push((format!("model/src/{name}.rs"), crate::rustfmt(&source)?));
            types.extend(interface.types.values().copied());
        }
    }
    let layouts = boundary::generate(&resolve, types.into_iter())?;
    files.push((boundary::FILE.to_owned(), crate::rustfmt(&layouts)?));
    Ok(files)
}

fn module(resolve: &Resolve, interface: &Interface) -> Result<String> {
    let mut out = String::from(HEADER);
    docs(&mut out, "//!", interface.docs.contents.as_deref());
    out.push('\n');
    for id in interface.types.values() {
        let def = &resolve.types[*id];
        let TypeDef { name: Some(name), .. } = def else { bail!("unnamed type") };
        type_definition(&mut out, resolve, *id, name)?;
    }
    Ok(out)
}

fn type_definition(out: &mut String, resolve: &Resolve, id: TypeId, name: &str) -> Result<()> {
    let def = &resolve.types[id];
    let rust = upper_camel(name);
    let doc = def.docs.contents.as_deref();
    match &def.kind {
        TypeDefKind::Type(Type::Id(_)) => {}
        TypeDefKind::Type(target) => {
            docs(out, "///", doc);
            writeln!(out, "pub type {rust} = {};\n", rust_type(resolve, target)?)?;
        }
        TypeDefKind::Record(record) => {
            let as_text = WRITTEN_AS_TEXT.contains(&name);
            docs(out, "///", doc);
            attributes(out, "record", if as_text { Json::Text } else { Json::Record }, copy(resolve, id));
            writeln!(out, "pub struct {rust} {{")?;
            for field in &record.fields {
                docs(out, "///", field.docs.contents.as_deref());
                let ident = snake(&field.name);
                if ident != field.name {
                    writeln!(out, "#[cfg_attr(feature = \"host\", component(name = \"{}\"))]", field.name)?;
                }
                if !as_text && let Some(skip) = skip_when(resolve, &field.ty) {
                    writeln!(out, "#[serde(skip_serializing_if = \"{skip}\")]")?;
                }
                writeln!(out, "pub {ident}: {},", rust_type(resolve, &field.ty)?)?;
            }
            out.push_str("}\n\n");
            if !CHECKED.contains(&name) {
                walk_fields(out, resolve, &rust, &record.fields);
            }
        }
        TypeDefKind::Enum(e) => {
            docs(out, "///", doc);
            attributes(out, "enum", Json::Cases, true);
            writeln!(out, "#[repr(u8)]\npub enum {rust} {{")?;
            for (index, case) in e.cases.iter().enumerate() {
                case_head(out, &case.name, case.docs.contents.as_deref(), index == 0);
                writeln!(out, "{},", upper_camel(&case.name))?;
            }
            out.push_str("}\n\n");
        }
        TypeDefKind::Variant(v) => {
            docs(out, "///", doc);
            if v.cases.iter().any(|case| {
                case.ty.as_ref().is_some_and(|ty| matches!(ty, Type::Id(id) if !copy(resolve, *id)))
            }) {
                out.push_str(
                    "#[allow(clippy::large_enum_variant, reason = \"the component model has no boxes\")]\n",
                );
            }
            let first_is_unit = v.cases[0].ty.is_none();
            attributes(
                out,
                "variant",
                if first_is_unit { Json::Cases } else { Json::CasesWithoutDefault },
                copy(resolve, id),
            );
            writeln!(out, "pub enum {rust} {{")?;
            for (index, case) in v.cases.iter().enumerate() {
                case_head(out, &case.name, case.docs.contents.as_deref(), first_is_unit && index == 0);
                match &case.ty {
                    Some(ty) => writeln!(out, "{}({}),", upper_camel(&case.name), rust_type(resolve, ty)?)?,
                    None => writeln!(out, "{},", upper_camel(&case.name))?,
                }
            }
            out.push_str("}\n\n");
            if !first_is_unit {
                let first = upper_camel(&v.cases[0].name);
                writeln!(
                    out,
                    "impl Default for {rust} {{\nfn default() -> Self {{\nSelf::{first}(Default::default())\n}}\n}}\n"
                )?;
            }
            walk_cases(out, resolve, &rust, &v.cases);
        }
        other => bail!("{name}: {} has no Rust form yet", other.as_str()),
    }
    Ok(())
}

/// How a type is written in JSON.
#[derive(Clone, Copy, PartialEq)]
enum Json {
    Text,
    Record,
    Cases,
    CasesWithoutDefault,
}

fn attributes(out: &mut String, style: &str, json: Json, copy: bool) {
    let mut derives = vec!["Clone"];
    if copy {
        derives.push("Copy");
    }
    derives.extend(["Debug", "PartialEq"]);
    if style == "enum" || json == Json::Text {
        derives.extend(["Eq", "Hash"]);
    }
    if style == "enum" {
        derives.extend(["PartialOrd", "Ord"]);
    }
    if json != Json::CasesWithoutDefault {
        derives.push("Default");
    }
    if json != Json::Text {
        derives.extend(["serde::Serialize", "serde::Deserialize"]);
    }
    let _ = writeln!(out, "#[derive({})]", derives.join(", "));
    match json {
        Json::Text => {}
        Json::Record => out.push_str("#[serde(rename_all = \"camelCase\", default)]\n"),
        _ => out.push_str("#[serde(rename_all = \"kebab-case\")]\n"),
    }
    let _ = writeln!(
        out,
        "#[cfg_attr(feature = \"host\", derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower))]\n#[cfg_attr(feature = \"host\", component({style}))]"
    );
}

fn case_head(out: &mut String, name: &str, doc: Option<&str>, default: bool) {
    docs(out, "///", doc);
    let _ = writeln!(out, "#[cfg_attr(feature = \"host\", component(name = \"{name}\"))]");
    if default {
        out.push_str("#[default]\n");
    }
}

/// Lets a walker visit every place and checked value of a record.
fn walk_fields(out: &mut String, resolve: &Resolve, rust: &str, fields: &[Field]) {
    let mut steps = String::new();
    for field in fields.iter().filter(|field| walks(resolve, &field.ty)) {
        let value = format!("self.{}", snake(&field.name));
        let _ = match &field.ty {
            ty if is_place(resolve, ty) => writeln!(steps, "walker.place({value});"),
            Type::Id(id) if matches!(&resolve.types[*id].kind, TypeDefKind::List(ty) if is_place(resolve, ty)) =>
            {
                writeln!(steps, "{value}.iter().for_each(|place| walker.place(*place));")
            }
            _ => writeln!(steps, "crate::walk::Walk::walk(&{value}, walker);"),
        };
    }
    walk(out, rust, &steps);
}

/// Lets a walker visit every place and checked value of a variant.
fn walk_cases(out: &mut String, resolve: &Resolve, rust: &str, cases: &[Case]) {
    let mut arms = String::new();
    for case in cases.iter().filter(|case| case.ty.is_some_and(|ty| walks(resolve, &ty))) {
        let case = upper_camel(&case.name);
        let _ = writeln!(arms, "Self::{case}(value) => crate::walk::Walk::walk(value, walker),");
    }
    if !arms.is_empty() {
        let rest = if arms.lines().count() < cases.len() { "_ => {}\n" } else { "" };
        walk(out, rust, &format!("match self {{\n{arms}{rest}}}\n"));
    }
}

fn walk(out: &mut String, rust: &str, steps: &str) {
    if !steps.is_empty() {
        let _ = writeln!(
            out,
            "impl crate::walk::Walk for {rust} {{\nfn walk(&self, walker: &mut crate::walk::Walker) {{\n{steps}}}\n}}\n"
        );
    }
}

fn is_place(resolve: &Resolve, ty: &Type) -> bool {
    let Type::Id(id) = ty else { return false };
    match &resolve.types[*id] {
        TypeDef { kind: TypeDefKind::Type(inner @ Type::Id(_)), .. } => is_place(resolve, inner),
        def => def.name.as_deref() == Some("place"),
    }
}

/// Whether a type holds places or checked values.
fn walks(resolve: &Resolve, ty: &Type) -> bool {
    let Type::Id(id) = ty else { return false };
    let def = &resolve.types[*id];
    is_place(resolve, ty)
        || def.name.as_deref().is_some_and(|name| CHECKED.contains(&name))
        || match &def.kind {
            TypeDefKind::Type(inner) | TypeDefKind::Option(inner) | TypeDefKind::List(inner) => {
                walks(resolve, inner)
            }
            TypeDefKind::Record(record) => record.fields.iter().any(|field| walks(resolve, &field.ty)),
            TypeDefKind::Variant(v) => {
                v.cases.iter().filter_map(|case| case.ty).any(|ty| walks(resolve, &ty))
            }
            _ => false,
        }
}

fn docs(out: &mut String, mark: &str, text: Option<&str>) {
    for line in text.unwrap_or_default().trim().lines() {
        let _ = writeln!(out, "{mark} {line}");
    }
}

pub(crate) fn rust_type(resolve: &Resolve, ty: &Type) -> Result<String> {
    Ok(match ty {
        Type::Bool => "bool".into(),
        Type::U8 => "u8".into(),
        Type::U16 => "u16".into(),
        Type::U32 => "u32".into(),
        Type::S16 => "i16".into(),
        Type::S64 => "i64".into(),
        Type::String => "String".into(),
        Type::Id(id) => {
            let def = &resolve.types[*id];
            match &def.kind {
                TypeDefKind::Option(inner) => format!("Option<{}>", rust_type(resolve, inner)?),
                TypeDefKind::List(inner) => format!("Vec<{}>", rust_type(resolve, inner)?),
                TypeDefKind::Type(inner @ Type::Id(_)) => rust_type(resolve, inner)?,
                _ => {
                    let name = def.name.as_deref().context("unnamed type")?;
                    let TypeOwner::Interface(owner) = def.owner else { bail!("{name}: not in an interface") };
                    let module = resolve.interfaces[owner].name.as_deref().context("unnamed interface")?;
                    format!("crate::{}::{}", snake(module), upper_camel(name))
                }
            }
        }
        other => bail!("{other:?} has no Rust form yet"),
    })
}

/// The test that keeps an empty field out of the JSON.
fn skip_when(resolve: &Resolve, ty: &Type) -> Option<&'static str> {
    let Type::Id(id) = ty else { return None };
    match &resolve.types[*id] {
        TypeDef { kind: TypeDefKind::Option(_), .. } => Some("Option::is_none"),
        TypeDef { kind: TypeDefKind::List(_), .. } => Some("Vec::is_empty"),
        TypeDef { kind: TypeDefKind::Type(Type::Id(inner)), .. } => skip_when(resolve, &Type::Id(*inner)),
        TypeDef { name: Some(name), .. } if name == "place" => Some("crate::text::is_whole_message"),
        _ => None,
    }
}

/// Whether a type holds no memory of its own.
fn copy(resolve: &Resolve, id: TypeId) -> bool {
    let plain = |ty: &Type| match ty {
        Type::Id(id) => copy(resolve, *id),
        Type::String => false,
        _ => true,
    };
    match &resolve.types[id].kind {
        TypeDefKind::Type(ty) | TypeDefKind::Option(ty) => plain(ty),
        TypeDefKind::Record(record) => record.fields.iter().all(|field| plain(&field.ty)),
        TypeDefKind::Variant(v) => v.cases.iter().filter_map(|case| case.ty.as_ref()).all(plain),
        TypeDefKind::Enum(_) => true,
        _ => false,
    }
}

pub(crate) fn snake(kebab: &str) -> String {
    kebab.replace('-', "_")
}

pub(crate) fn upper_camel(kebab: &str) -> String {
    kebab
        .split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
