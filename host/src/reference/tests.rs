use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::store::testing::on_each_database;

const ESTABLISHMENTS: &str = "country,number,activity,species,status,validFrom,validUntil\n\
    NZ,me 17,SH CP,ovine,approved,2015-01-01,2025-12-31\n\
    NZ,ME-17,SH CP,ovine,suspended,2026-01-01,\n\
    AU,0640,CS,,approved,,\n";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn table(name: &str, keys: &[&str], columns: &[&str], matching: Match) -> manifest::Table {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    manifest::Table { name: name.into(), keys: texts(keys), columns: texts(columns), matching }
}

fn look_up(snapshot: &Snapshot, table: &manifest::Table, key: &[&str], on: &str) -> Vec<String> {
    let key: Vec<String> = key.iter().map(|part| (*part).to_owned()).collect();
    let rows = snapshot.lookup(table, &[key], day(on)).unwrap().remove(0);
    rows.into_iter().map(|row| row.cells.join("|")).collect()
}

fn import(reference: &Reference, name: &str, file: &str) -> Result<Imported, ReferenceError> {
    reference.import(&Principal::system(), "test", name, file.as_bytes(), "test")
}

fn problems(outcome: Result<Imported, ReferenceError>) -> Vec<String> {
    let Err(ReferenceError::BadRows(bad)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(bad.count, bad.problems.len());
    let text = |p: RowProblem| format!("{} {}: {}", p.row, p.column.unwrap_or_default(), p.text);
    bad.problems.into_iter().map(text).collect()
}

on_each_database! {
    fn a_table_answers_by_key_and_day(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let before = reference.snapshot();
        let imported = import(&reference, "approved-establishments", ESTABLISHMENTS).unwrap();
        assert_eq!((imported.version, imported.rows, imported.changed), (1, 3, true));
        let status = table("approved-establishments", &["country", "number"], &["status", "species"], Match::Exact);
        let now = reference.snapshot();
        assert_eq!(look_up(&now, &status, &["NZ", "ME17"], "2025-12-31"), ["approved|ovine"]);
        assert_eq!(look_up(&now, &status, &["NZ", "ME17"], "2026-01-01"), ["suspended|ovine"]);
        assert!(look_up(&now, &status, &["NZ", "ME17"], "2014-12-31").is_empty());
        assert!(look_up(&now, &status, &["AU", "ME17"], "2026-01-01").is_empty());
        // Whoever works on an older snapshot goes on undisturbed.
        assert_eq!(before.lookup(&status, &[], day("2026-01-01")), Err(LookupError::UnknownTable));
        let other = table("approved-establishments", &["country", "colour"], &["status"], Match::Exact);
        assert_eq!(now.lookup(&other, &[], day("2026-01-01")), Err(LookupError::UnknownTable));
    }

    fn the_same_rows_are_the_same_version_on_every_host(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let first = import(&reference, "approved-establishments", ESTABLISHMENTS).unwrap();
        let rows: Vec<&str> = ESTABLISHMENTS.lines().collect();
        let turned = [rows[0], rows[3], rows[2], rows[1]].join("\n");
        let again = import(&reference, "approved-establishments", &turned).unwrap();
        assert_eq!(again, Imported { changed: false, ..first.clone() });
        let json = r#"[{"country": "AU", "number": 1, "status": "approved"}]"#;
        assert_eq!(import(&reference, "approved-establishments", json).unwrap().version, 2);

        let other = Reference::open(fresh.store.clone()).unwrap();
        let loaded = other.snapshot();
        assert_eq!(loaded.table("approved-establishments").unwrap().len(), 1);
        let versions = other.versions(Some("approved-establishments")).unwrap();
        assert_eq!(versions.iter().map(|v| v.number).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(versions[1].digest, first.digest);
        let exported = other.export("approved-establishments", Some(1)).unwrap().unwrap();
        assert_eq!(Digest::of(&exported), first.digest);
        assert_eq!(other.export("approved-establishments", Some(3)).unwrap(), None);
        // The old rows can be brought back as they were exported.
        let back = String::from_utf8(exported).unwrap();
        assert_eq!(import(&reference, "approved-establishments", &back).unwrap().digest, first.digest);
    }

    fn a_mapped_code_is_one_of_its_list(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let map = "list,code,toList,toCode\nCN-MODE,5,REC19,44\nCN-COUNTRY,609,ISO3166-1,XX\n";
        let country = r#"3 toCode: "XX" should be a country code such as NZ (ISO 3166-1 alpha-2)"#;
        assert_eq!(problems(import(&reference, "code-maps", map)), [country]);
        let lists = "list,code,name\nREC19,1,Maritime transport\nREC19,4,Air transport\n";
        assert_eq!(import(&reference, "code-lists", lists).unwrap().rows, 2);
        assert_eq!(problems(import(&reference, "code-maps", map)), [
            r#"2 toCode: "44" is none of the 2 codes of REC19 in the table code-lists: 1, 4"#,
            country,
        ]);
        let right = map.replace("44", "4").replace("XX", "NZ");
        assert_eq!(import(&reference, "code-maps", &right).unwrap().rows, 2);
    }

    fn bad_rows_are_all_named_and_nothing_is_imported(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let file = "country,number,activity,species,status,validFrom,validUntil\n\
            NZL,ME17,SH,ovine,approved,2015-01-01,\n\
            NZ,--,SH,ovine,maybe,2015-02-30,\n\
            NZ,ME18,SH,ovine,approved,2016-01-01,2015-01-01\n\
            NZ,ME19,SH,ovine,approved,2016-01-01,2017-01-01\n\
            NZ,me-19,SH,ovine,suspended,2017-01-01,\n\
            NZ,ME20,SH\n";
        let expected = [
            r#"2 country: "NZL" should be a country code such as NZ (ISO 3166-1 alpha-2)"#,
            r#"3 number: "--" needs a letter or digit"#,
            r#"3 status: "maybe" should be one of approved, suspended"#,
            r#"3 validFrom: "2015-02-30" is not a date such as 2026-03-31"#,
            "4 validUntil: 2015-01-01 is before validFrom, 2016-01-01",
            "6 : holds on the same days as row 5, with the same country, number, activity, species",
            "7 : is not CSV of the header's 7 columns: CSV error: record 6 (line: 7, byte: 268): found record with 3 fields, but the previous record has 7 fields",
        ];
        assert_eq!(problems(import(&reference, "approved-establishments", file)), expected);
        assert!(reference.snapshot().table("approved-establishments").is_none());
        assert_eq!(reference.versions(None).unwrap(), []);
        let wrong = problems(import(&reference, "party-aliases", "party,alias,colour\nA,B,red\n"));
        assert_eq!(wrong, ["1 colour: is not a column; the columns are party, alias, script, validFrom, validUntil"]);
        let wrong = problems(import(&reference, "residue-limits", "Substance,hsPrefix,limit\nlead,02,0.1\n"));
        assert_eq!(wrong, [
            "1 Substance: is not a column (write substance); the columns are substance, hsPrefix, limit, unit, validFrom, validUntil",
            "1 unit: is missing in the header; a cell should be a unit's code such as KGM (UN/ECE Recommendation 20)",
        ]);
        let limits = "substance,hsPrefix,limit,unit\nLead,02,0.1,NA\nzinc,beef,a lot,kilo\n";
        assert_eq!(problems(import(&reference, "residue-limits", limits)), [
            r#"3 hsPrefix: "beef" should be up to 12 digits, or * for any"#,
            r#"3 limit: "a lot" should be a number such as 0.5"#,
            r#"3 unit: "kilo" should be a unit's code such as KGM (UN/ECE Recommendation 20)"#,
        ]);
        let wrong = problems(import(&reference, "ports", "code,name,country,activities\nNZ-TRG,Tauranga,NZ,meat\n"));
        assert_eq!(wrong, [r#"2 code: "NZ-TRG" should be a place's code such as NZTRG (UN/LOCODE)"#]);
        let twice = r#"[{"party": "A", "alias": "B"}, {"party": "A", "alias": "B", "validFrom": "2026-01-01"}]"#;
        let wrong = problems(import(&reference, "party-aliases", twice));
        assert_eq!(wrong, ["2 : holds on the same days as row 1, with the same party, alias"]);
        assert_eq!(problems(import(&reference, "party-aliases", "[1]")).len(), 1);
        let unknown = import(&reference, "party-alias", "party,alias\n");
        assert!(matches!(unknown, Err(ReferenceError::UnknownTable(_, known)) if known.contains("party-aliases")));
    }

    fn the_longest_prefix_that_holds_counts(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let text = |name: &str| Column { name: name.into(), content: Content::Text };
        let definition = Definition {
            name: "duty-limits".into(),
            columns: vec![text("substance"), text("commodity"), text("limit")],
            unique: vec!["substance".into(), "commodity".into()],
        };
        reference.define(&Principal::system(), "test", definition.clone()).unwrap();
        assert!(reference.define(&Principal::system(), "test", definition).is_err());
        let file = "substance,commodity,limit,validFrom,validUntil\n\
            lead,,1,,\nlead,02,2,,\nlead,0204,3,2020-01-01,\nzinc,02,9,,\n";
        import(&reference, "duty-limits", file).unwrap();
        let limits = table("duty-limits", &["substance", "commodity"], &["limit"], Match::LongestPrefix);
        let snapshot = reference.snapshot();
        for (substance, code, on, limit) in [
            ("lead", "02044210", "2026-01-01", "3"),
            ("lead", "02044210", "2019-12-31", "2"),
            ("lead", "0304", "2026-01-01", "1"),
            ("zinc", "020", "2026-01-01", "9"),
        ] {
            assert_eq!(look_up(&snapshot, &limits, &[substance, code], on), [limit], "{substance} {code}");
        }
        assert!(look_up(&snapshot, &limits, &["zinc", "03é"], "2026-01-01").is_empty());
    }

    fn grants_and_authorities_are_dated(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let none = reference.snapshot();
        assert_eq!(none.is_authority("NZ", "NZMPI", "852", day("2026-01-01")), None);
        assert!(!none.may_deliver("hub", "NZ", "851", day("2026-01-01")));
        let authorities = "country,authority,name,certificateTypes,validFrom,validUntil\n\
            NZ,NZMPI,Ministry,851 852,2012-04-30,\nAU,AUDAFF,Department,,2022-07-01,\n";
        import(&reference, "issuing-authorities", authorities).unwrap();
        let grants = "principal,country,certificateTypes\nhub,NZ,851 657\nmpi,NZ,\n";
        import(&reference, "delivery-grants", grants).unwrap();
        let now = reference.snapshot();
        let on = day("2026-01-01");
        assert_eq!(now.is_authority("NZ", "NZMPI", "852", on), Some(true));
        assert_eq!(now.is_authority("NZ", "NZMPI", "853", on), Some(false));
        assert_eq!(now.is_authority("NZ", "NZMPI", "852", day("2012-04-29")), Some(false));
        assert_eq!(now.is_authority("AU", "AUDAFF", "853", on), Some(true));
        assert!(now.may_deliver("hub", "NZ", "851", on) && !now.may_deliver("hub", "NZ", "852", on));
        assert!(now.may_deliver("mpi", "NZ", "852", on) && !now.may_deliver("mpi", "AU", "852", on));
    }

    fn parameters_merge_from_general_to_special(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let set = |layer: Layer, selector: &str, from: Option<&str>, content: Value| {
            let target = Target {
                rule_set: "meat".into(),
                layer,
                selector: selector.into(),
                valid_from: from.map(day),
                valid_until: None,
            };
            reference.set_parameters(&Principal::system(), "test", target, content, "test").map(drop)
        };
        set(Layer::Partner, "NZ", None, json!({"days": 3})).unwrap();
        set(Layer::Global, "", None, json!({"days": 1, "limits": {"a": 1, "b": 1}})).unwrap();
        set(Layer::Commodity, "0204", None, json!({"limits": {"b": null, "c": 4}})).unwrap();
        set(Layer::Commodity, "02", Some("2026-06-01"), json!({"limits": {"b": 2, "c": 2}})).unwrap();
        let effective = |commodity: &str, partner: Option<&str>, on: &str| -> Value {
            let question =
                Question { rule_set: "meat", commodity, partner, agreement: None, tolerances: true, day: day(on) };
            serde_json::from_str(&reference.snapshot().parameters.effective(&question)).unwrap()
        };
        assert_eq!(effective("0304", None, "2026-01-01"), json!({"days": 1, "limits": {"a": 1, "b": 1}}));
        assert_eq!(effective("0204", Some("NZ"), "2026-01-01"), json!({"days": 3, "limits": {"a": 1, "c": 4}}));
        assert_eq!(effective("0206", Some("AU"), "2026-06-01"), json!({"days": 1, "limits": {"a": 1, "b": 2, "c": 2}}));
        assert_eq!(effective("0204", None, "2026-06-01"), json!({"days": 1, "limits": {"a": 1, "c": 4}}));

        // The last one set for a layer and selector counts; null takes it back.
        set(Layer::Partner, "NZ", None, Value::Null).unwrap();
        set(Layer::Global, "", Some("2026-06-01"), json!({"days": 9})).unwrap();
        assert_eq!(effective("0304", Some("NZ"), "2026-06-01"), json!({"days": 9}));
        assert_eq!(effective("0304", Some("NZ"), "2026-01-01"), json!({"days": 1, "limits": {"a": 1, "b": 1}}));
        assert_eq!(reference.snapshot().parameters.history("meat").count(), 6);
        let unknown = Question { rule_set: "fish", commodity: "", partner: None, agreement: None, tolerances: true, day: day("2026-01-01") };
        assert_eq!(reference.snapshot().parameters.effective(&unknown), "{}");

        for (layer, selector, content) in [
            (Layer::Global, "NZ", json!({})),
            (Layer::Commodity, "", json!({})),
            (Layer::Commodity, "beef", json!({})),
            (Layer::Partner, "NZL", json!({})),
            (Layer::Agreement, "", json!({})),
            (Layer::Global, "", json!([1])),
        ] {
            let refused = set(layer, selector, None, content);
            assert!(matches!(refused, Err(ReferenceError::Invalid(_))), "{layer} {selector}: {refused:?}");
        }
    }

    fn every_member_says_where_it_comes_from(fresh: Fresh) {
        let reference = Reference::open(fresh.store.clone()).unwrap();
        let system = Principal::system();
        let set = |layer: Layer, selector: &str, content: Value| {
            let target = Target { rule_set: "goods".into(), layer, selector: selector.into(), ..Target::default() };
            reference.set_parameters(&system, "test", target, content, "test")
        };
        set(Layer::Global, "", json!({"days": 1, "tolerances": {"KGM": {"percent": "1", "absolute": "1"}}})).unwrap();
        set(Layer::Commodity, "02", json!({"days": 2, "names": ["a"]})).unwrap();
        let unknown = set(Layer::Agreement, "nz-meat", json!({"days": 3}));
        assert_eq!(unknown, Err(ReferenceError::UnknownAgreement("nz-meat".into())));
        let terms = json!({
            "partner": "NZ", "direction": "import", "commodities": ["02"], "exchange": "batch", "paperless": true,
            "tolerances": {"KGM": {"percent": "0.5"}},
        });
        let entry = AgreementEntry::new("nz-meat", serde_json::from_value(terms).unwrap(), "");
        let agreement = reference.set_agreement(&system, "test", entry).unwrap();
        set(Layer::Agreement, "nz-meat", json!({"names": ["b"]})).unwrap();
        let snapshot = reference.snapshot();
        let explained = |tolerances: bool| -> Vec<String> {
            let question = Question {
                rule_set: "goods", commodity: "0201", partner: Some("NZ"), agreement: Some(&agreement), tolerances,
                day: day("2026-01-01"),
            };
            let value: Value = serde_json::from_str(&snapshot.parameters.effective(&question)).unwrap();
            let text = |member: Member<'_>| {
                assert_eq!(value.pointer(&member.pointer), Some(&member.value));
                let from = member.entry.map_or("tolerances", |entry| entry.target.layer.name());
                format!("{} {} {from}", member.pointer, member.value)
            };
            snapshot.parameters.explained(&question).into_iter().map(text).collect()
        };
        assert_eq!(explained(true), [
            "/days 2 commodity", "/names [\"b\"] agreement", "/tolerances/KGM/absolute \"1\" global",
            "/tolerances/KGM/percent \"0.5\" tolerances",
        ]);
        assert_eq!(explained(false)[3], "/tolerances/KGM/percent \"1\" global");
    }

    fn another_host_takes_changes_over(fresh: Fresh) {
        let here = Reference::open(fresh.store.clone()).unwrap();
        let there = Reference::open(Store::open(&fresh.url).unwrap()).unwrap();
        import(&here, "approved-establishments", ESTABLISHMENTS).unwrap();
        assert!(there.snapshot().table("approved-establishments").is_none());
        there.refresh().unwrap();
        let loaded = there.snapshot();
        there.refresh().unwrap();
        let again = there.snapshot();
        let of = |snapshot: &Arc<Snapshot>| Arc::clone(snapshot.table("approved-establishments").unwrap());
        assert!(Arc::ptr_eq(&of(&loaded), &of(&again)), "loaded once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Both ways of matching say what going through all rows says.
    #[test]
    fn look_ups_agree_with_a_scan(
        rows in proptest::collection::btree_set(("[ab]{1,2}", "[0-2]{0,3}"), 0..24),
        country in "[ab]{1,2}",
        code in "[0-2]{0,4}",
    ) {
        let text = |name: &str| Column { name: name.into(), content: Content::Text };
        let definition = Definition {
            name: "t".into(),
            columns: vec![text("country"), text("code")],
            unique: vec!["country".into(), "code".into()],
        };
        let mut file = String::from("country,code\n");
        for (country, code) in &rows {
            file.push_str(&format!("{country},{code}\n"));
        }
        let read = import::read(&definition, &Codes::default(), file.as_bytes()).unwrap();
        let canonical = import::canonical(&definition, &read).unwrap();
        let version = Version::load("id".into(), 1, 0, definition, &canonical).unwrap();
        let find = |matching| -> Vec<String> {
            let found = version.find(&[0, 1], &[&country, &code], matching, day("2026-01-01"));
            found.iter().map(|row| row.cell(1).to_string()).collect()
        };
        let of_country = rows.iter().filter(|(c, _)| *c == country).map(|(_, code)| code.clone());
        let exact: Vec<String> = of_country.clone().filter(|c| *c == code).collect();
        prop_assert_eq!(find(Match::Exact), exact);
        let longest: Option<String> = of_country.filter(|c| code.starts_with(c.as_str())).max_by_key(String::len);
        prop_assert_eq!(find(Match::LongestPrefix), longest.into_iter().collect::<Vec<_>>());
    }
}
