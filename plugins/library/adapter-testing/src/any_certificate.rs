//! Certificates with anything in them that a reading may give.

use ecert_sdk::model::certificates::*;
use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::parts::*;
use ecert_sdk::model::values::*;
use ecert_sdk::reference_number;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// A text that is no code of its own, trimmed, with characters that syntaxes
/// must escape.
fn words() -> BoxedStrategy<String> {
    "[A-Za-zé鱼&<>\"'\\\\]([a-zé鱼&<>\"'\\\\ \n]{0,6}[a-zé鱼&<>\"'])?"
        .prop_filter("no code", |it| it != "NULL")
        .boxed()
}

fn text() -> BoxedStrategy<Text> {
    (words(), of(prop_oneof![Just("en"), Just("zh-Hans")]))
        .prop_map(|(value, language)| Text { value, language: language.map(Into::into), place: 0 })
        .boxed()
}

fn texts() -> BoxedStrategy<Vec<Text>> {
    vec(text(), 0..3).boxed()
}

/// A code of a list that the standard prescribes, or of another.
fn code(prescribed: Option<&'static str>) -> BoxedStrategy<Code> {
    let list = prop_oneof![Just(prescribed), Just(Some("national"))];
    ("[A-Z0-9]{1,4}", list, of(words()))
        .prop_map(|(value, list, name)| Code { value, code_list: list.map(Into::into), name, place: 0 })
        .boxed()
}

fn some_code(prescribed: Option<&'static str>) -> BoxedStrategy<Option<Code>> {
    of(code(prescribed)).boxed()
}

fn identifier() -> BoxedStrategy<Identifier> {
    ("[A-Z0-9]{1,3}([-/ .]?[A-Za-z0-9]){1,5}", of(prop_oneof![Just("EORI"), Just("eppo:code")]))
        .prop_map(|(value, scheme)| {
            let normalised = Some(reference_number::normalise(&value)).filter(|it| *it != value);
            Identifier { value, normalised, scheme: scheme.map(Into::into), place: 0 }
        })
        .boxed()
}

fn identifiers() -> BoxedStrategy<Vec<Identifier>> {
    vec(identifier(), 0..3).boxed()
}

fn decimal() -> BoxedStrategy<Decimal> {
    (1..999_999_999i64, 0..6u8).prop_map(|(coefficient, scale)| Decimal { coefficient, scale }).boxed()
}

/// A quantity that counts nothing, with its unit as a code, in words, or not.
fn measure() -> BoxedStrategy<Measure> {
    let unit = prop_oneof![
        Just((Some("KGM"), None)),
        Just((Some("LTR"), None)),
        Just((None, Some("crates"))),
        Just((None, None))
    ];
    (decimal(), unit)
        .prop_map(|(value, (unit, written))| Measure {
            value,
            unit: unit.map(Into::into),
            unit_as_written: written.map(Into::into),
            place: 0,
        })
        .boxed()
}

fn count() -> BoxedStrategy<Measure> {
    let unit = prop_oneof![Just((Some("H87"), None)), Just((Some("PR"), None)), Just((None, Some("Units")))];
    (decimal(), unit)
        .prop_map(|(value, (unit, written))| Measure {
            value,
            unit: unit.map(Into::into),
            unit_as_written: written.map(Into::into),
            place: 0,
        })
        .boxed()
}

fn date_time() -> BoxedStrategy<DateTime> {
    let date = (2020..2030u16, 1..13u8, 1..29u8).prop_map(|(year, month, day)| Date { year, month, day });
    let time = (0..24u8, 0..60u8, 0..60u8, prop_oneof![Just(0), Just(250_000_000u32)])
        .prop_map(|(hour, minute, second, nanosecond)| Time { hour, minute, second, nanosecond });
    (date, of((time, of(-720..720i16))))
        .prop_map(|(date, time)| DateTime {
            date,
            time: time.map(|(time, _)| time),
            offset_minutes: time.and_then(|(_, offset)| offset),
            place: 0,
        })
        .boxed()
}

fn period() -> BoxedStrategy<Period> {
    (of(date_time()), of(date_time()))
        .prop_filter("an end at least", |(start, end)| start.is_some() || end.is_some())
        .prop_map(|(start, end)| Period { start, end, place: 0 })
        .boxed()
}

fn country() -> BoxedStrategy<Code> {
    (prop_oneof![Just("NZ"), Just("CL"), Just("XI")], of(words()))
        .prop_map(|(value, name)| Code {
            value: value.into(),
            code_list: Some("ISO3166-1".into()),
            name,
            place: 0,
        })
        .boxed()
}

fn unnamed_country() -> BoxedStrategy<Code> {
    country().prop_map(|country| Code { name: None, ..country }).boxed()
}

/// A region by its code, or by nothing but its name.
fn region() -> BoxedStrategy<Code> {
    let coded = code(Some("ISO3166-2"));
    prop_oneof![coded, words().prop_map(|value| Code { value, ..Code::default() })].boxed()
}

fn area() -> BoxedStrategy<CountryArea> {
    (country(), vec(region(), 0..2))
        .prop_map(|(country, subdivisions)| CountryArea { country, subdivisions, place: 0 })
        .boxed()
}

fn address() -> BoxedStrategy<Address> {
    (vec(words(), 1..5), of(words()), of(words()), of(region()), of(country()))
        .prop_map(|(lines, postcode, city, subdivision, country)| Address {
            lines,
            postcode,
            city,
            subdivision,
            country,
            place: 0,
        })
        .boxed()
}

fn party() -> BoxedStrategy<Party> {
    let persons = vec((texts(), of(text())), 0..2).prop_map(|persons| {
        let person = |(names, qualification)| Person { names, qualification, place: 0 };
        persons
            .into_iter()
            .map(person)
            .filter(|person| !person.names.is_empty() || person.qualification.is_some())
            .collect()
    });
    let contact = extension_of(&["DefinedSPSContact/PersonName", "DefinedSPSContact/Channel/Number"]);
    (
        vec(text(), 1..3),
        identifiers(),
        vec(code(Some("UNCL3035")), 0..2),
        vec(code(None), 0..2),
        of(address()),
        persons,
        vec(contact, 0..3),
    )
        .prop_map(|(names, identifiers, roles, type_codes, address, persons, extensions)| Party {
            names,
            identifiers,
            roles,
            type_codes,
            address,
            persons,
            extensions,
            place: 0,
        })
        .boxed()
}

fn location() -> BoxedStrategy<Location> {
    (identifiers(), vec(text(), 1..3), of(unnamed_country()))
        .prop_map(|(identifiers, names, country)| Location { identifiers, names, country, place: 0 })
        .boxed()
}

/// A note about a subject that means nothing to the reader.
fn note() -> BoxedStrategy<Note> {
    let plain = "[A-Z]{5,8}x".prop_map(|value| Code { value, ..Code::default() });
    let subject = prop_oneof![plain, code(Some("subjects"))];
    (of(subject), vec(code(None), 0..2), vec(text(), 1..3))
        .prop_map(|(subject, content_codes, contents)| Note { subject, content_codes, contents, place: 0 })
        .boxed()
}

fn notes() -> BoxedStrategy<Vec<Note>> {
    vec(note(), 0..3).boxed()
}

/// Extensions with these names, of the standard's own scheme.
fn extension_of(names: &'static [&'static str]) -> BoxedStrategy<Extension> {
    (proptest::sample::select(names), words())
        .prop_map(|(name, value)| Extension {
            scheme: "uncefact-sps".into(),
            name: name.into(),
            value,
            place: 0,
        })
        .boxed()
}

/// Extensions that are no elements of the standard.
fn foreign() -> BoxedStrategy<Vec<Extension>> {
    let one = (words(), words(), words()).prop_map(|(scheme, name, value)| Extension {
        scheme,
        name,
        value,
        place: 0,
    });
    vec(one, 0..2).boxed()
}

fn referenced(kinds: &'static [&'static str]) -> BoxedStrategy<ReferencedDocument> {
    let link = of("https://example\\.org/[a-z]{1,5}").prop_map(|uri| {
        let attachment = |uri| Attachment {
            filename: Some("a.pdf".into()),
            media_type: Some("application/pdf".into()),
            encoding: AttachmentEncoding::External,
            uri: Some(uri),
            place: 0,
        };
        uri.map(attachment).into_iter().collect()
    });
    let kind = proptest::sample::select(kinds).prop_map(|value| Code {
        value: value.into(),
        code_list: Some("UNCL1001".into()),
        ..Code::default()
    });
    (kind, of(identifier()), of(date_time()), texts(), link)
        .prop_map(|(kind, number, issued, information, attachments)| ReferencedDocument {
            type_code: Some(kind),
            relationship: None,
            number,
            issued,
            information,
            attachments,
            place: 0,
        })
        .boxed()
}

fn packages() -> BoxedStrategy<Packages> {
    (some_code(Some("UNCL7075")), some_code(Some("REC21")), of(decimal()), texts())
        .prop_map(|(level, type_code, count, marks)| Packages { level, type_code, count, marks, place: 0 })
        .boxed()
}

fn classification() -> BoxedStrategy<Classification> {
    let system = prop_oneof![Just("HS"), Just("CN"), Just("IPPCPCC")];
    (of(system), of(Just("2022")), "[0-9]{4,8}", texts())
        .prop_map(|(system, edition, code, names)| Classification {
            system: system.map(Into::into),
            edition: edition.map(Into::into),
            class_code: Some(code),
            names,
            place: 0,
        })
        .boxed()
}

fn process() -> BoxedStrategy<Process> {
    let kind = prop_oneof![Just(Some("SH")), Just(Some("12")), Just(None)].prop_map(|value| {
        value.map(|value| Code { value: value.into(), code_list: Some("UNCL7187".into()), ..Code::default() })
    });
    let operator = of((of(identifier()), vec(text(), 1..3), of(code(Some("UNCL3035"))), of(address())));
    let treatment = prop_oneof![Just("TTCH"), Just("TTTM")].prop_map(|value| Code {
        value: value.into(),
        code_list: Some("IPPC".into()),
        ..Code::default()
    });
    let characteristic =
        (of(prop_oneof![treatment.boxed(), code(None).boxed()]), texts(), of(measure())).prop_map(
            |(type_code, descriptions, value)| Characteristic { type_code, descriptions, value, place: 0 },
        );
    let extension = extension_of(&["STORAGE", "REMARK"]);
    (
        kind,
        operator,
        of(country()),
        of(period()),
        of(measure()),
        vec(characteristic, 0..3),
        vec(extension, 0..2),
    )
        .prop_map(|(type_code, operator, country, period, duration, characteristics, extensions)| {
            let establishment = operator.map(
                |(approval_number, names, role, address): (_, _, Option<Code>, Option<Address>)| {
                    let by_process = type_code.clone().filter(|code: &Code| code.value == "SH");
                    Establishment {
                        approval_number,
                        names,
                        country: address
                            .as_ref()
                            .and_then(|it| it.country.clone())
                            .or_else(|| country.clone()),
                        activity: role.or(by_process),
                        address,
                        ..Establishment::default()
                    }
                },
            );
            Process {
                type_code,
                establishment,
                country,
                period,
                duration,
                characteristics,
                extensions,
                place: 0,
            }
        })
        .boxed()
}

fn animal() -> BoxedStrategy<Animal> {
    (vec(identifier(), 1..3), notes())
        .prop_map(|(identifiers, particulars)| Animal { identifiers, particulars, place: 0 })
        .boxed()
}

fn observation() -> BoxedStrategy<LaboratoryObservation> {
    (some_code(None), of(text()), of(measure()), some_code(None), of(date_time()), of(party()))
        .prop_map(|(substance, method, value, verdict, at, laboratory)| LaboratoryObservation {
            substance,
            method,
            value,
            verdict,
            at,
            laboratory,
            place: 0,
        })
        .boxed()
}

fn line() -> BoxedStrategy<TradeLine> {
    let named = (1..100u32, texts(), vec(text(), 1..3), texts(), texts(), vec(classification(), 0..3));
    let measured =
        (of(measure()), of(measure()), of(measure()), of(measure()), of(count()), vec(packages(), 0..3));
    let made = (
        vec(area(), 0..3),
        vec(process(), 0..3),
        vec(period(), 0..2),
        of(date_time()),
        identifiers(),
        identifiers(),
        vec(animal(), 0..3),
        vec(observation(), 0..2),
    );
    let origin = vec(extension_of(&["OriginSPSLocation/ID", "OriginSPSLocation/Name"]), 0..3);
    let told = (of(code(None)), notes(), vec(referenced(&["380", "853"]), 0..2), origin, foreign());
    (named, measured, made, told)
        .prop_map(|(named, measured, made, told)| {
            let (sequence, descriptions, common_names, scientific_names, intended_uses, classifications) =
                named;
            let (net_weight, gross_weight, net_volume, gross_volume, count, packages) = measured;
            let (origins, processes, production, expiry, batches, containers, animals, observations) = made;
            let (storage_condition, notes, referenced_documents, mut extensions, foreign) = told;
            extensions.extend(foreign);
            TradeLine {
                sequence,
                descriptions,
                common_names,
                scientific_names,
                intended_uses,
                classifications,
                net_weight,
                gross_weight,
                net_volume,
                gross_volume,
                count,
                packages,
                origins,
                processes,
                production,
                expiry,
                batches,
                containers,
                animals,
                observations,
                storage_condition,
                notes,
                referenced_documents,
                extensions,
                place: 0,
            }
        })
        .boxed()
}

fn totals() -> BoxedStrategy<Totals> {
    let count = of(Just(Measure {
        value: Decimal { coefficient: 7, scale: 0 },
        unit: Some("H87".into()),
        ..Measure::default()
    }));
    (of(measure()), of(measure()), of(measure()), count, vec(packages(), 0..2))
        .prop_map(|(net_weight, gross_weight, volume, count, packages)| Totals {
            net_weight,
            gross_weight,
            volume,
            count,
            packages,
            place: 0,
        })
        .boxed()
}

fn consignment() -> BoxedStrategy<Consignment> {
    let parties = (of(party()), of(party()), of(party()), of(party()), of(party()));
    let countries = (of(area()), vec(area(), 0..2), of(area()), vec(area(), 0..2));
    let places = (of(location()), of(location()), of(location()), of(date_time()), of(date_time()));
    let movement = (some_code(Some("REC19")), identifiers(), vec(text(), 1..2), of(unnamed_country()))
        .prop_map(|(mode, identifiers, means, nationality)| TransportMovement {
            mode,
            identifiers,
            means,
            nationality,
            place: 0,
        });
    let equipment = (identifier(), some_code(None), identifiers(), of(measure())).prop_map(
        |(identifier, type_code, seals, set_temperature)| Equipment {
            identifier: Some(identifier),
            type_code,
            seals,
            set_temperature,
            place: 0,
        },
    );
    let carrier = vec(extension_of(&["CarrierSPSParty/ID", "CarrierSPSParty/Name"]), 0..3);
    let moved = (vec(movement, 0..2), vec(referenced(&["705", "740"]), 0..2), vec(equipment, 0..3));
    let held = (of(totals()), vec(line(), 1..3), notes(), carrier, foreign());
    (parties, countries, places, moved, held)
        .prop_map(|(parties, countries, places, moved, held)| {
            let (consignor, consignee, despatch, delivery, operator) = parties;
            let (export_country, reexport_countries, import_country, transit_countries) = countries;
            let (loading_place, unloading_place, examination_place, departure, arrival) = places;
            let (transport, transport_documents, equipment) = moved;
            let (totals, lines, notes, mut extensions, foreign) = held;
            extensions.extend(foreign);
            Consignment {
                consignor,
                consignee,
                despatch,
                delivery,
                operator,
                export_country,
                reexport_countries,
                import_country,
                transit_countries,
                loading_place,
                unloading_place,
                examination_place,
                departure,
                arrival,
                transport,
                transport_documents,
                equipment,
                totals,
                lines,
                notes,
                extensions,
                place: 0,
            }
        })
        .boxed()
}

fn authentication() -> BoxedStrategy<Authentication> {
    let clause = (of("[A-Z]{2,5}"), vec(text(), 1..3)).prop_map(|(identifier, contents)| Clause {
        identifier,
        contents,
        place: 0,
    });
    (some_code(Some("UNCL9417")), of(date_time()), of(location()), of(party()), vec(clause, 0..3))
        .prop_map(|(type_code, at, location, provider, clauses)| Authentication {
            type_code,
            at,
            location,
            provider,
            clauses,
            place: 0,
        })
        .boxed()
}

fn control() -> BoxedStrategy<Control> {
    (some_code(None), some_code(None), of(date_time()), of(party()), texts())
        .prop_map(|(type_code, decision, at, authority, remarks)| Control {
            type_code,
            decision,
            at,
            authority,
            remarks,
            place: 0,
        })
        .boxed()
}

fn certificate() -> BoxedStrategy<Certificate> {
    let role = prop_oneof![Just(CertificateRole::OfficialCertificate), Just(CertificateRole::EntryDocument)];
    let kind = prop_oneof![Just("851"), Just("852"), Just("636")];
    let head = (role, of(identifier()), texts(), identifier(), of(words()), kind, of(date_time()));
    let issuer = (of(period()), of(party()), country(), vec(authentication(), 0..3), vec(control(), 0..2));
    let numbers = (notes(), vec(referenced(&["380", "911"]), 0..2), identifiers(), identifiers());
    let recipient = vec(extension_of(&["RecipientSPSParty/Name", "Description"]), 0..2);
    (head, issuer, numbers, consignment(), recipient, foreign())
        .prop_map(|(head, issuer, numbers, consignment, mut extensions, foreign)| {
            let (role, template, titles, number, version, kind, issued) = head;
            let (validity, issuer, issuing_country, authentications, controls) = issuer;
            let (notes, referenced_documents, replaces, cites) = numbers;
            extensions.sort_by(|one, other| one.name.cmp(&other.name));
            extensions.extend(foreign);
            let code = |value: &str, list: &str| Code {
                value: value.into(),
                code_list: Some(list.into()),
                ..Code::default()
            };
            Certificate {
                role,
                template,
                titles,
                number,
                version,
                type_code: code(kind, "UNCL1001"),
                status: code("70", "UNCL4405"),
                issued,
                validity,
                issuer,
                issuing_country: Some(issuing_country),
                authentications,
                controls,
                notes,
                referenced_documents,
                replaces,
                cites,
                consignment,
                extensions,
                place: 0,
            }
        })
        .boxed()
}

fn acknowledgement() -> BoxedStrategy<Acknowledgement> {
    let subjects = vec(referenced(&["851", "852"]), 0..3);
    (of(identifier()), code(Some("UNCL4405")), of(date_time()), texts(), subjects, foreign())
        .prop_map(|(number, status, issued, reasons, subjects, extensions)| Acknowledgement {
            number,
            status,
            issued,
            reasons,
            subjects,
            extensions,
            place: 0,
        })
        .boxed()
}

/// A certificate or an acknowledgement, with any of the model's fields.
pub fn any_document() -> impl Strategy<Value = Document> {
    prop_oneof![
        7 => certificate().prop_map(Document::Certificate),
        1 => acknowledgement().prop_map(Document::Acknowledgement),
    ]
}
