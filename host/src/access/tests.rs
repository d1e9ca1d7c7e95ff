use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::store::testing::on_each_database;

fn countries(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn key(text: &str) -> Key {
    Key { caller: "caller".into(), route: "POST /v1/declarations".into(), key: text.into() }
}

fn secret(token: &NewToken) -> String {
    token.secret.clone().unwrap()
}

on_each_database! {
    fn a_token_opens_until_it_is_revoked(fresh: Fresh) {
        let access = Access::new(fresh.store.clone());
        let by = Principal::system();
        access.create_principal(&by, "test", "mpi", Role::Partner, countries(&["NZ"])).unwrap();
        let token = access.create_token(&by, "test", "mpi", ("delivery", 10), None).unwrap();
        assert_eq!(secret(&token).len(), PREFIX.len() + 64);
        let principal = access.authenticate(&Proof::Token(secret(&token))).unwrap().unwrap();
        assert_eq!((principal.name.as_str(), principal.role), ("mpi", Role::Partner));
        assert!(principal.covers("NZ") && !principal.covers("AU"));
        assert_eq!(access.authenticate(&Proof::Token(secret(&token).to_uppercase())).unwrap(), None);
        assert_eq!(access.authenticate(&Proof::Token(String::new())).unwrap(), None);

        access.revoke_token(&by, "test", &token.id).unwrap();
        assert_eq!(access.authenticate(&Proof::Token(secret(&token))).unwrap(), None);

        let certificate = Digest::of(b"certificate");
        let known = access.create_token(&by, "test", "mpi", ("certificate", 10), Some(certificate)).unwrap();
        assert_eq!(known.secret, None);
        let by_certificate = || access.authenticate(&Proof::Certificate(certificate)).unwrap();
        assert_eq!(by_certificate().unwrap().name, "mpi");
        assert_eq!(access.authenticate(&Proof::Token(certificate.to_string())).unwrap(), None);
        assert!(access.create_token(&by, "test", "mpi", ("again", 10), Some(certificate)).is_err());
        access.revoke_token(&by, "test", &known.id).unwrap();
        assert_eq!(by_certificate(), None);
        let entries = access.tokens().unwrap();
        assert!(entries.iter().all(|entry| entry.revoked_at.is_some()));
        let actions: Vec<String> = fresh.store
            .read(|t| audit::history(t, &format!("token/{}", token.id)))
            .unwrap()
            .into_iter()
            .map(|leaf| leaf.action)
            .collect();
        assert_eq!(actions, ["token-created", "token-revoked"]);
    }

    fn an_expired_token_is_refused(fresh: Fresh) {
        let access = Access::new(fresh.store.clone());
        let by = Principal::system();
        access.create_principal(&by, "test", "clerk", Role::Officer, countries(&[])).unwrap();
        let token = access.create_token(&by, "test", "clerk", ("", 1), None).unwrap();
        assert!(access.authenticate(&Proof::Token(secret(&token))).unwrap().is_some());
        fresh.store.write(|t| t.execute("UPDATE token SET expires_at = 0", &[])).unwrap();
        assert_eq!(Access::new(fresh.store.clone()).authenticate(&Proof::Token(secret(&token))).unwrap(), None);
    }

    fn the_secret_is_not_stored(fresh: Fresh) {
        let access = Access::new(fresh.store.clone());
        let by = Principal::system();
        access.create_principal(&by, "test", "clerk", Role::Officer, countries(&[])).unwrap();
        let token = access.create_token(&by, "test", "clerk", ("", 1), None).unwrap();
        let stored = fresh.store.read(|t| t.query("SELECT digest FROM token", &[])).unwrap();
        assert_eq!(stored[0].bytes(0).unwrap(), digest(&secret(&token)));
    }

    fn nonsense_is_refused(fresh: Fresh) {
        let access = Access::new(fresh.store.clone());
        let by = Principal::system();
        let cases = [
            ("", Role::Officer, countries(&[])),
            (" clerk", Role::Officer, countries(&[])),
            ("clerk", Role::Officer, countries(&["NZ"])),
            ("mpi", Role::Partner, countries(&[])),
            ("mpi", Role::Partner, countries(&["nz"])),
            ("mpi", Role::Verifier, countries(&["NZL"])),
        ];
        for (name, role, countries) in cases {
            let refused = access.create_principal(&by, "test", name, role, countries);
            assert!(matches!(refused, Err(AccessError::Invalid(_))), "{name} {role}");
        }
        access.create_principal(&by, "test", "clerk", Role::Officer, countries(&[])).unwrap();
        let again = access.create_principal(&by, "test", "clerk", Role::Auditor, countries(&[]));
        assert!(matches!(again, Err(AccessError::Invalid(_))), "{again:?}");
        let nobody = access.create_token(&by, "test", "nobody", ("", 1), None).map(drop);
        assert!(matches!(nobody, Err(AccessError::Unknown(_))));
        let never = access.create_token(&by, "test", "clerk", ("", 0), None).map(drop);
        assert!(matches!(never, Err(AccessError::Invalid(_))));
        assert!(matches!(access.revoke_token(&by, "test", "none"), Err(AccessError::Unknown(_))));
    }

    fn the_first_start_makes_one_administrator(fresh: Fresh) {
        let folder = tempfile::tempdir().unwrap();
        let path = bootstrap(&fresh.store, folder.path()).unwrap().unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let secret = std::fs::read_to_string(&path).unwrap();
        let access = Access::new(fresh.store.clone());
        let principal = access.authenticate(&Proof::Token(secret.trim().into())).unwrap().unwrap();
        assert!(principal.may(Action::ManageAccess));
        assert_eq!(bootstrap(&fresh.store, folder.path()).unwrap(), None);
    }

    fn a_request_is_answered_once(fresh: Fresh) {
        let idempotency = Idempotency::default();
        let answer = Answer { status: 200, headers: "content-type: text/plain".into(), body: b"done".to_vec() };
        let Begun::New(claim) = idempotency.begin(&fresh.store, key("a"), [1; 32]).unwrap() else {
            panic!("not new");
        };
        assert!(matches!(idempotency.begin(&fresh.store, key("a"), [1; 32]).unwrap(), Begun::InFlight));
        assert!(matches!(idempotency.begin(&fresh.store, key("b"), [1; 32]).unwrap(), Begun::New(_)));
        let given = answer.clone();
        fresh.store.write(move |t| claim.finish(t, &given)).unwrap();
        match idempotency.begin(&fresh.store, key("a"), [1; 32]).unwrap() {
            Begun::Replay(replayed) => assert_eq!(replayed, answer),
            other => panic!("{other:?}"),
        }
        assert!(matches!(idempotency.begin(&fresh.store, key("a"), [2; 32]).unwrap(), Begun::Mismatch));
        assert_eq!(Idempotency::forget(&fresh.store, i64::MAX).unwrap(), 1);
        assert!(matches!(idempotency.begin(&fresh.store, key("a"), [2; 32]).unwrap(), Begun::New(_)));
    }

    fn a_request_that_failed_or_crashed_can_be_repeated(fresh: Fresh) {
        let idempotency = Idempotency::default();
        let begun = idempotency.begin(&fresh.store, key("a"), [1; 32]).unwrap();
        drop(begun);
        assert!(matches!(idempotency.begin(&fresh.store, key("a"), [1; 32]).unwrap(), Begun::New(_)));
    }

    fn two_hosts_store_one_answer(fresh: Fresh) {
        let hosts = [Idempotency::default(), Idempotency::default()];
        let claims: Vec<Claim> = hosts
            .iter()
            .map(|host| match host.begin(&fresh.store, key("a"), [1; 32]).unwrap() {
                Begun::New(claim) => claim,
                other => panic!("{other:?}"),
            })
            .collect();
        let outcomes: Vec<Result<(), StoreError>> = claims
            .into_iter()
            .enumerate()
            .map(|(host, claim)| {
                fresh.store.write(move |t| {
                    let answer = Answer { status: 200, headers: String::new(), body: vec![b'0' + host as u8] };
                    claim.finish(t, &answer)
                })
            })
            .collect();
        assert_eq!(outcomes[0], Ok(()));
        assert!(matches!(outcomes[1], Err(StoreError::Constraint(_))));
        assert!(matches!(hosts[1].begin(&fresh.store, key("a"), [1; 32]).unwrap(), Begun::Replay(a) if a.body == b"0"));
    }
}
