//! `SPSTradeLineItem`: what is certified, line by line.

use crate::node::Node;
use crate::own;
use crate::process::is_own;
use ecert_sdk::model::certificates::{Totals, TradeLine};
use ecert_sdk::model::parts::{Classification, Note, Packages};
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Decimal, Measure};
use ecert_sdk::unit::{self, Family};

use crate::animals::take_animals;
use crate::basics::{Reader, decimal};
use crate::references::{about, content};

/// What a line and the totals state in numbers.
#[derive(Default)]
struct Quantities {
    net_weight: Option<Measure>,
    gross_weight: Option<Measure>,
    net_volume: Option<Measure>,
    gross_volume: Option<Measure>,
    count: Option<Measure>,
}

impl Reader {
    /// `SPSTradeLineItem`; `position` is its place among the lines, from 1.
    pub(crate) fn line<'d>(&self, element: impl Node<'d>, position: u32) -> TradeLine {
        let quantities = self.quantities(element);
        let classifications: Vec<_> = element
            .children("ApplicableSPSClassification")
            .filter_map(|classification| self.classification(classification))
            .collect();
        let mut notes = self.notes(element, "AdditionalInformationSPSNote");
        let own = own::take(&mut notes);
        let mut animals = take_animals(&mut notes, &classifications);
        own::complete_animals(&mut animals, &mut notes);
        let (processes, own_processes): (Vec<_>, Vec<_>) =
            element.children("AppliedSPSProcess").partition(|process| !is_own(*process));
        let mut line = TradeLine {
            animals,
            sequence: self.sequence(element).unwrap_or(position),
            descriptions: self.texts(element, "Description"),
            common_names: self.texts(element, "CommonName"),
            scientific_names: self.texts(element, "ScientificName"),
            intended_uses: self.texts(element, "IntendedUse"),
            classifications,
            net_weight: quantities.net_weight,
            gross_weight: quantities.gross_weight,
            net_volume: quantities.net_volume,
            gross_volume: quantities.gross_volume,
            count: quantities.count.or_else(|| other_quantity(&notes)),
            packages: self.packages(element),
            origins: element.children("OriginSPSCountry").filter_map(|origin| self.country(origin)).collect(),
            processes: processes.into_iter().map(|process| self.process(process)).collect(),
            expiry: self.date_time_of(element, "ExpiryDateTime"),
            batches: self.identifiers(element, "ProductionBatchID"),
            containers: element
                .children("AssociatedSPSTransportEquipment")
                .filter_map(|equipment| self.identifier(equipment.child("ID")?))
                .collect(),
            storage_condition: storage_condition(&notes),
            referenced_documents: element
                .children("ReferenceSPSReferencedDocument")
                .map(|document| self.referenced_document(document))
                .collect(),
            notes,
            place: element.place(),
            ..TradeLine::default()
        };
        let of_packages = element.children("PhysicalSPSPackage").flat_map(|package| package.elements());
        let nominal = of_packages.filter(|child| child.name().starts_with("Nominal"));
        for other in element.children("OriginSPSLocation").chain(nominal) {
            self.keep(&mut line.extensions, other);
        }
        for process in own_processes {
            self.own_process(process, &mut line);
        }
        own::complete_line(&mut line, &own);
        line
    }

    fn sequence<'d>(&self, element: impl Node<'d>) -> Option<u32> {
        let number = element.child("SequenceNumeric").map(|child| (child, self.decimal(child)));
        let sequence = number.and_then(|(_, number)| whole(number?));
        if sequence.is_none() {
            let text = "the line has no SequenceNumeric of 0 or more: its position is taken instead".into();
            let at = number.map_or(element, |(child, _)| child);
            self.report("bad-sequence", ProblemSeverity::Warning, at, text);
        }
        sequence
    }

    /// Weights and volumes. Some senders count animals and pieces in the net
    /// volume or the gross weight; the unit says so.
    fn quantities<'d>(&self, element: impl Node<'d>) -> Quantities {
        let mut quantities = Quantities {
            net_weight: self.quantity(element, "NetWeightMeasure"),
            gross_weight: self.quantity(element, "GrossWeightMeasure"),
            net_volume: self.quantity(element, "NetVolumeMeasure"),
            gross_volume: self.quantity(element, "GrossVolumeMeasure"),
            count: None,
        };
        let Quantities { net_weight, gross_weight, net_volume, gross_volume, count } = &mut quantities;
        for measure in [net_volume, net_weight, gross_volume, gross_weight] {
            if measure.as_ref().is_some_and(counts) {
                let counted = measure.take();
                *count = count.take().or(counted);
            }
        }
        quantities
    }

    /// A weight or volume of goods; one of zero states nothing, with or without
    /// a unit.
    fn quantity<'d>(&self, element: impl Node<'d>, child: &str) -> Option<Measure> {
        let stated = element.child(child)?;
        if decimal(stated.text()).is_some_and(|value| value.coefficient == 0) {
            let text = format!("{child} is zero and taken as not stated: leave it out");
            self.report("zero-quantity", ProblemSeverity::Information, stated, text);
            stated.ignore();
            return None;
        }
        self.measure(stated)
    }

    /// `SPSClassification`; none if it has neither a code nor a name.
    pub(crate) fn classification<'d>(&self, element: impl Node<'d>) -> Option<Classification> {
        let name = self.texts(element, "SystemName").into_iter().next().map(|name| name.value);
        let id = self.code_of(element, "SystemID", None).map(|code| code.value);
        let edition = element.child("ClassCode").and_then(|code| code.attribute("listVersionID"));
        let class_code = self.code_of(element, "ClassCode", None).map(|code| code.value);
        let names = self.texts(element, "ClassName");
        let empty = class_code.is_none() && names.is_empty();
        (!empty).then(|| Classification {
            system: system(id, name),
            edition: edition.map(Into::into),
            class_code,
            names,
            place: element.place(),
        })
    }

    fn packages<'d>(&self, element: impl Node<'d>) -> Vec<Packages> {
        element.children("PhysicalSPSPackage").map(|package| self.package(package)).collect()
    }

    /// `SPSPackage`.
    fn package<'d>(&self, element: impl Node<'d>) -> Packages {
        element.children("ItemQuantity").for_each(|quantity| quantity.ignore_attributes(&["unitCode"]));
        Packages {
            level: self.code_of(element, "LevelCode", Some("UNCL7075")),
            type_code: self.code_of(element, "TypeCode", Some("REC21")),
            count: element.child("ItemQuantity").and_then(|quantity| self.decimal(quantity)),
            marks: element
                .children("PhysicalSPSShippingMarks")
                .flat_map(|marks| self.texts(marks, "Marking"))
                .collect(),
            place: element.place(),
        }
    }

    /// Whether a line 0 is the sum of the others, not goods of its own: it
    /// names no goods.
    pub(crate) fn is_totals<'d>(&self, element: impl Node<'d>) -> bool {
        let numbered_0 =
            element.child("SequenceNumeric").and_then(|number| whole(self.decimal(number)?)) == Some(0);
        let names_goods = ["CommonName", "ScientificName", "ApplicableSPSClassification", "OriginSPSCountry"];
        numbered_0 && !names_goods.into_iter().any(|name| element.child(name).is_some())
    }

    /// The totals that a line 0 states, and its notes.
    pub(crate) fn totals<'d>(&self, element: impl Node<'d>) -> (Totals, Vec<Note>) {
        // "Consignment totals and summary": what it is, nothing more.
        element.children("Description").for_each(Node::ignore);
        let quantities = self.quantities(element);
        let totals = Totals {
            net_weight: quantities.net_weight,
            gross_weight: quantities.gross_weight,
            volume: quantities.net_volume.or(quantities.gross_volume),
            count: quantities.count,
            packages: self.packages(element),
            place: element.place(),
        };
        (totals, self.notes(element, "AdditionalInformationSPSNote"))
    }
}

/// The classification system: its identifier, else its name. Kenya identifies
/// systems by who keeps them, so that the name tells more.
fn system(id: Option<String>, name: Option<String>) -> Option<String> {
    match (id.as_deref(), name) {
        (Some("WCO"), Some(name)) if name.starts_with("Harmoni") => Some("HS".into()),
        (Some("ePhyto"), Some(name)) => Some(name),
        (_, name) => id.or(name),
    }
}

fn whole(number: Decimal) -> Option<u32> {
    let divisor = 10i64.checked_pow(u32::from(number.scale))?;
    (number.coefficient % divisor == 0).then(|| u32::try_from(number.coefficient / divisor).ok())?
}

pub(crate) fn counts(measure: &Measure) -> bool {
    let unit = measure.unit.as_deref();
    unit == Some("PR") || unit.and_then(unit::find).is_some_and(|unit| unit.family == Family::Count)
}

/// IPPC systems write a quantity of any other kind as two notes, the unit in
/// the sender's own words. It is kept with that unit.
pub(crate) fn other_quantity(notes: &[Note]) -> Option<Measure> {
    let value = about(notes, "OQV").next()?;
    let written = about(notes, "OQU").next().and_then(content);
    let unit = written.and_then(unit::code).map(Into::into);
    let number = content(value)?.parse().ok()?;
    Some(Measure { value: number, unit, unit_as_written: written.map(Into::into), place: value.place })
}

/// Frozen, chilled or ambient, from a note about the product's temperature or,
/// in trade within the EU, about the transport.
pub(crate) fn storage_condition(notes: &[Note]) -> Option<Code> {
    let of = |subject| about(notes, subject).find_map(|note| note.content_codes.first().cloned());
    of("PRODUCT_TEMPERATURE").or_else(|| of("TRANSPORT_CONDITIONS"))
}
