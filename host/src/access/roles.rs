//! Roles, and what each may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$meta:meta])* $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $type { $($(#[$variant_meta])* $variant,)* }

        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// What a principal is to the host.
    Role {
        /// Manages access. May do everything but speak for a partner.
        Administrator = "administrator",
        /// Runs the host: plugins, tables, parameters; the systems of the
        /// authority and of customs that submit declarations act as operators.
        Operator = "operator",
        /// Decides cases.
        Officer = "officer",
        /// Publishes plugins.
        Publisher = "publisher",
        /// A foreign authority or its hub: delivers certificates of its country.
        Partner = "partner",
        /// Somebody of a foreign institution that checks the own authority's
        /// certificates, under a query account.
        Verifier = "verifier",
        /// Sees everything, changes nothing.
        Auditor = "auditor",
    }
}

names! {
    /// What can be done.
    Action {
        /// Load certificates of the own authority and say what becomes of them.
        IssueCertificate = "issue-certificate",
        /// See certificates of the own authority, and what verifiers report.
        ReadExport = "read-export",
        /// Take note of what verifiers report.
        AcknowledgeReport = "acknowledge-report",
        /// Make, suspend and import query accounts.
        ManageAccount = "manage-account",
        /// See query accounts and their queries. Verifiers see their own.
        ReadAccount = "read-account",
        /// Manage the users of a query account. Verifiers manage their own.
        ManageUser = "manage-user",
        /// Ask for certificates under a query account, and report back.
        Query = "query",
        /// Deliver certificates.
        DeliverCertificate = "deliver-certificate",
        /// See certificates. Partners see those of their countries.
        ReadCertificate = "read-certificate",
        /// Have a message that was rejected read once more.
        ReadMessageAgain = "read-message-again",
        /// Submit, amend and withdraw declarations.
        SubmitDeclaration = "submit-declaration",
        /// See what became of declarations after they were answered. Whoever
        /// lodged them sees its own.
        ReadNotice = "read-notice",
        /// See declarations, verifications and their reports.
        ReadVerification = "read-verification",
        /// Verify without effect.
        DryRun = "dry-run",
        /// Decide a case.
        Decide = "decide",
        /// Publish a plugin version.
        PublishPlugin = "publish-plugin",
        /// Activate, retire or roll back a plugin version.
        ActivatePlugin = "activate-plugin",
        /// Run a candidate over stored cases, without effect.
        Backtest = "backtest",
        /// See plugins.
        ReadPlugin = "read-plugin",
        /// Say whose signatures count for what.
        ManageTrust = "manage-trust",
        /// Import and change reference tables.
        ImportTable = "import-table",
        /// Say whether a table's imports wait for a second person.
        SetTablePolicy = "set-table-policy",
        /// See reference tables.
        ReadTable = "read-table",
        /// Set parameters.
        SetParameter = "set-parameter",
        /// See parameters.
        ReadParameter = "read-parameter",
        /// Say what is agreed on with partners.
        SetAgreement = "set-agreement",
        /// See agreements.
        ReadAgreement = "read-agreement",
        /// Create principals, issue and revoke tokens.
        ManageAccess = "manage-access",
        /// See the audit trail.
        ReadAudit = "read-audit",
        /// See metrics.
        ReadMetrics = "read-metrics",
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|role| role.name() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|role| role.name()).collect();
            format!("{text:?} is not a role; the roles are {}", known.join(", "))
        })
    }
}

/// Who may do what. What is not listed is refused.
const PERMISSIONS: &[(Action, &[Role])] = {
    use Role::{Administrator, Auditor, Officer, Operator, Partner, Publisher, Verifier};
    &[
        (Action::IssueCertificate, &[Administrator, Operator]),
        (Action::ReadExport, &[Administrator, Operator, Officer, Auditor]),
        (Action::AcknowledgeReport, &[Administrator, Officer]),
        (Action::ManageAccount, &[Administrator, Operator]),
        (Action::ReadAccount, &[Administrator, Operator, Officer, Verifier, Auditor]),
        (Action::ManageUser, &[Administrator, Operator, Verifier]),
        (Action::Query, &[Verifier]),
        (Action::DeliverCertificate, &[Administrator, Operator, Partner]),
        (Action::ReadCertificate, &[Administrator, Operator, Officer, Partner, Auditor]),
        (Action::ReadMessageAgain, &[Administrator, Operator]),
        (Action::SubmitDeclaration, &[Administrator, Operator, Officer]),
        (Action::ReadNotice, &[Administrator, Operator, Officer, Auditor]),
        (Action::ReadVerification, &[Administrator, Operator, Officer, Auditor]),
        (Action::DryRun, &[Administrator, Operator, Officer]),
        (Action::Decide, &[Administrator, Officer]),
        (Action::PublishPlugin, &[Administrator, Operator, Publisher]),
        (Action::ActivatePlugin, &[Administrator, Operator]),
        (Action::Backtest, &[Administrator, Operator, Publisher]),
        (Action::ReadPlugin, &[Administrator, Operator, Officer, Publisher, Auditor]),
        (Action::ManageTrust, &[Administrator, Operator]),
        (Action::ImportTable, &[Administrator, Operator]),
        (Action::SetTablePolicy, &[Administrator]),
        (Action::ReadTable, &[Administrator, Operator, Officer, Publisher, Auditor]),
        (Action::SetParameter, &[Administrator, Operator]),
        (Action::ReadParameter, &[Administrator, Operator, Officer, Publisher, Auditor]),
        (Action::SetAgreement, &[Administrator, Operator]),
        (Action::ReadAgreement, &[Administrator, Operator, Officer, Publisher, Auditor]),
        (Action::ManageAccess, &[Administrator]),
        (Action::ReadAudit, &[Administrator, Auditor]),
        (Action::ReadMetrics, &[Administrator, Operator, Auditor]),
    ]
};

/// Someone or something that acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Principal {
    /// Identifier.
    pub id: String,
    /// Name, unique in a host.
    pub name: String,
    /// What it is to the host.
    pub role: Role,
    /// The countries (ISO 3166-1 alpha-2) that a partner or a verifier is
    /// bound to; empty for all other roles.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub countries: BTreeSet<String>,
}

impl Principal {
    /// The host acting by itself, or the command line on an empty store.
    #[must_use]
    pub fn system() -> Self {
        Self {
            id: "system".into(),
            name: "system".into(),
            role: Role::Administrator,
            countries: BTreeSet::new(),
        }
    }

    /// Whether the role allows it.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        PERMISSIONS.iter().any(|(listed, roles)| *listed == action && roles.contains(&self.role))
    }

    /// Whether it may see messages that a principal of this name sent.
    #[must_use]
    pub fn sees_messages_of(&self, sender: &str) -> bool {
        !self.role.is_bound_to_countries() || self.name == sender
    }

    /// Whether something of this country is within the principal's scope.
    #[must_use]
    pub fn covers(&self, country: &str) -> bool {
        !self.role.is_bound_to_countries() || self.countries.contains(country)
    }
}

impl Role {
    /// Whether principals of this role see and do only what concerns their
    /// countries.
    #[must_use]
    pub fn is_bound_to_countries(self) -> bool {
        matches!(self, Self::Partner | Self::Verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_listed_once_and_somebody_may_do_it() {
        for action in Action::ALL {
            let rows: Vec<_> = PERMISSIONS.iter().filter(|(listed, _)| listed == action).collect();
            assert_eq!(rows.len(), 1, "{action}");
            assert!(!rows[0].1.is_empty(), "{action}");
        }
    }

    /// The table once more as one line per role, so that a change is seen.
    #[test]
    fn permissions_by_role() {
        let table: Vec<String> = Role::ALL
            .iter()
            .map(|role| {
                let principal = Principal { role: *role, ..Principal::system() };
                let actions: Vec<_> =
                    Action::ALL.iter().filter(|action| principal.may(**action)).map(|a| a.name()).collect();
                format!("{role}: {}", actions.join(" "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        administrator: issue-certificate read-export acknowledge-report manage-account read-account manage-user deliver-certificate read-certificate read-message-again submit-declaration read-notice read-verification dry-run decide publish-plugin activate-plugin backtest read-plugin manage-trust import-table set-table-policy read-table set-parameter read-parameter set-agreement read-agreement manage-access read-audit read-metrics
        operator: issue-certificate read-export manage-account read-account manage-user deliver-certificate read-certificate read-message-again submit-declaration read-notice read-verification dry-run publish-plugin activate-plugin backtest read-plugin manage-trust import-table read-table set-parameter read-parameter set-agreement read-agreement read-metrics
        officer: read-export acknowledge-report read-account read-certificate submit-declaration read-notice read-verification dry-run decide read-plugin read-table read-parameter read-agreement
        publisher: publish-plugin backtest read-plugin read-table read-parameter read-agreement
        partner: deliver-certificate read-certificate
        verifier: read-account manage-user query
        auditor: read-export read-account read-certificate read-notice read-verification read-plugin read-table read-parameter read-agreement read-audit read-metrics
        ");
    }

    #[test]
    fn scope_binds_partners_and_verifiers_only() {
        let partner = Principal {
            role: Role::Partner,
            countries: BTreeSet::from(["NZ".to_owned()]),
            ..Principal::system()
        };
        assert!(partner.covers("NZ") && !partner.covers("AU"));
        assert!(Principal::system().covers("AU"));
    }

    #[test]
    fn role_names_round_trip() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(*role));
        }
        assert!("root".parse::<Role>().unwrap_err().contains("auditor"));
    }
}
