use ecert_sdk::adapter::Adapter;
use ecert_sdk::commodity::{self, Comparison};
use ecert_sdk::model::cases::*;
use ecert_sdk::model::certificates::*;
use ecert_sdk::model::declarations::*;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::values::*;
use ecert_sdk::reference_number::normalise;
use ecert_sdk::rules::RuleSet;
use ecert_sdk::tables::{LookupError, Row, Tables};
use std::collections::BTreeMap;
use std::path::Path;

struct Csv(BTreeMap<String, (Vec<String>, Vec<Vec<String>>)>);
fn split(line: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (vec![], String::new(), false);
    for c in line.chars() {
        match c { '"' => quoted = !quoted, ',' if !quoted => out.push(std::mem::take(&mut cell)), c => cell.push(c) }
    }
    out.push(cell);
    out
}
const T: &[(&str, &[&str], &[&str])] = &[
    ("approved-establishments", &["country", "number"], &["activity", "species", "status"]),
    ("party-aliases", &["party"], &["alias"]),
];
impl Tables for Csv {
    fn lookup(&self, table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        let (head, rows) = self.0.get(table).ok_or(LookupError::UnknownTable)?;
        let (_, k, c) = T.iter().find(|t| t.0 == table).unwrap();
        let at = |n: &str| head.iter().position(|h| h == n).unwrap();
        Ok(keys.iter().map(|key| rows.iter().filter(|r| {
            k.iter().zip(key).all(|(n, v)| &r[at(n)] == v)
                && (r[at("validFrom")].is_empty() || r[at("validFrom")].parse::<Date>().unwrap() <= as_of)
                && (r[at("validUntil")].is_empty() || r[at("validUntil")].parse::<Date>().unwrap() >= as_of)
        }).map(|r| Row { cells: c.iter().map(|n| r[at(n)].clone()).collect(), ..Row::default() }).collect()).collect())
    }
}
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let root = Path::new(&root);
    let only = std::env::args().nth(2);
    let mut tables = BTreeMap::new();
    for f in std::fs::read_dir(root.join("tables")).unwrap() {
        let p = f.unwrap().path();
        let t = std::fs::read_to_string(&p).unwrap();
        let mut l = t.lines();
        let h = split(l.next().unwrap());
        tables.insert(p.file_stem().unwrap().to_str().unwrap().to_owned(), (h, l.map(split).collect()));
    }
    let tables = Csv(tables);
    let par = |n: &str| std::fs::read_to_string(root.join("parameters").join(n)).unwrap();
    let (pc, pm) = (par("certificate-consistency.json"), par("meat.json"));
    let m = root.join("messages");
    let index: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(m.join("index.json")).unwrap()).unwrap();
    let (mut ok, mut bad) = (0, 0);
    for case in index["cases"].as_array().unwrap() {
        if case["kind"] == "bad" || only.as_ref().is_some_and(|o| case["id"] != o.as_str()) { continue }
        let mut held: Vec<(Certificate, bool)> = vec![];
        for c in case["certificates"].as_array().unwrap() {
            let b = std::fs::read(m.join(c["file"].as_str().unwrap())).unwrap();
            let f = uncefact_sps::UncefactSps::recognise(&b).unwrap().format;
            for d in uncefact_sps::UncefactSps::read(&b, &f).documents {
                if let Document::Certificate(x) = d { held.push((x, c.get("sender").is_none())) }
            }
        }
        for d in case["declarations"].as_array().unwrap() {
            let b = std::fs::read(m.join(d["file"].as_str().unwrap())).unwrap();
            let r = wco_declaration::WcoDeclaration::read(&b, wco_declaration::FORMAT);
            let Some(Document::Declaration(decl)) = r.documents.into_iter().next() else { panic!() };
            let mut got: Vec<String> = vec![];
            let full = judge(&decl, &held, &tables, &pc, &pm, &mut got);
            let mut want: Vec<String> = d["findings"].as_array().unwrap().iter().map(|f| format!("{} {} {} {}", f["ruleSet"].as_str().unwrap(), f["rule"].as_str().unwrap(), f.get("item").map_or("-".into(), |i| i.to_string()), f["severity"].as_str().unwrap())).collect();
            got.sort(); want.sort();
            if std::env::var("ALL").is_ok() { println!("{}", case["id"]); for l in &full { println!("     {l}") } }
            if got == want { ok += 1 } else { bad += 1; println!("== {} {}\n  want {:?}\n  got  {:?}", case["id"], d["file"], want, got); for l in full { println!("     {l}") } }
        }
    }
    println!("{ok} as expected, {bad} not");
}
fn judge(decl: &Declaration, held: &[(Certificate, bool)], tables: &Csv, pc: &str, pm: &str, got: &mut Vec<String>) -> Vec<String> {
    let types = |t: &str| matches!(t, "N851" | "N852" | "N853" | "C085" | "C640");
    let mut case = Case { declaration: decl.clone(), ..Case::default() };
    case.dates = CaseDates { decision: decl.accepted.map_or(Date { year: 2026, month: 11, day: 23 }, |a| a.date), arrival: decl.arrival.map(|a| a.date), dispatch: decl.dispatched.map(|a| a.date), ..CaseDates::default() };
    let docs = decl.documents.iter().enumerate().map(|(i, d)| (None, i, d)).chain(decl.items.iter().enumerate().flat_map(|(n, it)| it.documents.iter().enumerate().map(move |(i, d)| (Some(n as u32), i, d))));
    let mut named: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    let mut cites: Vec<(Option<u32>, u32)> = vec![];
    let mut idx: Vec<usize> = vec![];
    for (item, i, doc) in docs {
        let t = doc.type_code.as_ref().map_or("", |c| &c.value);
        let mut c = Citation { item, document: i as u32, resolution: Resolution::NotACertificate, certificate: None };
        if types(t) {
            if doc.exemption.is_some() { c.resolution = Resolution::Exempted } else {
                let n = normalise(&doc.number.as_ref().unwrap().value);
                match held.iter().position(|(h, _)| normalise(&h.number.value) == n) {
                    None => c.resolution = Resolution::NotFound,
                    Some(h) => {
                        let k = idx.iter().position(|x| *x == h).unwrap_or_else(|| { idx.push(h); idx.len() - 1 }) as u32;
                        c.resolution = Resolution::Resolved; c.certificate = Some(k);
                        cites.push((item, k));
                        if let (Some(l), Some(it)) = (doc.line, item) { named.entry((it, k)).or_default().push(l) }
                    }
                }
            }
        }
        case.citations.push(c);
    }
    for h in &idx {
        let (c, hub) = &held[*h];
        let mut first = c.issued;
        for r in &c.replaces { if let Some((o, _)) = held.iter().find(|(o, _)| normalise(&o.number.value) == normalise(&r.value)) { first = o.issued } }
        let by = held.iter().find(|(o, _)| o.replaces.iter().any(|r| normalise(&r.value) == normalise(&c.number.value))).map(|(o, _)| o.number.clone());
        let (hd, rows) = &tables.0["issuing-authorities"]; let _ = hd;
        let known = c.issuer.as_ref().map(|p| rows.iter().any(|r| p.identifiers.iter().any(|i| i.value == r[1]) || p.names.iter().any(|n| n.value == r[2])));
        case.certificates.push(CitedCertificate { certificate: c.clone(), standing: Standing { status: c.status.clone(), first_issued: first, replaced_by: by, authority_known: known, channel: Channel::Delivery, authenticity: if *hub { Authenticity::Authentic } else { Authenticity::NotEntitled }, ..Standing::default() } });
    }
    for (n, it) in decl.items.iter().enumerate() {
        let n = n as u32;
        let mut done = vec![];
        for (item, k) in &cites {
            if item.is_some_and(|i| i != n) || done.contains(k) { continue }
            done.push(*k);
            let lines = &case.certificates[*k as usize].certificate.consignment.lines;
            let ls: Vec<usize> = match named.get(&(n, *k)) {
                Some(l) => l.iter().filter_map(|s| lines.iter().position(|x| x.sequence == *s)).collect(),
                None if lines.len() == 1 => vec![0],
                None => lines.iter().enumerate().filter(|(_, l)| it.commodity.as_ref().is_some_and(|c| l.classifications.iter().any(|k| matches!(commodity::compare(k, c), Comparison::Same { .. })))).map(|(i, _)| i).collect(),
            };
            let basis = if ls.len() > 1 && !named.contains_key(&(n, *k)) { got.push(format!("AMBIGUOUS {n}")); PairingBasis::Ambiguous } else { PairingBasis::LineReference };
            for l in ls { case.pairings.push(Pairing { item: n, certificate: *k, line: l as u32, basis }) }
        }
    }
    let mut full = vec![];
    run::<certificate_consistency::CertificateConsistency>("certificate-consistency", &mut case, pc, |_| true, tables, got, &mut full);
    run::<meat::Meat>("meat", &mut case, pm, |c| c.starts_with("02"), tables, got, &mut full);
    full
}
fn run<R: RuleSet>(name: &str, case: &mut Case, p: &str, scope: fn(&str) -> bool, tables: &Csv, got: &mut Vec<String>, full: &mut Vec<String>) {
    case.parameters = vec![p.to_owned()];
    let concerned = |i: u32| case.citations.iter().any(|c| c.resolution != Resolution::NotACertificate && c.item.is_none_or(|x| x == i));
    case.due = case.declaration.items.iter().enumerate().filter(|(i, it)| concerned(*i as u32) && it.commodity.as_ref().and_then(|c| c.class_code.as_deref()).is_some_and(scope)).map(|(i, _)| DueItem { item: i as u32, parameters: 0 }).collect();
    if case.due.is_empty() { return }
    let report = ecert_sdk::rules::run::<R>(case, tables);
    let rules = R::rules();
    let manifest = ecert_sdk::manifest::of_rules::<R>();
    let _ = rules;
    for f in &report.findings {
        let id = &manifest.rules[f.rule as usize].id;
        let item = f.item.map_or("-".into(), |i| case.declaration.items[i as usize].sequence.to_string());
        got.push(format!("{name} {id} {item} {}", format!("{:?}", f.severity).to_lowercase()));
        full.push(format!("{id}: expected {:?} actual {:?} args {:?}", f.expected, f.actual, f.arguments));
    }
    for o in &report.outcomes {
        if let ecert_sdk::model::reports::Verdict::NotEvaluable(n) = o.verdict {
            full.push(format!("not evaluable: {} {:?} ({})", manifest.rules[o.rule as usize].id, o.item, manifest.rules[o.rule as usize].needs[n as usize]));
        }
    }
}
