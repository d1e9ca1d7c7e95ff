//! Each rule passes, fails, and lets lawful oddities pass.

use ecert_sdk::model::certificates::{
    Authentication, Characteristic, Clause, LaboratoryObservation, Process, TradeLine,
};
use ecert_sdk::model::declarations::GoodsItem;
use ecert_sdk::model::parts::{Equipment, Establishment, Note};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Period;
use ecert_sdk::tables::Row;
use ecert_sdk::testing::{
    Scenario, assert_rules_manifest, code, date, date_time, identifier, measure, moment, text,
};

use crate::Meat;
use goods::establishments::TABLE;

/// Frozen beef, slaughtered, cut, frozen and stored in one works.
fn beef() -> Scenario {
    let scenario = line(Scenario::consistent(), |line| {
        line.scientific_names = vec![text("Bos taurus")];
        line.storage_condition = Some(code("FROZEN"));
        line.expiry = Some(date_time("2028-01-20"));
        line.containers = vec![identifier("MSKU0000014")];
        line.processes = vec![
            process("12", "SH", "2026-01-20", "2026-01-22"),
            process("34", "CP", "2026-01-21", "2026-01-23"),
            process("7", "CS", "2026-01-22", "2026-01-25"),
            process("43", "CS", "2026-01-25", "2026-02-05"),
        ];
    });
    let mut scenario = set_temperature(scenario, "-18", "CEL");
    approve(&mut scenario, ["SH CP CS", "bovine ovine", "approved"], None, None);
    scenario
}

fn process(type_code: &str, activity: &str, from: &str, until: &str) -> Process {
    Process {
        type_code: Some(code(type_code)),
        establishment: Some(Establishment {
            approval_number: Some(identifier("ME 91")),
            activity: Some(code(activity)),
            ..Establishment::default()
        }),
        country: Some(code("NZ")),
        period: Some(period(from, until)),
        ..Process::default()
    }
}

fn period(from: &str, until: &str) -> Period {
    Period { start: Some(date_time(from)), end: Some(date_time(until)), place: 0 }
}

fn line(scenario: Scenario, change: impl FnOnce(&mut TradeLine)) -> Scenario {
    scenario.change(|_, certificates| change(&mut certificates[0].certificate.consignment.lines[0]))
}

fn item(scenario: Scenario, change: impl FnOnce(&mut GoodsItem)) -> Scenario {
    scenario.change(|declaration, _| change(&mut declaration.items[0]))
}

fn commodity(scenario: Scenario, digits: &str) -> Scenario {
    item(scenario, |item| item.commodity.as_mut().unwrap().class_code = Some(digits.into()))
}

fn set_temperature(scenario: Scenario, value: &str, unit: &str) -> Scenario {
    scenario.change(|_, certificates| {
        certificates[0].certificate.consignment.equipment[0].set_temperature = Some(measure(value, unit));
    })
}

fn approve(scenario: &mut Scenario, cells: [&str; 3], from: Option<&str>, until: Option<&str>) {
    let row = Row {
        cells: cells.map(String::from).to_vec(),
        valid_from: from.map(date),
        valid_until: until.map(date),
    };
    scenario.tables.add_row(TABLE.name, &["NZ", "ME91"], row);
}

#[test]
fn the_manifest_is_complete() {
    let manifest = assert_rules_manifest::<Meat>();
    assert_eq!(manifest.rules.len(), 9);
}

#[test]
fn beef_in_order_passes_every_rule() {
    let judged = beef().judge::<Meat>();
    judged.assert_released();
    for rule in [
        "approved-establishment",
        "process-dates-in-order",
        "processed-before-issue",
        "species-matches-heading",
        "storage-matches-heading",
        "storage-temperature",
        "expiry-after-arrival",
    ] {
        judged.assert_passed(rule);
    }
    judged.assert_not_applicable("required-attestations").assert_not_applicable("laboratory-results");
}

#[test]
fn a_bare_certificate_is_released_with_rules_not_evaluable() {
    let judged = Scenario::consistent().judge::<Meat>();
    judged.assert_released();
    judged.assert_not_evaluable("approved-establishment", "establishment");
    judged.assert_not_evaluable("process-dates-in-order", "process-dates");
    judged.assert_not_evaluable("processed-before-issue", "process-dates");
    judged.assert_not_evaluable("species-matches-heading", "species");
    judged.assert_not_evaluable("storage-matches-heading", "storage-condition");
    judged.assert_not_evaluable("storage-temperature", "temperature");
    judged.assert_not_evaluable("expiry-after-arrival", "expiry");
}

#[test]
fn without_a_certificate_line_nothing_is_judged() {
    let judged = beef().pair(&[]).judge::<Meat>();
    judged.assert_released().assert_not_evaluable("species-matches-heading", "certificate-line");
}

mod establishments {
    use super::*;

    #[test]
    fn an_establishment_off_the_list_is_one_discrepancy() {
        let mut scenario = beef();
        scenario.tables = Default::default();
        scenario.tables.add(TABLE.name, &["NZ", "ME92"], &["", "", "approved"]);
        let judged = scenario.judge::<Meat>();
        judged.assert_failed_as("approved-establishment", Severity::Discrepancy);
        assert_eq!(judged.findings("approved-establishment").len(), 1);
    }

    #[test]
    fn without_the_table_it_is_not_evaluable() {
        let mut scenario = beef();
        scenario.tables = Default::default();
        scenario.judge::<Meat>().assert_not_evaluable("approved-establishment", "approved-establishments");
    }

    #[test]
    fn a_suspension_on_the_day_of_slaughter_prohibits() {
        let mut scenario = beef();
        approve(&mut scenario, ["SH", "", "suspended"], Some("2026-01-22"), None);
        scenario.judge::<Meat>().assert_failed_as("approved-establishment", Severity::Prohibition);
    }

    #[test]
    fn a_later_suspension_does_not_matter() {
        let mut scenario = beef();
        approve(&mut scenario, ["", "", "suspended"], Some("2026-02-06"), None);
        scenario.judge::<Meat>().assert_passed("approved-establishment");
    }

    #[test]
    fn the_day_of_dispatch_counts_where_agreed() {
        let mut scenario = beef().parameters(r#"{"approvalDay": "dispatch"}"#);
        approve(&mut scenario, ["", "", "suspended"], Some("2026-02-06"), None);
        scenario.judge::<Meat>().assert_failed_as("approved-establishment", Severity::Prohibition);
    }

    #[test]
    fn approval_is_for_activities_and_species() {
        for (cells, status) in [
            (["SH CP", "bovine", "approved"], "not-approved-for-the-activity"),
            (["SH CP CS", "ovine", "approved"], "not-approved-for-the-species"),
        ] {
            let mut scenario = beef();
            scenario.tables = Default::default();
            approve(&mut scenario, cells, None, None);
            let judged = scenario.judge::<Meat>();
            judged.assert_failed_as("approved-establishment", Severity::Discrepancy);
            assert!(judged.messages("approved-establishment")[0].contains(status), "{status}");
        }
    }

    #[test]
    fn declared_establishments_are_looked_up_too() {
        let scenario = item(Scenario::consistent(), |item| {
            item.establishments = vec![Establishment {
                approval_number: Some(identifier("ME777")),
                activity: Some(code("SH")),
                production: vec![period("2026-01-20", "2026-01-21")],
                ..Establishment::default()
            }];
        });
        let mut scenario = scenario;
        approve(&mut scenario, ["", "", "approved"], None, None);
        let judged = scenario.judge::<Meat>();
        judged.assert_failed_as("approved-establishment", Severity::Discrepancy);
    }

    #[test]
    fn poultry_may_be_listed_as_such() {
        let mut scenario =
            commodity(line(beef(), |line| line.scientific_names = vec![text("Gallus gallus")]), "02071290");
        scenario.tables = Default::default();
        approve(&mut scenario, ["SH, CP, CS", "poultry", "approved"], None, None);
        scenario.judge::<Meat>().assert_released().assert_passed("approved-establishment");
    }
}

mod dates {
    use super::*;

    #[test]
    fn frozen_before_slaughter() {
        let scenario =
            line(beef(), |line| line.processes[2].period = Some(period("2026-01-10", "2026-01-12")));
        let judged = scenario.judge::<Meat>();
        judged.assert_failed("process-dates-in-order");
        assert_eq!(judged.stopping(), ["process-dates-in-order"]);
    }

    #[test]
    fn all_on_one_day_in_two_time_zones_is_in_order() {
        let scenario = line(beef(), |line| {
            line.processes.truncate(3);
            let day = |from| Some(Period { start: Some(from), end: Some(from), place: 0 });
            line.processes[0].period = day(moment("2026-01-20", "02:00:00"));
            line.processes[1].period = day(date_time("2026-01-20"));
            line.processes[2].period = day(moment("2026-01-19", "23:00:00"));
        });
        // Freezing at 23:00 UTC on the 19th is before slaughter at 02:00 UTC.
        scenario.judge::<Meat>().assert_failed("process-dates-in-order");
        let scenario =
            line(scenario, |line| line.processes[2].period = Some(period("2026-01-20", "2026-01-20")));
        scenario.judge::<Meat>().assert_passed("process-dates-in-order");
    }

    #[test]
    fn processed_after_issue() {
        let scenario =
            line(beef(), |line| line.processes[2].period = Some(period("2026-02-09", "2026-02-12")));
        let judged = scenario.judge::<Meat>();
        judged.assert_failed("processed-before-issue");
        assert_eq!(judged.stopping(), ["processed-before-issue"]);
    }

    #[test]
    fn frozen_on_the_day_of_issue_and_stored_since_is_lawful() {
        let scenario = line(beef(), |line| {
            line.processes[2].period = Some(period("2026-02-07", "2026-02-08"));
            line.processes[3].period = Some(period("2026-02-08", "2026-02-20"));
        });
        scenario.judge::<Meat>().assert_released().assert_passed("processed-before-issue");
    }

    #[test]
    fn expired_before_arrival() {
        let scenario = line(beef(), |line| line.expiry = Some(date_time("2026-03-27")));
        scenario.judge::<Meat>().assert_failed("expiry-after-arrival");
        let scenario = line(beef(), |line| line.expiry = Some(date_time("2026-03-28")));
        scenario.judge::<Meat>().assert_passed("expiry-after-arrival");
    }

    #[test]
    fn days_left_by_parameter() {
        let scenario = line(beef(), |line| line.expiry = Some(date_time("2026-05-28")));
        scenario
            .clone()
            .parameters(r#"{"minimumDaysLeft": 61}"#)
            .judge::<Meat>()
            .assert_passed("expiry-after-arrival");
        scenario
            .parameters(r#"{"minimumDaysLeft": 62}"#)
            .judge::<Meat>()
            .assert_failed("expiry-after-arrival");
    }

    #[test]
    fn no_arrival_is_not_evaluable() {
        let scenario = beef().adjust(|case| case.dates.arrival = None);
        scenario.judge::<Meat>().assert_released().assert_not_evaluable("expiry-after-arrival", "arrival");
    }
}

mod nature {
    use super::*;

    #[test]
    fn beef_under_the_heading_of_lamb() {
        let judged = commodity(beef(), "0204430000").judge::<Meat>();
        judged.assert_failed("species-matches-heading");
        assert_eq!(judged.stopping(), ["species-matches-heading"]);
    }

    #[test]
    fn a_common_name_serves_where_no_scientific_one_is_there() {
        let scenario = line(beef(), |line| {
            line.scientific_names.clear();
            line.common_names = vec![text("Frozen boneless beef")];
        });
        scenario.judge::<Meat>().assert_passed("species-matches-heading");
    }

    #[test]
    fn sausages_may_be_of_anything() {
        let judged = commodity(beef(), "1601009990").judge::<Meat>();
        judged.assert_released().assert_not_applicable("species-matches-heading");
        judged.assert_not_applicable("storage-matches-heading");
    }

    #[test]
    fn chilled_meat_under_the_heading_of_frozen() {
        let scenario = line(beef(), |line| line.storage_condition = Some(code("CHILLED")));
        let judged = scenario.judge::<Meat>();
        judged.assert_failed("storage-matches-heading").assert_not_applicable("storage-temperature");
        assert_eq!(judged.stopping(), ["storage-matches-heading"]);
    }

    #[test]
    fn freezing_says_that_meat_is_frozen() {
        let scenario = line(beef(), |line| line.storage_condition = None);
        scenario.judge::<Meat>().assert_passed("storage-matches-heading");
    }

    #[test]
    fn an_unknown_condition_is_not_evaluable() {
        let scenario = line(beef(), |line| line.storage_condition = Some(code("CAPITULO_II")));
        scenario.judge::<Meat>().assert_not_evaluable("storage-matches-heading", "storage-condition");
    }
}

mod temperature {
    use super::*;

    #[test]
    fn frozen_meat_at_five_below() {
        let judged = set_temperature(beef(), "-5", "CEL").judge::<Meat>();
        judged.assert_failed("storage-temperature");
        assert_eq!(judged.stopping(), ["storage-temperature"]);
    }

    #[test]
    fn other_units_and_the_tolerance_are_lawful() {
        for (value, unit) in [("0", "FAH"), ("255.15", "KEL"), ("-15", "CEL"), ("5", "FAH"), ("-25", "CEL")] {
            set_temperature(beef(), value, unit).judge::<Meat>().assert_passed("storage-temperature");
        }
        set_temperature(beef(), "5.1", "FAH").judge::<Meat>().assert_failed("storage-temperature");
    }

    #[test]
    fn a_temperature_without_its_unit_is_not_guessed() {
        let scenario = beef().change(|_, certificates| {
            let mut value = measure("-18", "CEL");
            value.unit = None;
            certificates[0].certificate.consignment.equipment[0].set_temperature = Some(value);
        });
        scenario.judge::<Meat>().assert_not_evaluable("storage-temperature", "temperature-unit");
    }

    #[test]
    fn chilled_meat_is_neither_warm_nor_frozen() {
        let chilled = |value: &str| {
            let scenario = line(beef(), |line| {
                line.storage_condition = Some(code("CHILLED"));
                line.processes.truncate(2);
            });
            set_temperature(commodity(scenario, "0201300000"), value, "CEL").judge::<Meat>()
        };
        chilled("-1.4").assert_released().assert_passed("storage-temperature");
        chilled("7").assert_passed("storage-temperature");
        chilled("7.1").assert_failed("storage-temperature");
        chilled("-18").assert_failed("storage-temperature");
    }

    #[test]
    fn another_lines_container_does_not_matter() {
        let scenario = set_temperature(beef(), "-5", "CEL").change(|_, certificates| {
            let equipment = &mut certificates[0].certificate.consignment.equipment;
            equipment[0].identifier = Some(identifier("MSKU9999999"));
            equipment.push(Equipment {
                identifier: Some(identifier("msku 000001-4")),
                set_temperature: Some(measure("-20", "CEL")),
                ..Equipment::default()
            });
        });
        scenario.judge::<Meat>().assert_passed("storage-temperature");
    }

    #[test]
    fn heat_treatment_is_no_storage() {
        let heated = Process {
            type_code: Some(code("101")),
            characteristics: vec![Characteristic {
                type_code: Some(code("TTTM")),
                value: Some(measure("72", "CEL")),
                ..Characteristic::default()
            }],
            ..Process::default()
        };
        line(beef(), |line| line.processes.push(heated)).judge::<Meat>().assert_passed("storage-temperature");
    }
}

mod assurances {
    use super::*;

    const ATTESTATIONS: &str = r#"{"attestations": [
        {"origins": ["NZL"], "prefixes": ["02"], "name": "fit for human consumption", "anyOf": ["FIT", "II.1.1"]},
        {"origins": ["BR"], "name": "foot-and-mouth disease", "anyOf": ["FMD"]}
    ]}"#;

    fn attested(identifier: &str, content: &str) -> Scenario {
        beef().parameters(ATTESTATIONS).change(|_, certificates| {
            certificates[0].certificate.authentications.push(Authentication {
                clauses: vec![Clause {
                    identifier: Some(identifier.into()),
                    contents: vec![text(content)],
                    place: 0,
                }],
                ..Authentication::default()
            });
        })
    }

    #[test]
    fn a_missing_attestation() {
        let judged = beef().parameters(ATTESTATIONS).judge::<Meat>();
        judged.assert_failed("required-attestations");
        assert_eq!(
            judged.findings("required-attestations").len(),
            1,
            "the one for Brazil does not concern it"
        );
    }

    #[test]
    fn any_of_its_identifiers_will_do() {
        attested("fit", "The meat is fit.").judge::<Meat>().assert_passed("required-attestations");
        attested("II.1.1", "").judge::<Meat>().assert_passed("required-attestations");
        attested("FIT", "false").judge::<Meat>().assert_failed("required-attestations");
    }

    #[test]
    fn a_note_attests_as_well() {
        let note = Note { subject: Some(code("FIT")), contents: vec![text("yes")], ..Note::default() };
        let scenario = beef()
            .parameters(ATTESTATIONS)
            .change(|_, certificates| certificates[0].certificate.notes.push(note));
        scenario.judge::<Meat>().assert_passed("required-attestations");
    }

    const SALMONELLA: &str = r#"{"laboratory": [{"origins": ["NZ"], "name": "Salmonella", "anyOf": ["SALM", "Salmonella spp."]}]}"#;

    fn tested(substance: &str, verdict: Option<&str>) -> Scenario {
        line(beef().parameters(SALMONELLA), |line| {
            line.observations.push(LaboratoryObservation {
                substance: Some(code(substance)),
                verdict: verdict.map(code),
                ..LaboratoryObservation::default()
            });
        })
    }

    #[test]
    fn laboratory_results_are_there_and_favourable() {
        beef().parameters(SALMONELLA).judge::<Meat>().assert_failed("laboratory-results");
        tested("Listeria", Some("negative")).judge::<Meat>().assert_failed("laboratory-results");
        tested("SALM", None).judge::<Meat>().assert_failed("laboratory-results");
        tested("salmonella spp.", Some("Positive")).judge::<Meat>().assert_failed("laboratory-results");
        tested("SALM", Some("NOT_SATISFACTORY")).judge::<Meat>().assert_failed("laboratory-results");
        tested("SALM", Some("negative"))
            .judge::<Meat>()
            .assert_released()
            .assert_passed("laboratory-results");
    }
}
