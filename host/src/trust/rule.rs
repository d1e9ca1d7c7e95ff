//! Trust rules: who may publish what, and how many must have signed.
//!
//! A rule is a grant. A component is let in when one rule covers all of its
//! scope and has the signatures it asks for; to tighten, remove the wider rule.

use ecert_model::manifest::{Kind, Manifest, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::statement::{Release, Role};
use crate::contract::Inspection;

/// Entries that each list of a rule may have.
const MOST: usize = 300;

/// A rule. What a list names is meant; an empty list means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = TrustRule)]
pub struct Rule {
    /// Name in kebab case, unique in the host.
    pub name: String,
    /// `format-adapter` or `rule-set`; both unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub kind: Option<Kind>,
    /// Names of plugins; `meat-*` stands for all that begin so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
    /// Countries of origin that a plugin's scope may take in (ISO 3166-1
    /// alpha-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Prefixes of the commodity codes that a plugin's scope may take in
    /// (Harmonized System).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commodities: Vec<String>,
    /// Who may sign as author.
    #[serde(default)]
    pub authors: Signers,
    /// Who may sign as authority.
    #[serde(default)]
    pub authorities: Signers,
    /// Lets plugins in that nobody has signed. For development.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned: bool,
}

/// Who may sign in a role, and how many of them must.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signers {
    /// Owners of keys.
    pub owners: Vec<String>,
    /// How many different ones of them must have signed.
    pub needed: u32,
}

/// A component that asks to be let in.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicant {
    /// What is signed.
    pub release: Release,
    /// Kind of plugin.
    pub kind: Kind,
    /// What it is for; empty is everything.
    pub scope: Vec<Scope>,
}

impl From<&Inspection> for Applicant {
    fn from(of: &Inspection) -> Self {
        let Manifest { kind, scope, .. } = &of.manifest;
        Self { release: of.into(), kind: *kind, scope: scope.clone() }
    }
}

impl Rule {
    /// What makes no sense in it.
    pub(super) fn check(&self) -> Result<(), String> {
        let Self { name, plugins, origins, commodities, authors, authorities, unsigned, .. } = self;
        let kebab = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !kebab(name) || name.len() > 100 {
            return Err(format!("the rule's name {name:?} is not in kebab case"));
        }
        if [plugins, origins, commodities, &authors.owners, &authorities.owners]
            .iter()
            .any(|l| l.len() > MOST)
        {
            return Err(format!("a list of the rule has more than {MOST} entries"));
        }
        if let Some(bad) = plugins.iter().find(|name| !kebab(name.strip_suffix('*').unwrap_or(name))) {
            return Err(format!(
                "{bad:?} is no name of plugins: give `meat`, or `meat-*` for all that begin so"
            ));
        }
        let country = |code: &&String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if let Some(bad) = origins.iter().find(|code| !country(code)) {
            return Err(format!("{bad:?} is no country: give two capital letters such as NZ"));
        }
        let prefix =
            |code: &&String| (2..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        if let Some(bad) = commodities.iter().find(|code| !prefix(code)) {
            return Err(format!("{bad:?} is no commodity: give 2 to 10 digits such as 02"));
        }
        for (signers, role) in [(authors, Role::Author), (authorities, Role::Authority)] {
            let mut owners = signers.owners.clone();
            owners.sort();
            owners.dedup();
            if (signers.needed as usize) > owners.len() {
                let (needed, there) = (signers.needed, owners.len());
                return Err(format!(
                    "{needed} signatures by an {role} are asked for, and {there} owners named"
                ));
            }
        }
        if let Some(both) = authors.owners.iter().find(|owner| authorities.owners.contains(owner)) {
            return Err(format!(
                "{both:?} cannot sign as both author and authority: a second pair of eyes is meant"
            ));
        }
        match (authors.needed + authorities.needed, unsigned) {
            (0, false) => {
                Err("the rule asks for no signature: name authors, or say that it is for unsigned plugins"
                    .into())
            }
            (1.., true) => Err("a rule for unsigned plugins cannot ask for signatures".into()),
            _ => Ok(()),
        }
    }

    /// Why the rule does not cover the component, if it does not.
    pub(super) fn covers(&self, applicant: &Applicant) -> Result<(), String> {
        let Applicant { release, kind, scope } = applicant;
        if self.kind.is_some_and(|wanted| wanted != *kind) {
            let what = |kind| match kind {
                Kind::FormatAdapter => "format adapters",
                Kind::RuleSet => "rule sets",
            };
            return Err(format!("it is not for {}", what(*kind)));
        }
        let named = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => release.name.starts_with(prefix),
            None => release.name == *pattern,
        };
        if !self.plugins.is_empty() && !self.plugins.iter().any(named) {
            return Err(format!("it is for plugins named {}", self.plugins.join(", ")));
        }
        within("origins", &self.origins, scope, |scope| &scope.origins, |granted, named| granted == named)?;
        within(
            "commodities",
            &self.commodities,
            scope,
            |scope| &scope.hs_prefixes,
            |granted, named| named.starts_with(granted),
        )
    }

    /// What is missing, given the owners that have signed in each role.
    pub(super) fn missing(&self, signed: &[(String, Role)]) -> Option<String> {
        let lacks = |signers: &Signers, role: Role| {
            let mut owners: Vec<&str> = signed
                .iter()
                .filter(|(owner, as_role)| *as_role == role && signers.owners.contains(owner))
                .map(|(owner, _)| owner.as_str())
                .collect();
            owners.sort_unstable();
            owners.dedup();
            let lacking = (signers.needed as usize).saturating_sub(owners.len());
            let noun = if lacking == 1 { "signature" } else { "signatures" };
            let who = signers.owners.join(", ");
            (lacking > 0).then(|| format!("{lacking} more {noun} as {role} by {who}"))
        };
        let lacking: Vec<String> =
            [lacks(&self.authors, Role::Author), lacks(&self.authorities, Role::Authority)]
                .into_iter()
                .flatten()
                .collect();
        (!lacking.is_empty()).then(|| format!("it asks for {}", lacking.join(" and ")))
    }
}

/// Whether every alternative of a scope keeps to what is granted.
fn within<'s>(
    what: &str,
    granted: &[String],
    scope: &'s [Scope],
    of: impl Fn(&'s Scope) -> &'s Vec<String>,
    matches: impl Fn(&str, &str) -> bool,
) -> Result<(), String> {
    if granted.is_empty() {
        return Ok(());
    }
    let only = |beyond: &str| {
        Err(format!("it is for the {what} {}, and the scope takes in {beyond}", granted.join(", ")))
    };
    if scope.is_empty() {
        return only("all");
    }
    for alternative in scope {
        let named = of(alternative);
        if named.is_empty() {
            return only("all");
        }
        if let Some(beyond) =
            named.iter().find(|named| !granted.iter().any(|granted| matches(granted, named)))
        {
            return only(beyond);
        }
    }
    Ok(())
}
