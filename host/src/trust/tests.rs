use ecert_model::manifest::Kind;

use super::*;
use crate::store::testing::on_each_database;

fn by(principal: &Principal) -> By<'_> {
    By { principal, source: "test" }
}

fn applicant(version: &str) -> Applicant {
    Applicant {
        release: Release {
            name: "meat".into(),
            version: version.into(),
            contract: "0.1.0".into(),
            digest: Digest::of(version.as_bytes()),
        },
        kind: Kind::RuleSet,
        scope: Vec::new(),
    }
}

fn rule(owner: &str) -> Rule {
    Rule {
        name: format!("of-{owner}"),
        kind: Some(Kind::RuleSet),
        authors: Signers { owners: vec![owner.into()], needed: 1 },
        ..Rule::default()
    }
}

/// A store that trusts a key of acme's.
struct Bench {
    trust: Trust,
    store: Store,
    acme: PrivateKey,
    operator: Principal,
}

impl Bench {
    fn new(store: Store) -> Self {
        let bench = Self {
            trust: Trust::new(store.clone()),
            store,
            acme: PrivateKey::generate().unwrap(),
            operator: Principal::system(),
        };
        bench.trust.add_key("acme", &bench.acme.public().to_pem(), "", by(&bench.operator)).unwrap();
        bench.trust.add_rule(rule("acme"), "", by(&bench.operator)).unwrap();
        bench
    }

    fn admit(
        &self,
        version: &str,
        signers: &[&PrivateKey],
        downgrade: Option<&str>,
    ) -> Result<(), TrustError> {
        let applicant = applicant(version);
        let sign = |key: &&PrivateKey| Envelope::sign(&applicant.release, Role::Author, key).unwrap();
        let envelopes: Vec<_> = signers.iter().map(sign).collect();
        let (operator, downgrade) = (self.operator.clone(), downgrade.map(str::to_owned));
        self.store.write(move |transaction| {
            admit(transaction, &applicant, &envelopes, downgrade.as_deref(), by(&operator))
        })
    }

    fn actions(&self, subject: &str) -> Vec<String> {
        let leaves: Result<_, StoreError> = self.store.read(|t| audit::history(t, subject));
        leaves.unwrap().into_iter().map(|leaf| leaf.action).collect()
    }
}

on_each_database! {
    fn a_new_host_trusts_nobody(fresh: Fresh) {
        let refused = fresh.store.read(|transaction| judge(transaction, &applicant("1.0.0"), &[])).unwrap_err();
        assert!(matches!(refused, TrustError::Untrusted(_)), "{refused}");
    }

    fn what_is_signed_as_the_rule_asks_is_let_in(fresh: Fresh) {
        let bench = Bench::new(fresh.store.clone());
        assert!(matches!(bench.admit("1.0.0", &[], None), Err(TrustError::Untrusted(_))));
        let stranger = PrivateKey::generate().unwrap();
        let refused = bench.admit("1.0.0", &[&stranger], None).unwrap_err().to_string();
        assert!(refused.contains("that key is not known"), "{refused}");
        bench.admit("1.0.0", &[&bench.acme], None).unwrap();
        // Again, and without its signature: the host has it already.
        bench.admit("1.0.0", &[], None).unwrap();
        let admission = bench.trust.admission("meat", "1.0.0").unwrap();
        assert_eq!(admission.rule, "of-acme");
        let [signature] = admission.signatures.as_slice() else { panic!("{admission:?}") };
        assert!(signature.counts && signature.owner == "acme" && signature.role == Role::Author);
        assert_eq!(bench.actions("plugin/meat/1.0.0"), ["plugin-signature-received"]);
        assert_eq!(bench.actions("trust-rule/of-acme"), ["trust-rule-added"]);
    }

    fn a_lower_version_needs_a_reason(fresh: Fresh) {
        let bench = Bench::new(fresh.store.clone());
        let admit = |version, downgrade| bench.admit(version, &[&bench.acme], downgrade);
        admit("1.9.0", None).unwrap();
        admit("1.10.0", None).unwrap();
        let refused = admit("1.9.1", None).unwrap_err();
        assert!(matches!(&refused, TrustError::Downgrade { highest, .. } if highest == "1.10.0"), "{refused}");
        assert!(matches!(admit("1.10.0-rc.1", None), Err(TrustError::Downgrade { .. })));
        assert!(matches!(admit("1.9.1", Some(" ")), Err(TrustError::Downgrade { .. })));
        // What was let in before is no downgrade, and a reason is recorded.
        admit("1.9.0", None).unwrap();
        admit("1.9.1", Some("1.10 reads dates wrongly")).unwrap();
        assert_eq!(
            bench.actions("plugin/meat/1.9.1"),
            ["plugin-downgrade-allowed", "plugin-signature-received"]
        );
    }

    fn a_revocation_from_now_keeps_what_is_there(fresh: Fresh) {
        let bench = Bench::new(fresh.store.clone());
        bench.admit("1.0.0", &[&bench.acme], None).unwrap();
        let id = bench.acme.public().id();
        let affected = bench.trust.revoke_key(id, None, "stolen", by(&bench.operator)).unwrap();
        assert!(affected.is_empty());
        let refused = bench.admit("1.1.0", &[&bench.acme], None).unwrap_err().to_string();
        assert!(refused.contains("is revoked from") && refused.contains("stolen"), "{refused}");
        bench.admit("1.0.0", &[&bench.acme], None).unwrap();
    }

    fn a_revocation_from_before_names_what_it_affects(fresh: Fresh) {
        let bench = Bench::new(fresh.store.clone());
        let zeta = PrivateKey::generate().unwrap();
        bench.trust.add_key("zeta", &zeta.public().to_pem(), "", by(&bench.operator)).unwrap();
        bench.trust.add_rule(rule("zeta"), "", by(&bench.operator)).unwrap();
        bench.admit("1.0.0", &[&bench.acme], None).unwrap();
        bench.admit("1.1.0", &[&bench.acme, &zeta], None).unwrap();
        let (id, by) = (bench.acme.public().id(), by(&bench.operator));
        bench.trust.revoke_key(id, None, "stolen", by).unwrap();
        let unsigned = Rule { name: "development".into(), unsigned: true, ..Rule::default() };
        bench.trust.add_rule(unsigned, "", by).unwrap();
        let earlier = Some("2000-01-01T00:00:00Z".parse().unwrap());
        let affected = bench.trust.revoke_key(id, earlier, "stolen long ago", by).unwrap();
        let named: Vec<_> = affected.iter().map(|a| (a.version.as_str(), a.rule.as_str())).collect();
        assert_eq!(named, [("1.0.0", "of-acme")]);
        assert_eq!(bench.trust.overview().unwrap().1, affected);
        // A later date would bring signatures back.
        assert!(matches!(bench.trust.revoke_key(id, None, "again", by), Err(TrustError::Taken(_))));
        // Signed by another that counts, it is affected no more.
        let envelope = Envelope::sign(&applicant("1.0.0").release, Role::Author, &zeta).unwrap();
        let admission = bench.trust.add_signatures("meat", "1.0.0", vec![envelope], by).unwrap();
        let counting: Vec<_> = admission.signatures.iter().map(|s| (s.owner.as_str(), s.counts)).collect();
        assert_eq!(counting, [("acme", false), ("zeta", true)]);
        assert!(bench.trust.overview().unwrap().1.is_empty());
    }

    fn keys_and_rules_are_checked(fresh: Fresh) {
        let bench = Bench::new(fresh.store.clone());
        let (trust, by) = (&bench.trust, by(&bench.operator));
        let pem = bench.acme.public().to_pem();
        assert!(matches!(trust.add_key("acme", &pem, "", by), Err(TrustError::Taken(_))));
        assert!(matches!(trust.add_key("Acme Ltd", &pem, "", by), Err(TrustError::Invalid(_))));
        assert!(matches!(trust.add_key("acme", "no key", "", by), Err(TrustError::Invalid(_))));
        assert!(matches!(trust.add_rule(rule("nobody"), "", by), Err(TrustError::Invalid(_))));
        assert!(matches!(trust.add_rule(rule("acme"), "", by), Err(TrustError::Taken(_))));
        assert!(matches!(trust.remove_rule("none", "", by), Err(TrustError::Unknown(_))));
        let unknown = Digest::of(b"none");
        assert!(matches!(trust.revoke_key(unknown, None, "lost", by), Err(TrustError::Unknown(_))));
        assert!(matches!(trust.revoke_key(unknown, None, " ", by), Err(TrustError::Invalid(_))));
        trust.remove_rule("of-acme", "no longer", by).unwrap();
        assert!(trust.overview().unwrap().0.rules.is_empty());
        trust.add_rule(rule("acme"), "after all", by).unwrap();
        assert_eq!(
            bench.actions("trust-rule/of-acme"),
            ["trust-rule-added", "trust-rule-removed", "trust-rule-added"]
        );
    }
}
