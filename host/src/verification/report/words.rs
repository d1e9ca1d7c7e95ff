//! The words of reports, in the languages of the console.

use std::collections::BTreeMap;

use ecert_model::manifest::Localised;
use ecert_model::reports::Severity;

use crate::verification::Verdict;

/// Languages that reports are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// The language that an `Accept-Language` header asks for first, of those
    /// there are; English where it asks for neither.
    pub fn accepted(header: &str) -> Self {
        let wanted = |part: &str| {
            let (tag, quality) = part.split_once(';').unwrap_or((part, ""));
            let quality =
                quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
            let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            match primary.as_str() {
                "zh" => Some((quality, Self::Chinese)),
                "en" | "*" => Some((quality, Self::English)),
                _ => None,
            }
        };
        let mut best: Option<(f32, Self)> = None;
        for (quality, language) in header.split(',').filter_map(wanted) {
            if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, language));
            }
        }
        best.map_or(Self::English, |(_, language)| language)
    }

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The text in this language, else in English, else in any.
    pub fn of(self, texts: &Localised) -> &str {
        let text = texts.get(self.tag()).or_else(|| texts.get("en")).or_else(|| texts.values().next());
        text.map_or("", String::as_str)
    }
}

/// Key, English, Chinese.
const WORDS: &[(&str, &str, &str)] = &[
    ("verification", "Verification", "核验报告"),
    ("certificate", "Certificate", "证书"),
    ("certificates", "Certificates", "证书"),
    ("declaration", "Declaration", "报关单"),
    ("item", "Item", "商品项"),
    ("items", "Goods items", "商品项"),
    ("line", "line", "行"),
    ("against", "What stands against a release", "不能放行的原因"),
    ("worth", "Worth knowing", "提示信息"),
    ("nothing", "Nothing stands against a release.", "未发现不能放行的情况。"),
    ("checked", "What was checked", "核验内容"),
    ("passed", "passed", "通过"),
    ("failed", "failed", "未通过"),
    ("not-applicable", "not applicable", "不适用"),
    ("not-evaluable", "could not be judged", "无法判定"),
    ("expected", "Expected", "应为"),
    ("actual", "Found", "实为"),
    ("where", "Where", "位置"),
    ("rule-sets", "Rule sets", "规则集"),
    ("version", "Version", "版本"),
    ("time", "Time", "用时"),
    ("no-result", "came to no result", "未得出结果"),
    ("decision-date", "Day whose law applies", "适用法律日期"),
    ("acceptance", "acceptance by customs", "海关接受申报"),
    ("receipt", "receipt of the declaration", "收到申报"),
    ("arrival", "Arrival", "到达日期"),
    ("dispatch", "Dispatch", "启运日期"),
    ("whole-declaration", "whole declaration", "整票申报"),
    ("origin", "Origin", "原产地"),
    ("commodity", "Commodity code", "商品编码"),
    ("proposal", "A proposal until an officer decides.", "此为建议，以关员决定为准。"),
    ("basis", "Basis", "依据"),
    ("legal-basis", "Legal basis", "法律依据"),
    ("pinned", "What this rests on", "核验依据"),
    ("description", "Description", "描述"),
    ("type", "Type", "类型"),
    ("status", "Status", "状态"),
    ("issued", "Issued", "签发日期"),
    ("issuer", "Issuing authority", "签发机构"),
    ("validity", "Valid", "有效期"),
    ("consignor", "Consignor", "发货人"),
    ("consignee", "Consignee", "收货人"),
    ("route", "Countries", "国家"),
    ("transport", "Transport", "运输"),
    ("containers", "Containers and seals", "集装箱与封志"),
    ("lines", "Certified goods", "所证货物"),
    ("net-weight", "Net weight", "净重"),
    ("packages", "Packages", "包装"),
    ("attestations", "Signed and attested", "签署与证明"),
    ("notes", "Notes", "备注"),
    ("expiry", "Use by", "有效期至"),
    ("batch", "Batch", "批号"),
    ("received", "received", "接收于"),
    ("replaced-by", "Replaced by", "已被替换为"),
    (
        "contradicted",
        "Somebody else sent another content under this number.",
        "另有发送方以此编号发送了不同内容。",
    ),
];

/// Words by their keys, for templates.
pub(super) fn words(language: Language) -> BTreeMap<&'static str, &'static str> {
    WORDS.iter().map(|(key, english, chinese)| (*key, pick(language, english, chinese))).collect()
}

/// One word.
pub(super) fn word(key: &str, language: Language) -> &'static str {
    WORDS
        .iter()
        .find(|(k, ..)| *k == key)
        .map_or("", |(_, english, chinese)| pick(language, english, chinese))
}

fn pick(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// What a verdict means, for people.
pub(super) fn verdict(verdict: Verdict, language: Language) -> &'static str {
    let (english, chinese) = match verdict {
        Verdict::NoneRequired => ("No certificate required", "无需证书"),
        Verdict::Release => ("Release", "放行"),
        Verdict::Review => ("Review", "人工审核"),
        Verdict::Refuse => ("Refuse", "拒绝"),
    };
    pick(language, english, chinese)
}

/// What a severity is called.
pub(super) fn severity(severity: Severity, language: Language) -> &'static str {
    let (english, chinese) = match severity {
        Severity::Information => ("Information", "提示"),
        Severity::Warning => ("Warning", "警告"),
        Severity::Discrepancy => ("Discrepancy", "不符"),
        Severity::Prohibition => ("Prohibition", "禁止"),
    };
    pick(language, english, chinese)
}

/// How sure it is that a certificate came from its authority.
pub(super) fn delivery(authenticity: &str, language: Language) -> &'static str {
    let (english, chinese) = match authenticity {
        "authentic" => {
            ("Delivered by its authority or a hub agreed with it", "由签发机构或约定的交换平台传送")
        }
        "not-entitled" => {
            ("Handed in by somebody who may not speak for its authority", "由无权代表签发机构者提交")
        }
        _ => ("Sender not known", "发送方未知"),
    };
    pick(language, english, chinese)
}

/// Symbols of common units (UN/ECE Recommendation 20); others stand as they
/// are.
pub(super) fn unit(code: &str, language: Language) -> &str {
    match (code, language) {
        ("KGM", _) => "kg",
        ("GRM", _) => "g",
        ("TNE", _) => "t",
        ("LBR", _) => "lb",
        ("LTR", _) => "l",
        ("HLT", _) => "hl",
        ("MTQ", _) => "m³",
        ("CEL", _) => "°C",
        ("H87" | "NAR", Language::English) => "pieces",
        ("H87" | "NAR", Language::Chinese) => "件",
        ("DAY", Language::English) => "days",
        ("DAY", Language::Chinese) => "天",
        (other, _) => other,
    }
}

/// What a status of a certificate is called (UNCL 4405).
pub(super) fn status(code: &str, language: Language) -> Option<&'static str> {
    let (english, chinese) = match code {
        "39" => ("approved", "已批准"),
        "40" => ("withdrawn", "已撤回"),
        "41" => ("rejected", "已拒绝"),
        "42" => ("approval pending", "待批准"),
        "44" => ("replaced", "已替换"),
        "47" => ("draft", "草稿"),
        "64" => ("cancelled", "已取消"),
        "70" => ("issued", "已签发"),
        _ => return None,
    };
    Some(pick(language, english, chinese))
}

/// What a type of certificate is called (UNCL 1001).
pub(super) fn certificate_type(code: &str, language: Language) -> Option<&'static str> {
    let (english, chinese) = match code {
        "851" => ("phytosanitary certificate", "植物检疫证书"),
        "657" => ("phytosanitary certificate for re-export", "转口植物检疫证书"),
        "852" => ("sanitary certificate", "卫生证书"),
        "853" => ("veterinary certificate", "兽医证书"),
        "636" => ("health certificate", "健康证书"),
        "856" => ("inspection certificate", "检验证书"),
        _ => return None,
    };
    Some(pick(language, english, chinese))
}
