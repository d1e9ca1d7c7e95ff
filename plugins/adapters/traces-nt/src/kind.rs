//! What TRACES NT deals in, told by the namespace around a document.

use ecert_sdk::xml::Element;
use sps::Dialect;

/// Namespaces of TRACES NT's certificates continue this one with the kind and
/// the version.
const CERTIFICATES: &str = "http://ec.europa.eu/tracesnt/certificate/";
const CERTEX: &str = "http://ec.europa.eu/sanco/tracesnt/customs_certex/ched";

/// Names of the statuses in TRACES NT, and UNCL 4405.
const STATUS_NAMES: &[(&str, &str)] = &[
    ("DRAFT", "47"),
    ("NEW", "1"),
    ("IN_PROGRESS", "42"),
    ("AUTHORIZED_FOR_ONWARD_TRANSPORTATION", "97"),
    ("AUTHORIZED_FOR_TRANSHIPMENT", "146"),
    ("AUTHORIZED_FOR_TRANSFER", "124"),
    ("AUTHORIZED_FOR_ONWARD_TRAVEL", "35"),
    ("AUTHORIZED_FOR_TRANSIT", "99"),
    ("REJECTED", "41"),
    ("PARTIALLY_REJECTED", "122"),
    ("VALIDATED", "70"),
    ("DELETED", "55"),
    ("CANCELLED", "64"),
    ("REPLACED", "44"),
];

/// A kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ChedV1,
    ChedV2,
    Intra,
    Import,
    Export,
    Phyto,
    Docom,
    Certex,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::ChedV1,
        Self::ChedV2,
        Self::Intra,
        Self::Import,
        Self::Export,
        Self::Phyto,
        Self::Docom,
        Self::Certex,
    ];

    /// The format's identifier.
    pub(crate) const fn format(self) -> &'static str {
        match self {
            Self::ChedV1 => "traces-ched-v1",
            Self::ChedV2 => "traces-ched-v2",
            Self::Intra => "traces-intra",
            Self::Import => "traces-import",
            Self::Export => "traces-export",
            Self::Phyto => "traces-phyto",
            Self::Docom => "traces-docom",
            Self::Certex => "traces-certex",
        }
    }

    /// How its documents are written.
    pub(crate) const fn dialect(self) -> Dialect {
        Dialect {
            format: self.format(),
            names_hold_codes: true,
            numberless: matches!(self, Self::ChedV1),
            status_names: STATUS_NAMES,
        }
    }

    /// The kind whose namespace this is. Services within the EU name theirs
    /// with `eu` before it.
    fn of(namespace: &str) -> Option<Self> {
        if namespace.starts_with(CERTEX) {
            return Some(Self::Certex);
        }
        let mut steps = namespace.strip_prefix(CERTIFICATES)?.split('/');
        let (kind, version) = (steps.next()?, steps.next().unwrap_or_default());
        match kind.strip_prefix("eu").unwrap_or(kind) {
            "ched" if version == "v2" => Some(Self::ChedV2),
            "ched" => Some(Self::ChedV1),
            "intra" => Some(Self::Intra),
            "import" => Some(Self::Import),
            "export" => Some(Self::Export),
            "phyto" => Some(Self::Phyto),
            "docom" => Some(Self::Docom),
            _ => None,
        }
    }

    /// The kind of a message by the namespaces that its first bytes declare.
    pub(crate) fn declared(head: &str) -> Option<Self> {
        let quoted = head.split(['"', '\'']);
        let mut kinds: Vec<_> = quoted.filter_map(Self::of).collect();
        kinds.sort_by_key(|kind| usize::from(*kind == Self::ChedV1));
        kinds.first().copied()
    }

    /// The kind of a document by the elements around it; where they do not
    /// tell, what the message was given as.
    pub(crate) fn around(document: Element<'_>, format: &str) -> Self {
        let mut around = std::iter::successors(Some(document), |element| element.parent());
        let told = around.find_map(|element| Self::of(element.namespace()));
        let given = || Self::ALL.into_iter().find(|kind| kind.format() == format);
        told.or_else(given).unwrap_or(Self::ChedV2)
    }
}
