//! Laboratory tests, which TRACES writes beside the certificate.

use crate::node::Node;
use ecert_sdk::model::certificates::{Certificate, LaboratoryObservation, TradeLine};
use ecert_sdk::model::parts::Classification;
use ecert_sdk::model::values::{Code, Extension};

use crate::basics::Reader;

/// What a test tells: an observation for each analysis, and what the model has
/// no room for.
type Told = (Vec<LaboratoryObservation>, Vec<Extension>);

impl Reader {
    /// The tests beside a certificate go to the lines of the product that was
    /// tested; those of no line stay with the certificate, as they are.
    pub fn laboratory_tests<'d>(&self, around: impl Node<'d>, certificate: &mut Certificate) {
        for item in around.children("SPSConsignmentItemLaboratoryTest") {
            // The kind of cargo, which the consignment's item says as well.
            item.children("NatureIdentificationSPSCargo").for_each(Node::ignore);
            for product in item.children("ProductSPSLaboratoryTest") {
                self.product_tests(product, certificate);
            }
        }
    }

    fn product_tests<'d>(&self, product: impl Node<'d>, certificate: &mut Certificate) {
        let tested = product.child("ProductSPSClassification").and_then(|it| self.classification(it));
        let lines = &mut certificate.consignment.lines;
        // The only line is meant, unless another product is named by its code.
        let only = lines.len() == 1 && tested.as_ref().is_none_or(|it| it.class_code.is_none());
        let mut lines: Vec<_> =
            lines.iter_mut().filter(|line| only || is_of(line, tested.as_ref())).collect();
        if lines.is_empty() {
            self.keep(&mut certificate.extensions, product);
            return;
        }
        for test in product.children("SPSLaboratoryTest") {
            let (observations, extensions) = self.laboratory_test(test);
            for line in &mut lines {
                line.observations.extend(observations.iter().cloned());
                line.extensions.extend(extensions.iter().cloned());
            }
        }
    }

    /// `SPSLaboratoryTest`. The inspector's conclusion counts; without one,
    /// what the laboratory concluded from each analysis.
    fn laboratory_test<'d>(&self, test: impl Node<'d>) -> Told {
        let descriptor = test.child("TestDescriptor");
        let substance = descriptor.and_then(|it| self.substance(it));
        let verdict = self.code_of(test, "InspectorConclusionCode", None);
        let mut extensions = Vec::new();
        self.keep_others(&mut extensions, test, &["TestDescriptor", "InspectorConclusionCode", "Analysys"]);
        if let Some(descriptor) = descriptor {
            self.keep_others(&mut extensions, descriptor, &["ID", "Description"]);
        }
        let concluded = LaboratoryObservation {
            substance,
            verdict,
            place: test.place(),
            ..LaboratoryObservation::default()
        };
        // The schema's own spelling.
        let mut observations: Vec<_> = test
            .children("Analysys")
            .map(|analysis| self.analysis(analysis, concluded.clone(), &mut extensions))
            .collect();
        if observations.is_empty() {
            observations.push(concluded);
        }
        (observations, extensions)
    }

    /// What was looked for: the number of the test in its list, and its name.
    fn substance<'d>(&self, descriptor: impl Node<'d>) -> Option<Code> {
        let name = descriptor.child("Description").and_then(|it| self.text(it));
        match descriptor.child("ID").and_then(|id| self.identifier(id)) {
            Some(id) => Some(Code {
                value: id.value,
                code_list: id.scheme,
                name: name.map(|name| name.value),
                place: id.place,
            }),
            None => name.map(|name| Code { value: name.value, place: name.place, ..Code::default() }),
        }
    }

    /// `SPSLaboratoryTestAnalysis`. Its results are free text, so that they are
    /// no measured value.
    fn analysis<'d>(
        &self,
        analysis: impl Node<'d>,
        concluded: LaboratoryObservation,
        extensions: &mut Vec<Extension>,
    ) -> LaboratoryObservation {
        let mut mapped = vec!["SamplingDateTime", "LaboratoryTestMethod", "LaboratorySPSParty"];
        let mut verdict = concluded.verdict;
        if verdict.is_none() {
            mapped.push("LaboratoryConclusionCode");
            verdict = self.code_of(analysis, "LaboratoryConclusionCode", None);
        }
        self.keep_others(extensions, analysis, &mapped);
        LaboratoryObservation {
            verdict,
            at: self.date_time_of(analysis, "SamplingDateTime"),
            method: analysis.child("LaboratoryTestMethod").and_then(|method| self.text(method)),
            laboratory: self.party_of(analysis, "LaboratorySPSParty"),
            place: analysis.place(),
            ..concluded
        }
    }

    fn keep_others<'d>(&self, extensions: &mut Vec<Extension>, element: impl Node<'d>, mapped: &[&str]) {
        for other in element.elements().filter(|child| !mapped.contains(&&*child.name())) {
            self.keep_below(extensions, other, &["SPSLaboratoryTest/", &other.name()].concat());
        }
    }
}

/// Whether a line is of the product that was tested: the same code of the same
/// system or, as TRACES leaves the code out, the same names.
fn is_of(line: &TradeLine, tested: Option<&Classification>) -> bool {
    let Some(tested) = tested else { return false };
    line.classifications.iter().any(|own| {
        own.system == tested.system
            && match (&own.class_code, &tested.class_code) {
                (Some(own), Some(tested)) => own == tested,
                _ => !own.names.is_empty() && names(own).eq(names(tested)),
            }
    })
}

fn names(classification: &Classification) -> impl Iterator<Item = &str> {
    classification.names.iter().map(|name| name.value.as_str())
}
