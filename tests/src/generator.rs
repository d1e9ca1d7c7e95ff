//! Realistic certificates in any number: the same seed gives the same ones.

use std::fmt::Write as _;

/// Makes certificates of New Zealand for the countries it exports to.
pub struct Generator {
    state: u64,
    next: u64,
}

/// A certificate that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its number.
    pub number: String,
    /// Country of destination.
    pub destination: &'static str,
    /// Day of issue.
    pub issued: String,
    /// Its container.
    pub container: String,
    /// The message: `SPSCertificate`, version 17.
    pub message: String,
}

struct Good {
    type_code: &'static str,
    prefix: &'static str,
    title: &'static str,
    description: &'static str,
    species: &'static str,
    codes: &'static [&'static str],
    package: &'static str,
    kilograms: u64,
    clauses: &'static [&'static str],
}

const GOODS: &[Good] = &[
    Good {
        type_code: "852",
        prefix: "HDM",
        title: "Certificate of animal health and fitness for human consumption: meat of bovine animals",
        description: "Boneless beef, frozen",
        species: "Bos taurus",
        codes: &["02023010", "02023050", "02023090"],
        package: "CT",
        kilograms: 27,
        clauses: &[
            "The meat comes from cattle that passed inspection before and after slaughter and is fit for human consumption.",
            "The meat was obtained, cut and stored under hygienic conditions in establishments approved for export.",
            "The exporting country is recognised as free from foot-and-mouth disease without vaccination.",
        ],
    },
    Good {
        type_code: "852",
        prefix: "LMB",
        title: "Certificate of animal health and fitness for human consumption: meat of sheep",
        description: "Lamb legs, bone in, frozen",
        species: "Ovis aries",
        codes: &["02044230", "02044290"],
        package: "CT",
        kilograms: 18,
        clauses: &[
            "The meat comes from lambs that passed inspection before and after slaughter.",
            "The animals were kept in the exporting country since birth.",
        ],
    },
    Good {
        type_code: "852",
        prefix: "DRY",
        title: "Certificate of fitness for human consumption: milk products",
        description: "Skimmed milk powder",
        species: "Bos taurus",
        codes: &["04021019", "04021011"],
        package: "BG",
        kilograms: 25,
        clauses: &[
            "The milk was heated so that no germ of disease could survive, and the product is fit for human consumption.",
        ],
    },
    Good {
        type_code: "851",
        prefix: "PHY",
        title: "Phytosanitary certificate",
        description: "Fresh apples",
        species: "Malus domestica",
        codes: &["08081080"],
        package: "BX",
        kilograms: 18,
        clauses: &[
            "The fruit was inspected by official procedures and is free from the quarantine pests of the importing country.",
        ],
    },
    Good {
        type_code: "851",
        prefix: "KIW",
        title: "Phytosanitary certificate",
        description: "Fresh kiwifruit",
        species: "Actinidia deliciosa",
        codes: &["08105000"],
        package: "BX",
        kilograms: 4,
        clauses: &[
            "The fruit was inspected by official procedures and is free from the quarantine pests of the importing country.",
        ],
    },
];

const DESTINATIONS: &[(&str, &str, &str, &str)] = &[
    ("CN", "China", "CNSHA", "Shanghai"),
    ("CN", "China", "CNTXG", "Tianjin"),
    ("US", "United States", "USPHL", "Philadelphia"),
    ("GB", "United Kingdom", "GBFXT", "Felixstowe"),
    ("DE", "Germany", "DEHAM", "Hamburg"),
    ("NL", "Netherlands", "NLRTM", "Rotterdam"),
    ("JP", "Japan", "JPTYO", "Tokyo"),
    ("KR", "Korea", "KRPUS", "Busan"),
    ("AU", "Australia", "AUMEL", "Melbourne"),
    ("SG", "Singapore", "SGSIN", "Singapore"),
    ("AE", "United Arab Emirates", "AEJEA", "Jebel Ali"),
    ("MY", "Malaysia", "MYPKG", "Port Klang"),
];

const TRANSIT: &[(&str, &str)] =
    &[("SG", "Singapore"), ("AU", "Australia"), ("MY", "Malaysia"), ("PA", "Panama")];
const FIRST: &[&str] =
    &["Harrow", "Kahurangi", "Tasman", "Fern", "Pounamu", "Ridge", "Waimea", "Southern", "Kauri", "Moa"];
const SECOND: &[&str] =
    &["Downs", "Valley", "Bay", "Hill", "Creek", "Plains", "Harbour", "Gully", "Point", "Flat"];
const TOWNS: &[&str] =
    &["Hāwera", "Timaru", "Gisborne", "Ashburton", "Motueka", "Te Puke", "Oamaru", "Levin"];
const SHIPS: &[&str] = &["KAIMAI TRADER", "PACIFIC HERON", "TASMAN LINK", "ORIENT FERN", "SOUTHERN CLOUD"];
const PERSONS: &[&str] =
    &["Aroha Whitiora", "Tom Hartley", "Mere Tane", "Jun Okabe", "Ella Strand", "Hone Pirika"];
const BUYERS: &[&str] = &["Cold Chain", "Provisions", "Fine Foods", "Trading", "Import House", "Markets"];

impl Generator {
    /// A generator; its first certificate bears the number `first`.
    #[must_use]
    pub fn new(seed: u64, first: u64) -> Self {
        Self { state: seed, next: first }
    }

    /// A random number below `below` (splitmix64).
    fn below(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// Makes the next certificate.
    #[must_use]
    pub fn certificate(&mut self) -> Made {
        let good = &GOODS[self.below(GOODS.len())];
        let serial = self.next;
        self.next += 1;
        let number = format!("NZ2026/{}/{serial:08}", good.prefix);
        let (country, country_name, port, port_name) = self.of(DESTINATIONS);
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        let issued = format!("2026-{month:02}-{day:02}");
        let container = format!("EXMU{:07}", self.below(10_000_000));
        let mut xml = String::with_capacity(8_192);
        self.document(&mut xml, good, &number, &issued);
        self.consignment(&mut xml, good, (country, country_name, port, port_name), &issued, &container);
        xml.push_str("</rsm:SPSCertificate>\n");
        Made { number, destination: country, issued, container, message: xml }
    }

    fn document(&mut self, xml: &mut String, good: &Good, number: &str, issued: &str) {
        let time = format!("{issued}T{:02}:{:02}:00+12:00", 8 + self.below(9), self.below(60));
        let (town, person) = (self.of(TOWNS), self.of(PERSONS));
        let bill = format!("EXML{:07}", self.below(10_000_000));
        let _ = write!(
            xml,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<rsm:SPSCertificate xmlns:rsm="urn:un:unece:uncefact:data:standard:SPSCertificate:17" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21">
	<rsm:SPSExchangedDocument>
		<ram:Name languageID="en">{}</ram:Name>
		<ram:ID>{number}</ram:ID>
		<ram:TypeCode>{}</ram:TypeCode>
		<ram:StatusCode>70</ram:StatusCode>
		<ram:IssueDateTime><udt:DateTimeString>{time}</udt:DateTimeString></ram:IssueDateTime>
		<ram:IssuerSPSParty>
			<ram:ID schemeID="authority">NZMPI</ram:ID>
			<ram:Name>Ministry for Primary Industries</ram:Name>
			<ram:SpecifiedSPSAddress><ram:CountryID>NZ</ram:CountryID></ram:SpecifiedSPSAddress>
		</ram:IssuerSPSParty>
		<ram:ReferenceSPSReferencedDocument>
			<ram:TypeCode>705</ram:TypeCode>
			<ram:RelationshipTypeCode>BM</ram:RelationshipTypeCode>
			<ram:ID>{bill}</ram:ID>
		</ram:ReferenceSPSReferencedDocument>
		<ram:SignatorySPSAuthentication>
			<ram:TypeCode>1</ram:TypeCode>
			<ram:ActualDateTime><udt:DateTimeString>{time}</udt:DateTimeString></ram:ActualDateTime>
			<ram:IssueSPSLocation><ram:Name>{town}</ram:Name></ram:IssueSPSLocation>
			<ram:ProviderSPSParty>
				<ram:Name>Ministry for Primary Industries</ram:Name>
				<ram:SpecifiedSPSPerson><ram:Name>{person}</ram:Name></ram:SpecifiedSPSPerson>
			</ram:ProviderSPSParty>
"#,
            good.title, good.type_code
        );
        for (index, clause) in good.clauses.iter().enumerate() {
            let _ = writeln!(
                xml,
                "\t\t\t<ram:IncludedSPSClause><ram:ID>CL{}</ram:ID><ram:Content languageID=\"en\">{clause}</ram:Content></ram:IncludedSPSClause>",
                index + 1
            );
        }
        xml.push_str("\t\t</ram:SignatorySPSAuthentication>\n\t</rsm:SPSExchangedDocument>\n");
    }

    fn party(&mut self, xml: &mut String, element: &str, name: &str, country: &str) {
        let (number, street, town) = (1 + self.below(400), self.of(SECOND), self.of(TOWNS));
        let identifier = self.below(10_000_000);
        let _ = write!(
            xml,
            "\t\t<ram:{element}>\n\t\t\t<ram:ID>{country}{identifier:07}</ram:ID>\n\t\t\t<ram:Name>{name}</ram:Name>\n\
             \t\t\t<ram:SpecifiedSPSAddress><ram:LineOne>{number} {street} Road</ram:LineOne>\
             <ram:CityName>{town}</ram:CityName><ram:CountryID>{country}</ram:CountryID></ram:SpecifiedSPSAddress>\n\
             \t\t</ram:{element}>\n"
        );
    }

    fn consignment(
        &mut self,
        xml: &mut String,
        good: &Good,
        (country, country_name, port, port_name): (&str, &str, &str, &str),
        issued: &str,
        container: &str,
    ) {
        xml.push_str("\t<rsm:SPSConsignment>\n");
        let exporter = format!("{} {} Company Limited", self.of(FIRST), self.of(SECOND));
        let buyer = format!("{} {} Ltd", self.of(FIRST), self.of(BUYERS));
        self.party(xml, "ConsignorSPSParty", &exporter, "NZ");
        self.party(xml, "ConsigneeSPSParty", &buyer, country);
        let _ = writeln!(
            xml,
            "\t\t<ram:ExportSPSCountry><ram:ID>NZ</ram:ID><ram:Name>New Zealand</ram:Name></ram:ExportSPSCountry>\n\
             \t\t<ram:ImportSPSCountry><ram:ID>{country}</ram:ID><ram:Name>{country_name}</ram:Name></ram:ImportSPSCountry>"
        );
        if self.below(3) == 0 {
            let (transit, name) = self.of(TRANSIT);
            let _ = writeln!(
                xml,
                "\t\t<ram:TransitSPSCountry><ram:ID>{transit}</ram:ID><ram:Name>{name}</ram:Name></ram:TransitSPSCountry>"
            );
        }
        let (voyage, ship, seal) = (self.below(999), self.of(SHIPS), self.below(1_000_000));
        let _ = write!(
            xml,
            r#"		<ram:LoadingBaseportSPSLocation><ram:ID schemeID="UNLOCODE">NZTRG</ram:ID><ram:Name>Tauranga</ram:Name></ram:LoadingBaseportSPSLocation>
		<ram:UnloadingBaseportSPSLocation><ram:ID schemeID="UNLOCODE">{port}</ram:ID><ram:Name>{port_name}</ram:Name></ram:UnloadingBaseportSPSLocation>
		<ram:MainCarriageSPSTransportMovement>
			<ram:ID>{voyage:03}N</ram:ID><ram:ModeCode>1</ram:ModeCode>
			<ram:UsedSPSTransportMeans><ram:Name>{ship}</ram:Name></ram:UsedSPSTransportMeans>
		</ram:MainCarriageSPSTransportMovement>
		<ram:UtilizedSPSTransportEquipment>
			<ram:ID>{container}</ram:ID>
			<ram:AffixedSPSSeal><ram:ID>NZMPI{seal:06}</ram:ID></ram:AffixedSPSSeal>
		</ram:UtilizedSPSTransportEquipment>
		<ram:IncludedSPSConsignmentItem>
			<ram:NatureIdentificationSPSCargo><ram:TypeCode>12</ram:TypeCode></ram:NatureIdentificationSPSCargo>
"#
        );
        for sequence in 1..=1 + self.below(3) {
            self.line(xml, good, sequence, issued);
        }
        xml.push_str("\t\t</ram:IncludedSPSConsignmentItem>\n\t</rsm:SPSConsignment>\n");
    }

    fn line(&mut self, xml: &mut String, good: &Good, sequence: usize, issued: &str) {
        let code = self.of(good.codes);
        let packages = 100 + self.below(900) as u64;
        let net = packages * good.kilograms;
        let (approval, place) = (1 + self.below(400), self.of(SECOND));
        let batch = self.below(1_000_000);
        let _ = write!(
            xml,
            r#"			<ram:IncludedSPSTradeLineItem>
				<ram:SequenceNumeric>{sequence}</ram:SequenceNumeric>
				<ram:Description languageID="en">{}</ram:Description>
				<ram:ScientificName>{}</ram:ScientificName>
				<ram:NetWeightMeasure unitCode="KGM">{net}</ram:NetWeightMeasure>
				<ram:GrossWeightMeasure unitCode="KGM">{}</ram:GrossWeightMeasure>
				<ram:AdditionalInformationSPSNote><ram:Subject>BATCH</ram:Subject><ram:Content>B{batch:06}</ram:Content></ram:AdditionalInformationSPSNote>
				<ram:ApplicableSPSClassification><ram:SystemID>HS</ram:SystemID><ram:SystemName>HS</ram:SystemName><ram:ClassCode>{code}</ram:ClassCode></ram:ApplicableSPSClassification>
				<ram:PhysicalSPSPackage><ram:LevelCode>3</ram:LevelCode><ram:TypeCode>{}</ram:TypeCode><ram:ItemQuantity>{packages}</ram:ItemQuantity></ram:PhysicalSPSPackage>
				<ram:OriginSPSCountry><ram:ID>NZ</ram:ID><ram:Name>New Zealand</ram:Name></ram:OriginSPSCountry>
				<ram:AppliedSPSProcess>
					<ram:TypeCode>PRO</ram:TypeCode>
					<ram:CompletionSPSPeriod><ram:EndDateTime><udt:DateTimeString>{issued}</udt:DateTimeString></ram:EndDateTime></ram:CompletionSPSPeriod>
					<ram:OperatorSPSParty><ram:ID>ME{approval}</ram:ID><ram:Name>{place} Works</ram:Name></ram:OperatorSPSParty>
					<ram:OperationSPSCountry><ram:ID>NZ</ram:ID></ram:OperationSPSCountry>
				</ram:AppliedSPSProcess>
			</ram:IncludedSPSTradeLineItem>
"#,
            good.description,
            good.species,
            net + packages,
            good.package
        );
    }
}

/// Messages as a batch: a JSON object a line.
#[must_use]
pub fn batch<'m>(messages: impl IntoIterator<Item = &'m str>) -> Vec<u8> {
    let mut lines = Vec::new();
    for message in messages {
        lines.extend_from_slice(serde_json::json!({ "message": message }).to_string().as_bytes());
        lines.push(b'\n');
    }
    lines
}
