use ecert_model::manifest::{Kind, Scope};

use super::super::{Release, Signers};
use super::*;

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn applicant(scope: &[(&[&str], &[&str])]) -> Applicant {
    let alternative = |(origins, prefixes): &(&[&str], &[&str])| Scope {
        origins: texts(origins),
        hs_prefixes: texts(prefixes),
        ..Scope::default()
    };
    Applicant {
        release: Release {
            name: "meat-of-nz".into(),
            version: "1.0.0".into(),
            contract: "0.1.0".into(),
            digest: Digest::of(b"component"),
        },
        kind: Kind::RuleSet,
        scope: scope.iter().map(alternative).collect(),
    }
}

fn rule(name: &str) -> Rule {
    Rule {
        name: name.into(),
        authors: Signers { owners: texts(&["acme", "zeta"]), needed: 1 },
        ..Rule::default()
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn key(owner: &str, revoked_from: Option<i64>) -> Key {
    Key {
        id: Digest::of(owner.as_bytes()),
        owner: owner.trim_end_matches(char::is_numeric).into(),
        public_key: String::new(),
        added: at(0),
        added_by: "test".into(),
        reason: String::new(),
        revoked: revoked_from.map(|from| Revocation {
            from: at(from),
            reason: "lost".into(),
            recorded: at(from),
            recorded_by: "test".into(),
        }),
    }
}

fn signed(key: &str, role: Role, second: i64) -> Held {
    Held { key: Digest::of(key.as_bytes()), role, received: at(second) }
}

fn state(keys: &[Key], rules: &[Rule]) -> State {
    let in_force = |rule: &Rule| RuleInForce {
        rule: rule.clone(),
        added: at(0),
        added_by: "test".into(),
        reason: String::new(),
    };
    State { keys: keys.to_vec(), rules: rules.iter().map(in_force).collect() }
}

#[test]
fn nothing_is_trusted_without_a_rule() {
    let refused = State::default().judge(&applicant(&[]), &[]).unwrap_err();
    insta::assert_snapshot!(refused, @"no trust rule lets meat-of-nz 1.0.0 in: there is none; an operator adds one with `ecert trust rule add`");
}

#[test]
fn a_rule_covers_what_it_names() {
    let of_nz = Rule { origins: texts(&["NZ"]), commodities: texts(&["02", "0406"]), ..rule("nz") };
    let covers = |rule: &Rule, scope: &[(&[&str], &[&str])]| rule.covers(&applicant(scope));
    assert_eq!(covers(&of_nz, &[(&["NZ"], &["02"])]), Ok(()));
    assert_eq!(covers(&of_nz, &[(&["NZ"], &["0203", "040610"]), (&["NZ"], &["02"])]), Ok(()));
    assert_eq!(covers(&rule("any"), &[]), Ok(()));
    for (scope, why) in [
        (&[][..], "it is for the origins NZ, and the scope takes in all"),
        (&[(&[][..], &["02"][..])], "it is for the origins NZ, and the scope takes in all"),
        (&[(&["NZ", "AU"], &["02"])], "it is for the origins NZ, and the scope takes in AU"),
        (&[(&["NZ"], &[])], "it is for the commodities 02, 0406, and the scope takes in all"),
        (&[(&["NZ"], &["04"])], "it is for the commodities 02, 0406, and the scope takes in 04"),
        (
            &[(&["NZ"], &["02"]), (&["NZ"], &["03"])],
            "it is for the commodities 02, 0406, and the scope takes in 03",
        ),
    ] {
        assert_eq!(covers(&of_nz, scope), Err(why.to_owned()));
    }
    let adapters = Rule { kind: Some(Kind::FormatAdapter), ..rule("adapters") };
    assert_eq!(covers(&adapters, &[]), Err("it is not for rule sets".into()));
    for (pattern, covered) in
        [("meat-of-nz", true), ("meat-*", true), ("*", true), ("meat", false), ("fish-*", false)]
    {
        let named = Rule { plugins: texts(&["other", pattern]), ..rule("named") };
        assert_eq!(covers(&named, &[]).is_ok(), covered, "{pattern}");
    }
}

#[test]
fn signatures_are_counted_by_owner_and_role() {
    let two = Rule {
        authors: Signers { owners: texts(&["acme", "zeta"]), needed: 2 },
        authorities: Signers { owners: texts(&["ministry"]), needed: 1 },
        ..rule("two")
    };
    let keys = [key("acme", None), key("acme2", None), key("zeta", None), key("ministry", None)];
    let state = state(&keys, &[two]);
    let judge = |held: &[Held]| state.judge(&applicant(&[]), held).map(|rule| rule.name.clone());
    let (author, authority) = (|k| signed(k, Role::Author, 1), |k| signed(k, Role::Authority, 1));
    assert_eq!(judge(&[author("acme"), author("zeta"), authority("ministry")]), Ok("two".into()));
    // Two keys of one owner are one signature, and a role cannot be taken for another.
    insta::assert_snapshot!(
        judge(&[author("acme"), author("acme2"), authority("zeta"), author("ministry")]).unwrap_err(),
        @"no trust rule lets meat-of-nz 1.0.0 in: not rule two, since it asks for 1 more signature as author by acme, zeta and 1 more signature as authority by ministry"
    );
    insta::assert_snapshot!(
        judge(&[author("stranger")]).unwrap_err(),
        @"no trust rule lets meat-of-nz 1.0.0 in: not rule two, since it asks for 2 more signatures as author by acme, zeta and 1 more signature as authority by ministry; the signature by key 8aca4f36774f82a67c507cb9c96679482e2cc767f2d38502269557a566b092fb does not count, since that key is not known"
    );
}

#[test]
fn one_rule_that_lets_it_in_is_enough_and_a_signed_one_goes_before_an_unsigned_one() {
    let development = Rule { unsigned: true, authors: Signers::default(), ..rule("development") };
    let state = state(&[key("acme", None)], &[development, rule("signed")]);
    let judge = |held: &[Held]| state.judge(&applicant(&[]), held).unwrap().name.clone();
    assert_eq!(judge(&[signed("acme", Role::Author, 1)]), "signed");
    assert_eq!(judge(&[]), "development");
}

#[test]
fn a_revoked_key_counts_for_what_came_before() {
    let state = state(&[key("acme", Some(100))], &[rule("one")]);
    let judge = |second| state.judge(&applicant(&[]), &[signed("acme", Role::Author, second)]);
    assert!(judge(99).is_ok());
    insta::assert_snapshot!(
        judge(100).unwrap_err().uncounted.join("; "),
        @"the signature by acme does not count, since key 822b33ad87c148a0a20a5ba7cd5ebcaa68d36a18e7aad165554903f52ca82757 is revoked from 1970-01-01T00:01:40Z: lost"
    );
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    type Change = fn(&mut Rule);
    let changes: [(Change, &str); 11] = [
        (|rule| rule.name = "No Name".into(), "kebab case"),
        (|rule| rule.name.clear(), "kebab case"),
        (|rule| rule.plugins = texts(&["a*b"]), "no name of plugins"),
        (|rule| rule.origins = texts(&["nz"]), "no country"),
        (|rule| rule.commodities = texts(&["0"]), "no commodity"),
        (|rule| rule.authors.needed = 3, "3 signatures by an author"),
        (
            |rule| rule.authors = Signers { owners: texts(&["acme", "acme"]), needed: 2 },
            "2 signatures by an author",
        ),
        (
            |rule| rule.authorities = Signers { owners: texts(&["acme"]), needed: 1 },
            "both author and authority",
        ),
        (|rule| rule.authors.needed = 0, "asks for no signature"),
        (|rule| rule.unsigned = true, "cannot ask for signatures"),
        (|rule| rule.origins = texts(&["NZ"; 301]), "more than 300"),
    ];
    assert_eq!(rule("fine").check(), Ok(()));
    for (change, said) in changes {
        let mut rule = rule("fine");
        change(&mut rule);
        assert!(rule.check().unwrap_err().contains(said), "{said}");
    }
}

#[test]
fn the_state_survives_its_file() {
    let state = state(&[key("acme", Some(100)), key("zeta", None)], &[rule("one")]);
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
}
