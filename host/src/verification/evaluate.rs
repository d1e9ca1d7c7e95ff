//! Runs the rule sets on a declaration and comes to a verdict.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use ecert_model::cases::{Case, CitedCertificate, PairingBasis, Standing};
use ecert_model::declarations::Declaration;
use ecert_model::reports::{Report, Severity};
use ecert_model::values::Date;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::case::{certificates_of, dates, is_in_scope, items_in_scope, set_due};
use super::codes::{standardise, standardise_certificate};
use super::finding::{HostCode, HostFinding};
use super::frame::{Frame, FramedRun};
use super::gather::Gathered;
use super::judge::judge;
use super::needs::{Agreed, Needs, agreed};
use super::pairing::{Decided, Pairings, item_code, pair};
use super::record::{Finding, Record, RuleSetRun};
use super::register;
use super::render::{Renderer, sort};
use super::requirement::Requirement;
use super::summary;
use super::verdict::verdict;
use crate::contract::Tables;
use crate::contract::places::Places;
use crate::digest::Digest;
use crate::engine::{Engine, Plugin};
use crate::intake::Held;
use crate::reference::{AgreementEntry, Agreements, takes_tolerances};
use crate::registry::{InForce, Snapshot};

/// Rules of the catalogue that say what a finding of the host says, and say it
/// better: one cause gives one finding.
fn said_by(code: HostCode) -> &'static [&'static str] {
    match code {
        HostCode::CertificateMissing | HostCode::CitationAmbiguous => &["citation-resolves"],
        HostCode::CertificateNotCited => &["document-type", "citation-resolves", "exemption-valid"],
        HostCode::PairingMissing => &["commodity-code"],
        // More than a certificate holds is more than it has left.
        HostCode::LedgerRefused => &["net-weight", "item-count", "package-count"],
        HostCode::LedgerStatus => &["certificate-status", "certificate-not-superseded"],
        _ => &[],
    }
}

/// Whether a rule's finding says already what a finding of the host says.
pub(super) fn is_said(known: &[Finding], finding: &HostFinding) -> bool {
    known.iter().any(|known| {
        known.severity >= Severity::Discrepancy
            && (known.item == finding.item || known.item.is_none() || finding.item.is_none())
            && said_by(finding.code).contains(&known.rule.as_str())
    })
}

/// What parameters depend on.
#[derive(Clone, Copy, Debug)]
pub struct ParameterContext<'c> {
    /// Name of the rule set.
    pub rule_set: &'c str,
    /// Commodity code of the item, digits only.
    pub commodity: &'c str,
    /// Origin of the item.
    pub origin: Option<&'c str>,
    /// Type of the first certificate cited for the item.
    pub certificate_type: Option<&'c str>,
    /// The agreement that decides for the item.
    pub agreement: Option<&'c AgreementEntry>,
    /// Whether the rule set knows tolerances, which agreements hold.
    pub tolerances: bool,
    /// Decision date.
    pub date: Date,
}

/// Where effective parameters come from.
pub trait Parameters: Send + Sync {
    /// The parameters (JSON) that hold for an item in a rule set.
    fn effective(&self, context: &ParameterContext<'_>) -> Cow<'_, str>;
}

/// Where the rule sets come from.
pub trait RuleSets: Send + Sync {
    /// The rule sets that judge cases of a decision date.
    /// Versions of one name stand together, the one to be preferred first.
    fn in_force(&self, decision: Date) -> Arc<[InForce]>;

    /// The rule sets that run on live traffic without effect.
    fn shadows(&self) -> Arc<[Arc<Plugin>]> {
        Arc::default()
    }
}

impl RuleSets for Snapshot {
    fn in_force(&self, decision: Date) -> Arc<[InForce]> {
        self.rule_sets(decision)
    }

    fn shadows(&self) -> Arc<[Arc<Plugin>]> {
        Self::shadows(self)
    }
}

/// The same rule sets whatever the date.
impl RuleSets for Vec<Arc<Plugin>> {
    fn in_force(&self, _: Date) -> Arc<[InForce]> {
        self.iter().cloned().map(InForce::from).collect()
    }
}

/// One consistent state of all that judges.
#[derive(Clone)]
pub struct Judges {
    /// Where plugins run.
    pub engine: Engine,
    /// The active rule sets.
    pub rule_sets: Arc<dyn RuleSets>,
    /// Reference tables.
    pub tables: Arc<dyn Tables>,
    /// Versions of those tables, by name.
    pub table_versions: Arc<BTreeMap<String, String>>,
    /// The table of requirements, if there is one.
    pub requirements: Option<Arc<[Requirement]>>,
    /// Parameters.
    pub parameters: Arc<dyn Parameters>,
    /// Agreements with partners.
    pub agreements: Arc<Agreements>,
    /// The authority's time zone.
    pub zone: TimeZone,
}

impl Judges {
    /// Maps the national codes of a declaration that was received then, before
    /// anything is made of it.
    pub fn standardise(&self, declaration: &mut Declaration, received: Timestamp) {
        let day = dates(declaration, &[], received, &self.zone).decision;
        standardise(declaration, &*self.tables, day);
    }
}

/// What is to be judged.
pub struct Subject {
    /// The declaration, its codes mapped ([`Judges::standardise`]).
    pub declaration: Declaration,
    /// Its message's place table.
    pub places: Arc<Places>,
    /// SHA-256 of its message.
    pub digest: Digest,
    /// The certificates it cites.
    pub gathered: Gathered,
    /// Pairs that an officer decided on.
    pub decided: Vec<Decided>,
    /// When this host received it.
    pub received: Timestamp,
    /// Who asks.
    pub requested_by: String,
}

/// What came of it.
pub struct Evaluation {
    /// The case as the rule sets were given it.
    pub case: Case,
    /// The certificates as they are held, in the order of the case.
    pub held: Vec<Arc<Held>>,
    /// The agreement that decides for each item.
    pub agreed: Agreed,
    /// The record, without identifier.
    pub record: Record,
    /// What the record does not hold and a replay needs.
    pub(super) frame: Frame,
    pub(super) places: Arc<Places>,
}

impl Evaluation {
    /// The record with findings that were made afterwards, and their effect on
    /// the verdict.
    pub fn with(&self, findings: &[HostFinding]) -> Record {
        let renderer = Renderer { held: &self.held, places: &self.places };
        let mut record = self.record.clone();
        let new = findings.iter().filter(|finding| !is_said(&self.record.findings, finding));
        record.findings.extend(new.map(|finding| renderer.host(finding)));
        sort(&mut record);
        record.verdict =
            verdict(record.findings.iter().map(|f| f.severity), !self.frame.concerned.is_empty());
        record
    }
}

/// Judges a declaration.
pub fn evaluate(judges: &Judges, subject: Subject) -> Evaluation {
    let started = Instant::now();
    let Subject { declaration, places, digest, gathered, decided, received, requested_by } = subject;
    let Gathered { certificates: held, citations, mut findings } = gathered;
    let mut certificates: Vec<_> = held
        .iter()
        .map(|h| CitedCertificate { certificate: h.body.certificate.clone(), standing: h.standing.clone() })
        .collect();
    let dates = dates(&declaration, &certificates, received, &judges.zone);
    for cited in &mut certificates {
        standardise_certificate(&mut cited.certificate, &*judges.tables, dates.decision);
        let Standing { authority_known, .. } = &mut cited.standing;
        if authority_known.is_none() {
            *authority_known = register::authority_known(&*judges.tables, &cited.certificate, dates.decision);
        }
    }
    let pairings = {
        let certificates: Vec<_> = certificates.iter().map(|cited| &cited.certificate).collect();
        pair(&declaration, &certificates, &citations, &decided)
    };
    let mut case = Case {
        declaration,
        certificates,
        citations,
        pairings: pairings.pairings.clone(),
        due: Vec::new(),
        parameters: Vec::new(),
        dates,
    };
    let needs = Needs::of(&case, judges.requirements.as_deref());
    let agreed = agreed(&case, &judges.agreements);
    findings.extend(pairing_findings(&case, &pairings));
    findings.extend(contradictions(&held));
    findings.extend(needs.findings(&case, &agreed));
    if judges.requirements.is_none() && !needs.concerned.is_empty() {
        findings.push(HostFinding::new(HostCode::NoRequirements, None));
    }

    let mut runs = Runs::default();
    for (plugin, items) in due(&*judges.rule_sets, &case, &needs.concerned) {
        runs.run(judges, &plugin, &mut case, &items, &agreed);
    }
    findings.extend(runs.uncovered(&needs));
    let frame = Frame::of(&case, &held, needs.concerned.clone(), &findings, runs.frames);
    findings.append(&mut runs.findings);

    let renderer = Renderer { held: &held, places: &places };
    let mut rendered: Vec<_> = runs
        .reports
        .iter()
        .flat_map(|(plugin, report)| report.findings.iter().map(|f| renderer.rule(plugin.manifest(), f)))
        .collect();
    findings.retain(|finding| !is_said(&rendered, finding));
    rendered.extend(findings.iter().map(|finding| renderer.host(finding)));

    let concerned = !needs.concerned.is_empty();
    let mut record = Record {
        id: String::new(),
        verdict: verdict(rendered.iter().map(|f| f.severity), concerned),
        at: Timestamp::now().to_string(),
        requested_by,
        declaration: summary::declaration(&case, digest, &agreed),
        certificates: held.iter().map(|h| summary::certificate(h)).collect(),
        dates: summary::dates(&case.dates, received, &judges.zone),
        findings: rendered,
        pins: summary::pins(&judges.table_versions, &agreed, &runs.records, &runs.reports),
        rule_sets: runs.records,
        microseconds: 0,
    };
    sort(&mut record);
    record.microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Evaluation { case, held, agreed, record, frame, places }
}

/// Which version of each rule set judges which items. An item goes to the
/// first version of a name that is activated for it.
pub(super) fn due(rule_sets: &dyn RuleSets, case: &Case, concerned: &[u32]) -> Vec<(Arc<Plugin>, Vec<u32>)> {
    let mut due = Vec::new();
    let mut name = String::new();
    let mut open: Vec<u32> = Vec::new();
    for InForce { plugin, scope } in rule_sets.in_force(case.dates.decision).iter() {
        if plugin.manifest().name != name {
            name.clone_from(&plugin.manifest().name);
            open = concerned.to_vec();
        }
        let (activated, left) = open.into_iter().partition(|item| is_in_scope(scope, case, *item));
        open = left;
        let mut items: Vec<u32> = activated;
        let meant = items_in_scope(plugin.manifest(), case);
        items.retain(|item| meant.contains(item));
        if !items.is_empty() {
            due.push((Arc::clone(plugin), items));
        }
    }
    due
}

/// The parameters that hold for each item in a rule set.
pub(super) fn parameters(
    from: &dyn Parameters,
    plugin: &Plugin,
    case: &Case,
    items: &[u32],
    agreed: &Agreed,
) -> Vec<String> {
    let tolerances = takes_tolerances(plugin.manifest().parameters.as_ref());
    let effective = |&item: &u32| {
        let goods = &case.declaration.items[item as usize];
        let code = item_code(goods);
        let context = ParameterContext {
            rule_set: &plugin.manifest().name,
            commodity: code.as_ref().map_or("", |code| code.digits()),
            origin: goods.origin.as_ref().map(|c| c.value.as_str()),
            certificate_type: certificates_of(case, item)
                .next()
                .map(|c| c.certificate.type_code.value.as_str()),
            agreement: agreed.of(item),
            tolerances,
            date: case.dates.decision,
        };
        from.effective(&context).into_owned()
    };
    items.iter().map(effective).collect()
}

/// The runs of the rule sets.
#[derive(Default)]
struct Runs {
    records: Vec<RuleSetRun>,
    frames: Vec<FramedRun>,
    reports: Vec<(Arc<Plugin>, Report)>,
    findings: Vec<HostFinding>,
}

impl Runs {
    fn run(
        &mut self,
        judges: &Judges,
        plugin: &Arc<Plugin>,
        case: &mut Case,
        items: &[u32],
        agreed: &Agreed,
    ) {
        let mut texts = parameters(&*judges.parameters, plugin, case, items, agreed).into_iter();
        set_due(case, items, |_| texts.next().unwrap_or_default());
        let framed = FramedRun::of(case);
        let judged = judge(&judges.engine, &judges.tables, plugin, case);
        if let Some(failure) = &judged.record.failure {
            let RuleSetRun { name, version, .. } = &judged.record;
            tracing::error!(plugin = %name, %version, %failure, "rule set failed");
            metrics::counter!("ecert_rule_set_failures_total", "rule_set" => name.clone()).increment(1);
        }
        self.records.push(judged.record);
        self.frames.push(FramedRun { host: judged.findings.iter().map(Into::into).collect(), ..framed });
        self.findings.extend(judged.findings);
        self.reports.extend(judged.report.map(|report| (Arc::clone(plugin), report)));
    }

    /// Items on which a needed kind of rule set did not run.
    fn uncovered(&self, needs: &Needs<'_>) -> Vec<HostFinding> {
        let mut findings = Vec::new();
        for &item in &needs.concerned {
            let ran = |kind: &&str| {
                !self
                    .records
                    .iter()
                    .any(|run| run.kind.as_deref() == Some(*kind) && run.items.contains(&item))
            };
            let missing: Vec<&str> = needs.kinds(item).into_iter().filter(ran).collect();
            if !missing.is_empty() {
                findings.push(
                    HostFinding::new(HostCode::ItemUncovered, Some(item))
                        .argument("kinds", missing.join(", ")),
                );
            }
        }
        findings
    }
}

fn pairing_findings(case: &Case, pairings: &Pairings) -> Vec<HostFinding> {
    let finding = |code, item: u32, certificate: u32| {
        let number = &case.certificates[certificate as usize].certificate.number;
        HostFinding::new(code, Some(item))
            .argument("number", &number.value)
            .in_certificate(certificate, number.place)
            .in_declaration(case.declaration.items[item as usize].place)
    };
    let ambiguous = pairings.ambiguous.iter().map(|&(item, certificate)| {
        let lines: Vec<String> = case
            .pairings
            .iter()
            .filter(|p| (p.item, p.certificate, p.basis) == (item, certificate, PairingBasis::Ambiguous))
            .filter_map(|p| {
                case.certificates[certificate as usize].certificate.consignment.lines.get(p.line as usize)
            })
            .map(|line| line.sequence.to_string())
            .collect();
        finding(HostCode::PairingAmbiguous, item, certificate).argument("lines", lines.join(", "))
    });
    let unmatched = pairings.unmatched.iter().map(|&(item, certificate)| {
        let code = item_code(&case.declaration.items[item as usize]);
        finding(HostCode::PairingMissing, item, certificate)
            .argument("code", code.as_ref().map_or("—", |code| code.digits()))
    });
    ambiguous.chain(unmatched).collect()
}

fn contradictions(held: &[Arc<Held>]) -> Vec<HostFinding> {
    (0..)
        .zip(held)
        .filter(|(_, held)| held.contradicted)
        .map(|(index, held)| {
            let number = &held.body.certificate.number;
            HostFinding::new(HostCode::CertificateConflict, None)
                .argument("number", &number.value)
                .in_certificate(index, number.place)
        })
        .collect()
}
