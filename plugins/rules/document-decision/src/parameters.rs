//! What the codes of documents, statuses and decisions mean.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an authority states what
/// differs. Codes and words are compared without regard to case, blanks and
/// underscores.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// Codes of declared documents, by the type of the entry document that
    /// each stands for.
    pub document_codes: BTreeMap<String, Vec<String>>,
    /// How references of entry documents begin.
    pub reference_prefixes: Vec<String>,
    /// Codes and words of each stage of an entry document.
    pub stages: Stages,
    /// Decisions that accept goods.
    pub acceptable: Vec<String>,
    /// What was decided where goods were not accepted, by the decision code.
    pub refusals: BTreeMap<String, Vec<String>>,
    /// Checks on plants by two services, and the code of the hold that each
    /// brings about while it is open.
    pub checks: Vec<Check>,
    /// Outcomes of a check that keep it open.
    pub open_checks: Vec<String>,
    /// What catch documents say when fish may only pass.
    pub illegal_catch: Vec<String>,
}

/// Codes and words of the stages of an entry document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Stages {
    /// Handed in: nobody has looked at it.
    pub submitted: Vec<String>,
    /// Being looked at.
    pub in_progress: Vec<String>,
    /// Being amended.
    pub amended: Vec<String>,
    /// Ended, by the error that each ending is.
    pub ended: BTreeMap<String, Vec<String>>,
}

/// A check by a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Check {
    /// The service, as controls name it.
    pub service: String,
    /// The hold while its check is open.
    pub hold: String,
}

impl Default for Parameters {
    fn default() -> Self {
        let owned = |words: &[&str]| -> Vec<String> { words.iter().map(|&word| word.into()).collect() };
        let map = |entries: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            entries.iter().map(|(name, words)| ((*name).into(), owned(words))).collect()
        };
        let check = |service: &str, hold: &str| Check { service: service.into(), hold: hold.into() };
        Self {
            document_codes: map(&[
                ("CHED-A", &["C640"]),
                ("CHED-P", &["N853", "C673"]),
                ("CHED-D", &["C678", "N852"]),
                ("CHED-PP", &["C085", "9115", "N851", "N002"]),
            ]),
            reference_prefixes: owned(&["CHED", "GBCHD", "GBPHC"]),
            stages: Stages {
                submitted: owned(&["1", "NEW", "SUBMITTED"]),
                in_progress: owned(&["42", "IN_PROGRESS"]),
                amended: owned(&["AMEND", "AMENDED"]),
                ended: map(&[
                    ("E71", &["64", "CANCELLED"]),
                    ("E72", &["44", "REPLACED"]),
                    ("E73", &["55", "DELETED"]),
                    ("E75", &["SPLIT_CONSIGNMENT", "SPLIT"]),
                ]),
            },
            acceptable: owned(&[
                "ACCEPTABLE",
                "ACCEPTABLE_FOR_INTERNAL_MARKET",
                "ACCEPTABLE_FOR_TRANSHIPMENT",
                "ACCEPTABLE_FOR_TRANSIT",
                "ACCEPTABLE_FOR_TEMPORARY_ADMISSION",
            ]),
            refusals: map(&[
                ("N01", &["REQUIRED_FOR_IMPORT"]),
                ("N02", &["PROHIBITED_FOR_IMPORT"]),
                ("N03", &["HORSE_PASSPORT_REQUIRED"]),
                ("N04", &["NOT_ACCEPTABLE_FOR_TRANSHIPMENT"]),
                ("N05", &["NOT_ACCEPTABLE_FOR_TRANSIT"]),
                ("N06", &["NOT_ACCEPTABLE_FOR_TEMPORARY_ADMISSION"]),
                ("N07", &["NOT_ACCEPTABLE_FOR_IMPORT_EU_APPROVAL_REQUIRED"]),
            ]),
            checks: vec![check("HMI", "H01"), check("PHSI", "H02")],
            open_checks: owned(&["REQUIRED", "INCONCLUSIVE", "TO_DO"]),
            illegal_catch: owned(&["IUU_OPTION_B"]),
        }
    }
}

/// A word as it is compared.
pub fn plain(word: &str) -> String {
    word.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Whether a word is one of these.
pub fn is_one(words: &[String], word: &str) -> bool {
    let word = plain(word);
    words.iter().any(|one| plain(one) == word)
}

/// The name under which a word is listed.
pub fn listed<'p>(map: &'p BTreeMap<String, Vec<String>>, word: &str) -> Option<&'p str> {
    map.iter().find(|(_, words)| is_one(words, word)).map(|(name, _)| name.as_str())
}
