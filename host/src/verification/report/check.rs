//! The page on which everybody may check a certificate they hold.

use ecert_model::certificates::Certificate;
use minijinja::context;
use minijinja::value::Serde;

use super::certificate::{date, joined, line, period, route};
use super::html::TEMPLATES;
use super::words::{self, Language};

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub enum CheckPage<'a> {
    /// The form alone.
    Form,
    /// There is no certificate of this number and code.
    Unknown {
        /// The number as given.
        number: &'a str,
    },
    /// Too many tries.
    TooMany {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The certificate.
    Found {
        /// Its essential fields.
        certificate: &'a Certificate,
        /// Status that holds (UNCL 4405).
        status: &'a str,
        /// Since when (RFC 3339, UTC).
        since: &'a str,
        /// Whether its validity has ended.
        expired: bool,
        /// Number of the certificate that replaced it.
        replaced_by: Option<&'a str>,
    },
}

/// Key, English, Chinese.
const WORDS: &[(&str, &str, &str)] = &[
    ("title", "Check a certificate", "证书查验"),
    (
        "lead",
        "Enter the number and the check code that are printed on the certificate.",
        "请输入证书上印制的证书编号和查验码。",
    ),
    ("number", "Certificate number", "证书编号"),
    ("code", "Check code", "查验码"),
    ("check", "Check", "查验"),
    ("other", "中文", "English"),
    (
        "unknown",
        "There is no certificate with this number and check code. Compare both with what is printed, letter by letter.",
        "没有与该编号和查验码相符的证书。请逐字核对证书上印制的内容。",
    ),
    ("too-many", "Too many tries. Please wait; seconds:", "尝试次数过多，请稍候。等待秒数："),
    (
        "compare",
        "Compare what stands here with the paper in your hands. Only what stands here counts.",
        "请将以下内容与您手中的证书逐项核对，以此处显示的内容为准。",
    ),
    ("since", "since", "自"),
    ("replaced-by", "It was replaced by certificate", "已由以下证书替换："),
    ("country", "Issued by", "签发国家"),
    ("in-force", "In force", "有效"),
    ("expired", "Expired", "已过期"),
    ("withdrawn", "Withdrawn", "已撤回"),
    ("replaced", "Replaced", "已替换"),
    ("cancelled", "Cancelled", "已取消"),
];

/// The page, without script, in a language.
pub fn check_html(page: &CheckPage<'_>, language: Language) -> Result<String, minijinja::Error> {
    let chinese = language == Language::Chinese;
    let mut texts = words::words(language);
    texts.extend(WORDS.iter().map(|(key, english, other)| (*key, if chinese { *other } else { *english })));
    let template = TEMPLATES.get_template("check.html")?;
    let found = match page {
        CheckPage::Found { certificate, status, since, expired, replaced_by } => {
            let (standing, class) = match *status {
                "70" | "39" if *expired => ("expired", "review"),
                "70" | "39" => ("in-force", "release"),
                "44" => ("replaced", "refuse"),
                "64" => ("cancelled", "refuse"),
                _ => ("withdrawn", "refuse"),
            };
            let kind = &certificate.type_code.value;
            let issuer = certificate.issuer.as_ref();
            let names = issuer.into_iter().flat_map(|party| &party.names).map(|name| name.value.as_str());
            let country = certificate.issuing_country.iter().map(|country| country.value.as_str());
            let lines = &certificate.consignment.lines;
            context! {
                number => certificate.number.value.as_str(),
                title => certificate.titles.first().map_or("", |title| title.value.as_str()),
                kind => words::certificate_type(kind, language).unwrap_or(kind),
                standing => texts.get(standing).copied(),
                class => class,
                // One that stands as it was issued has its date of issue below.
                since => Some(since.get(..10).unwrap_or(since)).filter(|_| class == "refuse"),
                replaced_by => *replaced_by,
                issued => certificate.issued.as_ref().map(date),
                validity => certificate.validity.as_ref().map(period),
                issuer => joined(names.chain(country), ", "),
                route => route(certificate),
                lines => Serde(lines.iter().map(|one| line(one, language)).collect::<Vec<_>>()),
            }
        }
        _ => context! {},
    };
    template.render(context! {
        language => language.tag(),
        other => if chinese { "en" } else { "zh" },
        word => Serde(texts),
        unknown => matches!(page, CheckPage::Unknown { .. }),
        asked => if let CheckPage::Unknown { number } = page { number } else { "" },
        seconds => if let CheckPage::TooMany { seconds } = page { Some(*seconds) } else { None },
        found => if matches!(page, CheckPage::Found { .. }) { Some(found) } else { None },
    })
}
