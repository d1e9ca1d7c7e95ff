//! What must hold for every message, however damaged.

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::readings::ProblemSeverity;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

/// Bytes put in place of others.
type Damage = Vec<(Index, Index, Vec<u8>)>;

fn damage() -> impl Strategy<Value = Damage> {
    vec((any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..8)), 1..4)
}

fn damaged(message: &[u8], damage: &Damage) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for (start, length, instead) in damage {
        let start = start.index(bytes.len() + 1);
        let end = start + length.index((bytes.len() - start).min(40) + 1);
        bytes.splice(start..end, instead.iter().copied());
    }
    bytes
}

/// Reads damaged copies of messages in every format of an adapter. It never
/// panics, says the same twice, gives a document or a reason, and names places
/// that are there.
pub fn are_read_steadily<A: Adapter>(messages: &[&[u8]]) {
    assert!(!messages.is_empty());
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let result = runner.run(&(any::<Index>(), damage()), |(which, damage)| {
        let message = damaged(messages[which.index(messages.len())], &damage);
        for format in A::about().formats.iter().filter(|format| format.reads) {
            let reading = A::read(&message, format.id);
            prop_assert_eq!(&A::read(&message, format.id), &reading);
            let said = !reading.documents.is_empty()
                || reading.problems.iter().any(|problem| problem.severity >= ProblemSeverity::Error);
            prop_assert!(said, "neither read nor refused");
            for problem in &reading.problems {
                prop_assert!((problem.place as usize) < reading.places.len());
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
