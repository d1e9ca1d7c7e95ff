//! What partners are told of what they sent: acknowledgements in their own
//! format, SOAP, and codes in their language.

use std::path::{Path, PathBuf};
use std::process::Command;

use ecert_tests::deliveries::{deliver, finished, lines, numbered};
use ecert_tests::host::component;
use ecert_tests::{Answer, Client, Host, Setup, examples};
use serde_json::{Value, json};

/// Where the hub's operations are served.
const SOAP: &str = "/v1/soap/delivery";

fn host() -> Host {
    let host = Setup::default().start();
    for name in ["uncefact-sps", "ippc-hub"] {
        host.publish(&component(name));
    }
    host
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

fn oranges() -> String {
    String::from_utf8(examples::message("clean/oranges/certificate.xml")).expect("UTF-8")
}

/// The hub's operation that delivers the oranges under a number.
fn delivering(number: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\
         <e:DeliverEnvelope xmlns:e='http://ephyto.ippc.int/' xmlns:h='http://ephyto.ippc.int/HUB.Entities'><e:env>\
         <h:From>ZA</h:From><h:To>GB</h:To><h:CertificateType>851</h:CertificateType>\
         <h:CertificateStatus>70</h:CertificateStatus><h:NPPOCertificateNumber>{number}</h:NPPOCertificateNumber>\
         <h:Content><![CDATA[{}]]></h:Content></e:env></e:DeliverEnvelope></s:Body></s:Envelope>",
        oranges()
    )
}

fn asking(operation: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:e='http://ephyto.ippc.int/'>\
         <s:Body>{operation}</s:Body></s:Envelope>"
    )
}

fn soap(client: &Client, message: &str, language: &str) -> Answer {
    let headers =
        [("content-type", "text/xml; charset=utf-8"), ("accept-language", language), ("soapaction", "\"\"")];
    client.send("POST", SOAP, &headers, message.as_bytes())
}

/// Text of the first element of a local name.
fn element<'x>(xml: &'x str, name: &str) -> &'x str {
    let start = xml.find(&format!(":{name}>")).unwrap_or_else(|| panic!("{name} is missing: {xml}"));
    let rest = &xml[start + name.len() + 2..];
    &rest[..rest.find('<').expect("the element is closed")]
}

fn acknowledged(client: &Client, address: &str, language: &str) -> String {
    let answer = client.send("GET", address, &[("accept-language", language)], &[]).expect(200);
    assert_eq!(answer.header("content-language"), language);
    answer.text()
}

#[test]
fn a_message_is_acknowledged_in_its_format_and_the_partners_language() {
    let host = host();
    let partner = host.client("partner", &["NZ"]);
    let bad = String::from_utf8(examples::message("bad/cut-off/certificate.xml")).expect("UTF-8");
    let (first, conflicting) = (numbered(1), numbered(1).replace("boneless", "bone-in"));
    assert_ne!(first, conflicting, "the example says nothing of bones");
    let many: Vec<String> = (100..400).map(numbered).collect();
    let batch = [&first, &bad, &conflicting].into_iter().chain(&many).map(String::as_str);
    let address = deliver(&partner, &lines(batch));
    let of = |number: usize, language: &str| {
        acknowledged(&partner, &format!("{address}/messages/{number}/acknowledgement"), language)
    };
    let waiting = of(303, "en");
    assert_eq!(element(&waiting, "StatusCode"), "73", "{waiting}");
    assert!(waiting.contains("The message was received."), "{waiting}");

    let delivery = finished(&partner, &address);
    let accepted = of(1, "fr");
    assert_eq!(element(&accepted, "StatusCode"), "39", "{accepted}");
    assert!(accepted.contains("Le message a été accepté."), "{accepted}");
    assert!(
        accepted.contains("NZ2026/BATCH/000001") && accepted.contains("SPSAcknowledgement:17"),
        "{accepted}"
    );
    let rejected = &delivery["messages"][1];
    let code = text(&rejected["problems"][0], "code");
    let told =
        acknowledged(&partner, &format!("/v1/messages/{}/acknowledgement", text(rejected, "id")), "es");
    assert_eq!(element(&told, "StatusCode"), "41", "{told}");
    assert!(told.contains("El mensaje se ha rechazado.") && told.contains(code), "{told}");
    assert!(told.contains(text(rejected, "id")) && told.contains(text(rejected, "digest")), "{told}");
    let readable = of(3, "zh");
    assert_eq!(element(&readable, "StatusCode"), "42", "{readable}");
    assert!(
        readable.contains("certificate-conflict") && readable.contains("该编号下已有不同内容"),
        "{readable}"
    );

    // In another format, or none that there is.
    let first = format!("{address}/messages/1/acknowledgement");
    let hubs = partner.get(&format!("{first}?format=ippc-hub")).expect(200).text();
    assert_eq!(element(&hubs, "StatusCode"), "39", "{hubs}");
    let none = partner.get(&format!("{first}?format=telex-1963")).expect(406).json();
    assert_eq!(none["code"], "not-acceptable");
    assert!(none["knownFormats"].to_string().contains("ippc-hub"), "{none}");

    // To nobody else.
    let other = host.client("partner", &["AU"]);
    assert_eq!(other.get(&first).expect(404).code(), "not-found");
    assert_eq!(
        partner.get(&format!("{address}/messages/999/acknowledgement")).expect(404).code(),
        "not-found"
    );
}

#[test]
fn codes_are_told_in_the_partners_language() {
    let host = host();
    let partner = host.client("partner", &["NZ"]);
    let bad = examples::message("bad/undeclared-prefix/certificate.xml");
    for (language, title, meaning) in [
        ("en", "The message cannot be read", "XML: a prefix is not declared"),
        ("zh-CN", "报文无法读取", "XML：前缀未声明"),
        ("fr", "Le message est illisible", "XML : un préfixe n'est pas déclaré"),
        ("es-MX", "El mensaje no se puede leer", "XML: un prefijo no está declarado"),
    ] {
        let headers = [("content-type", "application/xml"), ("accept-language", language)];
        let problem = partner.send("POST", "/v1/certificates", &headers, &bad).expect(422).json();
        let told = (text(&problem, "code"), text(&problem, "title"), text(&problem["problems"][0], "title"));
        assert_eq!(told, ("unreadable-message", title, meaning), "{problem}");
        assert_eq!(problem["problems"][0]["code"], "xml-undeclared-prefix");
        let kept = format!("/v1/messages/{}", text(&problem, "message"));
        let kept = partner.send("GET", &kept, &[("accept-language", language)], &[]).expect(200).json();
        assert_eq!(kept["problems"][0]["title"], meaning, "{kept}");
    }
}

#[test]
fn the_sender_learns_what_became_of_the_goods_and_why_where_agreed() {
    let host = Setup::default().furnished();
    let partner = host.client("partner", &["NZ"]);
    let (customs, officer) = (host.client("operator", &[]), host.client("officer", &[]));
    let certificate = examples::message("clean/beef-frozen/certificate.xml");
    let reference = partner.xml("/v1/certificates", &certificate).expect(201).json();
    let address = format!("/v1/messages/{}/acknowledgement", text(&reference, "message"));
    let status = || {
        let told = acknowledged(&partner, &address, "en");
        (element(&told, "StatusCode").to_owned(), told)
    };
    assert_eq!(status().0, "39");

    let declaration = examples::message("clean/beef-frozen/declaration.xml");
    let verification = customs.xml("/v1/declarations", &declaration).expect(200).json();
    let decision = |action: &str| {
        let decision =
            json!({"action": action, "reasonCode": "temperature", "text": "Trader J. Secret was warned"});
        let path = format!("/v1/verifications/{}/decision", text(&verification, "id"));
        let _ = officer.json("POST", &path, &decision).expect(201);
    };
    decision("refuse");
    let (code, told) = status();
    assert_eq!(code, "63", "{told}");
    assert!(told.contains("refused at the border") && !told.contains("temperature"), "{told}");

    let agreements: Vec<Value> =
        serde_json::from_slice(&ecert_tests::file("examples/agreements.json")).expect("JSON");
    let mut terms = agreements.into_iter().find(|terms| terms["name"] == "nz-meat").expect("an agreement");
    terms.as_object_mut().expect("an object").remove("name");
    terms["refusalReasons"] = json!(true);
    let _ = host.admin.json("PUT", "/v1/agreements/nz-meat", &terms).expect(200);
    let told = status().1;
    assert!(told.contains("temperature"), "{told}");
    assert!(!told.contains("Secret") && !told.contains("THAM260510"), "nothing of the trader: {told}");

    decision("accept");
    assert_eq!(status().0, "39");
    let number = text(&verification["declaration"], "id");
    let _ = customs.json("POST", &format!("/v1/declarations/{number}/release"), &json!({})).expect(200);
    assert_eq!(status().0, "2");
}

#[test]
fn a_hub_delivers_over_soap_and_is_answered_in_its_own_types() {
    let host = host();
    let hub = host.client("partner", &["ZA"]);
    let answer = soap(&hub, &delivering("ZA-PE-26-60118"), "en").expect(200);
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    let result = answer.text();
    assert!(result.contains("DeliverEnvelopeResult"), "{result}");
    assert_eq!(element(&result, "HUBTrackingInfo"), "Delivered", "{result}");
    assert_eq!(element(&result, "NPPOCertificateNumber"), "ZA-PE-26-60118");
    let number = element(&result, "hubDeliveryNumber").to_owned();
    let listed = hub.get("/v1/certificates").expect(200).json();
    assert_eq!(listed["items"][0]["authenticity"], "authentic", "{listed}");
    let acknowledgement = acknowledged(&hub, &format!("/v1/messages/{number}/acknowledgement"), "en");
    assert_eq!(element(&acknowledgement, "StatusCode"), "39", "{acknowledgement}");

    let track = |client: &Client, number: &str| {
        let operation = format!(
            "<e:GetEnvelopeTrackingInfo><e:hubTrackingNumber>{number}</e:hubTrackingNumber></e:GetEnvelopeTrackingInfo>"
        );
        let answer = soap(client, &asking(&operation), "en").expect(200).text();
        (element(&answer, "HUBTrackingInfo").to_owned(), answer)
    };
    assert_eq!(track(&hub, &number).0, "Delivered");
    assert_eq!(track(&hub, "018f2f7e-0000-7000-8000-000000000000").0, "EnvelopeNotExists");

    // Another country's hub: it sees nothing, and its word does not count.
    let other = host.client("partner", &["KE"]);
    let (tracking, told) = track(&other, &number);
    assert_eq!(tracking, "EnvelopeNotExists");
    assert!(!told.contains("ZA-PE"), "{told}");
    let told = soap(&other, &delivering("ZA-PE-26-60118"), "fr").expect(200).text();
    assert_eq!(element(&told, "HUBTrackingInfo"), "DeliveredWithWarnings", "{told}");
    assert!(told.contains("not-entitled") && told.contains("Seule"), "{told}");
    let listed = host.admin.get("/v1/certificates").expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");

    let under = soap(&hub, &asking("<e:GetUnderDeliveryEnvelope/>"), "en").expect(200).text();
    assert!(
        under.contains("GetUnderDeliveryEnvelopeResult") && !under.contains("EnvelopeHeader>"),
        "{under}"
    );
    let wsdl = hub.get(&format!("{SOAP}?wsdl")).expect(200).text();
    assert!(wsdl.contains("wsdl:portType") && wsdl.contains("/v1/soap/delivery\""), "{wsdl}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("delivery.wsdl");
    std::fs::write(&path, wsdl).expect("a file");
    let checked = Command::new("xmllint").arg("--noout").arg(&path).output().expect("xmllint is there");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn what_is_wrong_over_soap_is_a_fault_with_stable_codes() {
    let host = host();
    let hub = host.client("partner", &["ZA"]);
    let fault = |message: &str, language: &str| soap(&hub, message, language).expect(500).text();
    let differs = fault(&delivering("ZA-PE-26-60119"), "es");
    assert!(differs.contains("<faultcode>soap:Client</faultcode>"), "{differs}");
    assert!(differs.contains("El mensaje no se puede leer"), "{differs}");
    assert!(differs.contains("code=\"envelope-differs\" line=\"1\""), "{differs}");
    assert!(element(&differs, "message").starts_with("unreadable-message"), "{differs}");
    // It is kept.
    let start = differs.find(" message=\"").expect("a reference") + 10;
    let reference = &differs[start..start + 36];
    let kept = hub.get_as(&format!("/v1/messages/{reference}"), "application/json").expect(200).json();
    assert_eq!(kept["state"], "rejected");

    assert!(fault("<a><b></a>", "en").contains("code=\"xml-mismatched-tag\" line=\"1\""));
    assert!(fault("<a/>", "en").contains("code=\"not-an-envelope\""));
    let other = fault(&asking("<e:PULLImportEnvelope/>"), "zh");
    assert!(other.contains("code=\"unknown-operation\"") && other.contains("此处不提供该操作"), "{other}");

    let nobody = soap(&host.admin.with_token(None), &delivering("ZA-PE-26-60118"), "en").expect(401);
    assert!(nobody.text().contains("unauthenticated:"), "{}", nobody.text());
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let auditor = soap(&host.client("auditor", &[]), &delivering("ZA-PE-26-60118"), "en").expect(403);
    assert!(auditor.text().contains("forbidden:"), "{}", auditor.text());
    let json = hub.json("POST", SOAP, &json!({})).expect(415);
    assert!(json.text().contains("unsupported-media-type:"), "{}", json.text());
}

/// A schema that names the files of all the hub's: they import each other by
/// namespace alone.
fn schema(folder: &Path) -> PathBuf {
    let samples = std::env::var_os("ECERT_SAMPLES")
        .map_or_else(|| ecert_tests::root().join("../shared/samples"), PathBuf::from);
    let mut files: Vec<PathBuf> = std::fs::read_dir(samples.join("schemas/sps-ippc-hub"))
        .expect("the samples are there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let import = |path: &PathBuf| {
        let schema = std::fs::read_to_string(path).expect("a schema");
        let (_, rest) = schema.split_once("targetNamespace=\"").expect("a target namespace");
        let namespace = rest.split('"').next().unwrap_or_default();
        format!("<xs:import namespace=\"{namespace}\" schemaLocation=\"{}\"/>\n", path.display())
    };
    let imports: String = files.iter().map(import).collect();
    let path = folder.join("all.xsd");
    let schema =
        format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{imports}</xs:schema>\n");
    std::fs::write(&path, schema).expect("a file");
    path
}

#[test]
fn samples_what_the_hub_is_told_is_valid_by_its_schemas() {
    let host = host();
    let hub = host.client("partner", &["ZA", "NZ"]);
    let answer = soap(&hub, &delivering("ZA-PE-26-60118"), "fr").expect(200).text();
    let number = element(&answer, "hubDeliveryNumber").to_owned();
    let bad =
        hub.xml("/v1/certificates", &examples::message("bad/cut-off/certificate.xml")).expect(422).json();
    let conflict = oranges().replace("2026-03", "2026-02");
    let conflict = hub.xml("/v1/certificates", conflict.as_bytes()).json();
    let folder = tempfile::tempdir().expect("a folder");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--schema"]).arg(schema(folder.path()));
    let references = [number.as_str(), text(&bad, "message"), text(&conflict, "message")];
    for (index, reference) in references.into_iter().enumerate() {
        let format = if index == 0 { "" } else { "?format=ippc-hub" };
        let told = acknowledged(&hub, &format!("/v1/messages/{reference}/acknowledgement{format}"), "es");
        let path = folder.path().join(format!("{index}.xml"));
        std::fs::write(&path, told).expect("a file");
        xmllint.arg(path);
    }
    // The answer without the SOAP around it.
    let start = answer.find("<e:DeliverEnvelopeResponse").expect("the hub's answer");
    let end = answer.find("\n</soap:Body>").expect("the end of the body");
    let path = folder.path().join("answer.xml");
    std::fs::write(&path, &answer[start..end]).expect("a file");
    let output = xmllint.arg(path).output().expect("xmllint is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
