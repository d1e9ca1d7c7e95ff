//! Fits a document into the hub's profile. What the profile has no element for
//! becomes a note: its subject is the path of the element, its content the
//! value. So nothing is lost, and people can read it.

use sps::write::Tree;

use crate::profile::{Kind, Rule};

const DOCUMENT_NOTE: &str = "IncludedSPSNote";
const LINE_NOTE: &str = "AdditionalInformationSPSNote";

/// A value that has no element of its own, with its path.
type Left = Vec<(String, String)>;

/// The document as the profile has it. None if it lacks what it must have.
pub(crate) fn fit(document: Tree, rule: &Rule) -> Option<Tree> {
    let mut left = Left::new();
    let mut fitted = fit_element(prepared(document), rule, "", &mut left).ok()?;
    let notes = left.into_iter().map(|(path, value)| note(DOCUMENT_NOTE, &path, &value));
    match fitted.children.iter_mut().find(|child| child.name == "SPSExchangedDocument") {
        Some(document) => {
            let rules = inside(inside(std::slice::from_ref(rule), "SPSCertificate"), "SPSExchangedDocument");
            insert(document, rules, notes.collect());
        }
        None => add_reasons(&mut fitted, notes.collect()),
    }
    Some(fitted)
}

/// Notes with a plain subject and one content each, clauses with a number.
fn prepared(mut element: Tree) -> Tree {
    let children = std::mem::take(&mut element.children);
    let mut clauses = 0;
    for child in children {
        match child.name.as_ref() {
            DOCUMENT_NOTE => element.children.extend(plain_notes(&child, DOCUMENT_NOTE)),
            LINE_NOTE => element.children.extend(plain_notes(&child, LINE_NOTE)),
            "IncludedSPSClause" => {
                clauses += 1;
                element.children.push(numbered(&child, clauses));
            }
            _ => element.children.push(prepared(child)),
        }
    }
    element
}

fn texts_of<'t>(element: &'t Tree, name: &'t str) -> impl Iterator<Item = &'t Tree> {
    element.children.iter().filter(move |child| child.name == name)
}

/// A note for each content. The subject of what the standard has no element
/// for is its name.
fn plain_notes(written: &Tree, name: &'static str) -> Vec<Tree> {
    let code = texts_of(written, "SubjectCode").next();
    let text = texts_of(written, "Subject").next();
    let named = code.is_some_and(|code| code.text == "EXTENSION" && !code.attributes.is_empty());
    let subject = if named { text } else { code.or(text) };
    let subject = subject.map(|it| Tree::text("Subject", &it.text));
    let contents = texts_of(written, "ContentCode").filter(|_| !named).chain(texts_of(written, "Content"));
    let plain = |content: &Tree| {
        let mut text = Tree::text("Content", &content.text);
        text.attributes.extend(content.attributes.iter().filter(|(name, _)| *name == "languageID").cloned());
        Tree::new(name).containing(subject.clone()).containing([text])
    };
    let notes: Vec<_> = contents.map(plain).collect();
    if notes.is_empty() { vec![Tree::new(name).containing(subject.clone())] } else { notes }
}

/// A clause under its number, or under its position where it has a name.
fn numbered(clause: &Tree, position: usize) -> Tree {
    let id = texts_of(clause, "ID").next().map_or("", |id| &id.text);
    let contents: Vec<_> = texts_of(clause, "Content").map(|it| it.text.as_str()).collect();
    let contents = contents.join("; ");
    let (number, content) = match id.parse::<i32>() {
        Ok(_) => (id.to_owned(), contents),
        Err(_) if id.is_empty() => (position.to_string(), contents),
        Err(_) => (position.to_string(), format!("{id}: {contents}")),
    };
    Tree::new("IncludedSPSClause").containing([Tree::text("ID", number), Tree::text("Content", content)])
}

/// An element as the rule has it; the element itself, if it does not fit.
fn fit_element(element: Tree, rule: &Rule, path: &str, left: &mut Left) -> Result<Tree, Tree> {
    let attributes: &[&str] = match rule.kind {
        Kind::Group(rules) => return fit_group(element, rules, path, left),
        Kind::Text | Kind::Integer => &[],
        Kind::LanguageText => &["languageID"],
        Kind::Measure => &["unitCode"],
        Kind::Anything => &["schemeID", "listID", "name"],
    };
    let fits = match rule.kind {
        Kind::Integer => element.text.parse::<i32>().is_ok(),
        _ => element.children.is_empty(),
    };
    if !fits {
        return Err(element);
    }
    let mut element = element;
    element.attributes.retain(|(name, _)| attributes.contains(name));
    Ok(element)
}

fn fit_group(element: Tree, rules: &[Rule], path: &str, left: &mut Left) -> Result<Tree, Tree> {
    let mut fitted = Tree::new(element.name.clone());
    let mut waiting: Vec<Option<Tree>> = element.children.iter().cloned().map(Some).collect();
    let mut beyond = Left::new();
    for rule in rules {
        let before = fitted.children.len();
        for (position, slot) in waiting.iter_mut().enumerate() {
            if fitted.children.len() - before == rule.most {
                break;
            }
            let Some(child) = slot.take_if(|child| child.name == rule.name) else { continue };
            let path = step(path, &element.children, position);
            match fit_element(child, rule, &path, &mut beyond) {
                Ok(child) => fitted.children.push(child),
                Err(child) => *slot = Some(child),
            }
        }
        if rule.required && fitted.children.len() == before {
            return Err(element);
        }
    }
    for (position, child) in waiting.iter().enumerate() {
        if let Some(child) = child {
            flatten(child, &step(path, &element.children, position), &mut beyond);
        }
    }
    if rules.iter().any(|rule| rule.name == LINE_NOTE) {
        let own = [path, "/"].concat();
        let of_line =
            |(path, value): (String, String)| note(LINE_NOTE, path.trim_start_matches(&own), &value);
        insert(&mut fitted, rules, beyond.into_iter().map(of_line).collect());
    } else {
        left.append(&mut beyond);
    }
    Ok(fitted)
}

/// The path of a child: its position stands behind its name, if it has
/// siblings of that name.
fn step(path: &str, siblings: &[Tree], position: usize) -> String {
    let name = siblings[position].name.as_ref();
    let alike = |siblings: &[Tree]| siblings.iter().filter(|sibling| sibling.name == name).count();
    let position = match alike(siblings) {
        1 => String::new(),
        _ => format!("[{}]", alike(&siblings[..=position])),
    };
    let slash = if path.is_empty() { "" } else { "/" };
    [path, slash, name, &position].concat()
}

fn flatten(element: &Tree, path: &str, left: &mut Left) {
    if !element.text.is_empty() {
        let unit = element.attributes.iter().find(|(name, _)| *name == "unitCode");
        let unit = unit.map(|(_, unit)| format!(" {unit}")).unwrap_or_default();
        left.push((path.into(), [element.text.as_str(), &unit].concat()));
    }
    for position in 0..element.children.len() {
        flatten(&element.children[position], &step(path, &element.children, position), left);
    }
}

fn note(name: &'static str, path: &str, value: &str) -> Tree {
    Tree::new(name).containing([Tree::text("Subject", path), Tree::text("Content", value)])
}

/// Puts notes behind those that are there, where the rules have them.
fn insert(element: &mut Tree, rules: &[Rule], notes: Vec<Tree>) {
    let order = |name: &str| rules.iter().position(|rule| rule.name == name);
    let Some(own) = notes.first().and_then(|note| order(&note.name)) else { return };
    let before = |child: &Tree| order(&child.name).is_some_and(|position| position <= own);
    let position = element.children.iter().take_while(|child| before(child)).count();
    element.children.splice(position..position, notes);
}

/// The rules within the rule of a name.
fn inside<'r>(rules: &'r [Rule], name: &str) -> &'r [Rule] {
    match rules.iter().find(|rule| rule.name == name).map(|rule| rule.kind) {
        Some(Kind::Group(inside)) => inside,
        _ => &[],
    }
}

/// An acknowledgement has no notes: what is left joins its reason.
fn add_reasons(acknowledgement: &mut Tree, notes: Vec<Tree>) {
    let Some(document) = acknowledgement.children.first_mut() else { return };
    let lines = notes.iter().map(|note| {
        let said: Vec<_> = note.children.iter().map(|child| child.text.as_str()).collect();
        said.join(": ")
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let names: Vec<_> = document.children.iter().map(|child| child.name.clone()).collect();
    match names.iter().position(|name| name == "ReasonInformation") {
        Some(position) => {
            let reason = &mut document.children[position].text;
            *reason = std::iter::once(reason.clone()).chain(lines).collect::<Vec<_>>().join("\n");
        }
        None => {
            let position = names.iter().position(|name| name == "ReferenceSPSReferencedDocument");
            let reason = Tree::text("ReasonInformation", lines.join("\n"));
            document.children.insert(position.unwrap_or(names.len()), reason);
        }
    }
}
