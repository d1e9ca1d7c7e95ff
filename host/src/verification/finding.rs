//! Findings of the host itself: what no rule set can see.

use std::collections::BTreeMap;

use ecert_model::manifest::Localised;
use ecert_model::reports::{CertificatePlace, Severity};
use ecert_model::values::Place;
use serde::{Deserialize, Serialize};

/// What the host can find. The names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostCode {
    /// A cited certificate is not held.
    CertificateMissing,
    /// A cited certificate is not held, but some with a number like it are.
    CertificateSimilar,
    /// A cited certificate is not held; by the agreement they come in batches.
    CertificateAwaited,
    /// A cited certificate is not held; by the agreement they stay with the
    /// partner and are asked for.
    CertificateWithPartner,
    /// Several certificates bear the cited number.
    CitationAmbiguous,
    /// The item needs a certificate and cites none of the right type.
    CertificateNotCited,
    /// The item needs a certificate on paper.
    PaperCertificate,
    /// An agreement wants the certificate on paper.
    AgreementPaper,
    /// The exchange that an agreement is about is out; paper counts.
    AgreementOutage,
    /// Several lines of a certificate can be meant.
    PairingAmbiguous,
    /// No line of a certificate can be meant.
    PairingMissing,
    /// A kind of rule set that the item needs did not run.
    ItemUncovered,
    /// A rule set trapped or exceeded a limit.
    PluginFailed,
    /// A rule could not be judged though its field is expected.
    ExpectedFieldMissing,
    /// Another sender's version of the certificate contradicts this one.
    CertificateConflict,
    /// The certificate does not cover what is declared and already taken.
    LedgerRefused,
    /// The declaration's goods were released already.
    LedgerWrittenOff,
    /// The declaration's goods were refused, and their quantity not freed.
    LedgerBlocked,
    /// Nothing may be taken from a certificate of this status.
    LedgerStatus,
    /// The certificates that an entry document cites are not held.
    EntryDocumentOnly,
    /// There is no ledger here.
    NoLedger,
    /// There is no table of requirements here.
    NoRequirements,
}

/// Stable name, severity, title and message per language.
struct Wording {
    name: &'static str,
    severity: Severity,
    titles: [(&'static str, &'static str); 2],
    messages: [(&'static str, &'static str); 2],
}

impl HostCode {
    /// All codes, in the order in which they explain a case: what comes first
    /// tends to be the cause of what comes later.
    pub const ALL: [Self; 22] = [
        Self::AgreementOutage,
        Self::CertificateMissing,
        Self::CertificateSimilar,
        Self::CertificateAwaited,
        Self::CertificateWithPartner,
        Self::CitationAmbiguous,
        Self::CertificateNotCited,
        Self::PaperCertificate,
        Self::AgreementPaper,
        Self::CertificateConflict,
        Self::PairingMissing,
        Self::PairingAmbiguous,
        Self::ItemUncovered,
        Self::PluginFailed,
        Self::ExpectedFieldMissing,
        Self::LedgerRefused,
        Self::LedgerWrittenOff,
        Self::LedgerBlocked,
        Self::LedgerStatus,
        Self::EntryDocumentOnly,
        Self::NoLedger,
        Self::NoRequirements,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        self.wording().name
    }

    /// Whether it is the ledger that says so.
    pub fn is_of_ledger(self) -> bool {
        matches!(
            self,
            Self::LedgerRefused | Self::LedgerWrittenOff | Self::LedgerBlocked | Self::LedgerStatus
        )
    }

    /// How grave it is.
    pub fn severity(self) -> Severity {
        self.wording().severity
    }

    /// What it is called, per language.
    pub fn titles(self) -> Localised {
        localised(self.wording().titles)
    }

    /// Message templates per language.
    pub fn messages(self) -> Localised {
        localised(self.wording().messages)
    }

    fn wording(self) -> Wording {
        let (name, severity, titles, messages) = match self {
            Self::CertificateMissing => (
                "certificate-missing",
                Severity::Discrepancy,
                ["Cited certificate is here", "所引证书已收到"],
                [
                    "Certificate {number} is cited, but has not been received.",
                    "申报引用了证书 {number}，但尚未收到该证书。",
                ],
            ),
            Self::CertificateSimilar => (
                "certificate-similar",
                Severity::Information,
                ["No other number looks like the cited one", "没有与所引编号相似的编号"],
                [
                    "No certificate bears the number {number}; a number like it is {similar}. If that is meant, the declaration has to say so.",
                    "没有编号为 {number} 的证书；相似的编号为 {similar}。如指该证书，须在申报中更正。",
                ],
            ),
            Self::CertificateAwaited => (
                "certificate-awaited",
                Severity::Information,
                ["Certificate is not in a batch to come", "证书不在待送批次中"],
                [
                    "Under agreement {agreement} {partner} delivers certificates in batches: this one can still come, and the declaration is then verified again.",
                    "根据协议 {agreement}，{partner} 分批传送证书：该证书可能随后到达，届时将重新审核该申报。",
                ],
            ),
            Self::CertificateWithPartner => (
                "certificate-with-partner",
                Severity::Information,
                ["Certificate need not be asked for", "证书无须查询"],
                [
                    "Under agreement {agreement} certificates stay with {partner} and are asked for: ask for this one; when it comes, the declaration is verified again.",
                    "根据协议 {agreement}，证书保存在 {partner}，须向其查询：请查询该证书，收到后将重新审核该申报。",
                ],
            ),
            Self::CitationAmbiguous => (
                "citation-ambiguous",
                Severity::Discrepancy,
                ["Cited number means one certificate", "所引编号对应唯一证书"],
                [
                    "Several certificates bear the number {number}; which one is meant cannot be told.",
                    "多份证书使用编号 {number}，无法确定所指的是哪一份。",
                ],
            ),
            Self::CertificateNotCited => (
                "certificate-not-cited",
                Severity::Discrepancy,
                ["Required certificate is cited", "已引用所需证书"],
                [
                    "The goods need a certificate of type {types}; the item cites none.",
                    "该货物需要类型为 {types} 的证书，但该项未引用。",
                ],
            ),
            Self::PaperCertificate => (
                "paper-certificate",
                Severity::Discrepancy,
                ["Paper certificate has been seen", "已查验纸质证书"],
                [
                    "The certificate for these goods is accepted on paper only: an officer has to see it.",
                    "该货物仅接受纸质证书，须由关员查验。",
                ],
            ),
            Self::AgreementPaper => (
                "agreement-paper",
                Severity::Discrepancy,
                ["Electronic certificate suffices under the agreement", "协议认可电子证书"],
                [
                    "Agreement {agreement} with {partner} accepts the certificate for these goods on paper only: an officer has to see it.",
                    "与 {partner} 的协议 {agreement} 对该货物仅接受纸质证书，须由关员查验。",
                ],
            ),
            Self::AgreementOutage => (
                "agreement-outage",
                Severity::Discrepancy,
                ["Electronic exchange works", "电子交换正常"],
                [
                    "The electronic exchange of agreement {agreement} with {partner} is out from {from} to {until}: the certificate on paper counts, and an officer has to see it.",
                    "与 {partner} 的协议 {agreement} 的电子交换自 {from} 至 {until} 中断：以纸质证书为准，须由关员查验。",
                ],
            ),
            Self::PairingAmbiguous => (
                "pairing-ambiguous",
                Severity::Discrepancy,
                ["Item belongs to known certificate lines", "申报项与证书行对应明确"],
                [
                    "More than one line of certificate {number} can be meant: {lines}. Choose the line or name it in the declaration.",
                    "证书 {number} 中有多行可能对应：{lines}。请选择对应行，或在申报中注明行号。",
                ],
            ),
            Self::PairingMissing => (
                "pairing-missing",
                Severity::Discrepancy,
                ["Certificate has a line for the item", "证书中有对应行"],
                [
                    "No line of certificate {number} is for goods of code {code}.",
                    "证书 {number} 中没有与商品编码 {code} 对应的行。",
                ],
            ),
            Self::ItemUncovered => (
                "item-uncovered",
                Severity::Discrepancy,
                ["Rule sets for the goods have run", "已运行所需规则集"],
                [
                    "The goods have to be judged by rules of kind {kinds}; none ran for this item.",
                    "该货物须经 {kinds} 类规则审核，但该项未运行此类规则。",
                ],
            ),
            Self::PluginFailed => (
                "plugin-failed",
                Severity::Discrepancy,
                ["Rule sets ran to the end", "规则集正常运行完毕"],
                [
                    "Rule set {plugin} did not come to a result: {reason}.",
                    "规则集 {plugin} 未得出结果：{reason}。",
                ],
            ),
            Self::ExpectedFieldMissing => (
                "expected-field-missing",
                Severity::Discrepancy,
                ["Expected fields are there", "应有字段齐全"],
                [
                    "Rule {rule} could not be judged: {missing} is missing, and is expected for these goods.",
                    "规则 {rule} 无法判定：缺少应有的 {missing}。",
                ],
            ),
            Self::CertificateConflict => (
                "certificate-conflict",
                Severity::Discrepancy,
                ["Versions of the certificate agree", "证书各版本一致"],
                [
                    "Certificate {number} has also been received with other content from a sender who may not amend it.",
                    "另一无权修改的发送方曾提交内容不同的证书 {number}。",
                ],
            ),
            Self::LedgerRefused => (
                "ledger-refused",
                Severity::Discrepancy,
                ["Quantity is still available", "证书余量充足"],
                [
                    "Line {line} of certificate {number} has {available} left; {wanted} is declared.",
                    "证书 {number} 第 {line} 行余量为 {available}，申报数量为 {wanted}。",
                ],
            ),
            Self::LedgerWrittenOff => (
                "ledger-written-off",
                Severity::Discrepancy,
                ["Goods have not been released before", "货物尚未放行"],
                [
                    "The goods of this declaration were released already, and their quantity written off.",
                    "该报关单的货物已放行，数量已核销。",
                ],
            ),
            Self::LedgerBlocked => (
                "ledger-blocked",
                Severity::Discrepancy,
                ["Goods have not been refused before", "货物未曾被拒"],
                [
                    "The goods of this declaration were refused; their quantity is blocked until an officer frees it.",
                    "该报关单的货物曾被拒绝，数量已冻结，须由关员解除。",
                ],
            ),
            Self::LedgerStatus => (
                "ledger-status",
                Severity::Discrepancy,
                ["Goods can be taken from the certificate", "证书可供核销"],
                [
                    "Nothing can be taken from certificate {number}: it is neither issued nor approved.",
                    "证书 {number} 既未签发也未批准，不能核销。",
                ],
            ),
            Self::EntryDocumentOnly => (
                "entry-document-only",
                Severity::Information,
                ["Certificates behind the entry document are here", "入境文件所引证书已收到"],
                [
                    "Entry document {number} cites certificates that have not been received: {missing}.",
                    "入境文件 {number} 所引的证书尚未收到：{missing}。",
                ],
            ),
            Self::NoLedger => (
                "no-ledger",
                Severity::Information,
                ["Quantities of other declarations count", "已核对其他申报的数量"],
                [
                    "There is no ledger here: quantities that other declarations took are not known.",
                    "此处没有台账：其他申报已核销的数量未知。",
                ],
            ),
            Self::NoRequirements => (
                "no-requirements",
                Severity::Information,
                ["Requirements are known", "已知监管要求"],
                [
                    "No table of requirements is loaded: whether the goods need other certificates was not checked.",
                    "未载入监管要求表：未核对货物是否需要其他证书。",
                ],
            ),
        };
        let pair = |[en, zh]: [&'static str; 2]| [("en", en), ("zh", zh)];
        Wording { name, severity, titles: pair(titles), messages: pair(messages) }
    }
}

fn localised(texts: [(&'static str, &'static str); 2]) -> Localised {
    texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect()
}

/// Something the host found.
#[derive(Clone, Debug, PartialEq)]
pub struct HostFinding {
    /// What.
    pub code: HostCode,
    /// Index of the item; none for the declaration as a whole.
    pub item: Option<u32>,
    /// Values for the message.
    pub arguments: BTreeMap<&'static str, String>,
    /// Places in the certificates.
    pub certificate_places: Vec<CertificatePlace>,
    /// Places in the declaration.
    pub declaration_places: Vec<Place>,
}

impl HostFinding {
    /// A finding on an item, or on the declaration as a whole.
    pub fn new(code: HostCode, item: Option<u32>) -> Self {
        Self {
            code,
            item,
            arguments: BTreeMap::new(),
            certificate_places: Vec::new(),
            declaration_places: Vec::new(),
        }
    }

    /// Adds a value for the message.
    #[must_use]
    pub fn argument(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.arguments.insert(name, value.into());
        self
    }

    /// Adds a place in a certificate.
    #[must_use]
    pub fn in_certificate(mut self, certificate: u32, place: Place) -> Self {
        self.certificate_places.push(CertificatePlace { certificate, place });
        self
    }

    /// Adds a place in the declaration.
    #[must_use]
    pub fn in_declaration(mut self, place: Place) -> Self {
        self.declaration_places.push(place);
        self
    }
}

/// Fills a message template: `{name}` stands for the value of that name.
pub fn fill<'v>(template: &str, value: impl Fn(&str) -> Option<std::borrow::Cow<'v, str>>) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        text.push_str(&rest[..open]);
        let name = &rest[open + 1..open + length];
        match value(name) {
            Some(value) => text.push_str(&value),
            None => text.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_as_they_are_serialised() {
        for code in HostCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
            assert_eq!(code.messages().len(), 2);
        }
    }

    #[test]
    fn templates_are_filled() {
        let value = |name: &str| (name == "a").then(|| "1".into());
        assert_eq!(fill("{a} and {a}, {b}", value), "1 and 1, {b}");
        assert_eq!(fill("open {a", value), "open {a");
        assert_eq!(fill("{}", value), "{}");
    }
}
