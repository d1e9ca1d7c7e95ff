//! Whether the JSON Schema of a manifest's parameters can be applied in
//! bounded time.
//!
//! A validator follows each `$ref` anew, so thirty definitions of which each
//! refers twice to the next cost a thousand million steps. Here the references
//! are followed once, and what they would come to is added up.

use std::collections::HashMap;

use serde_json::Value;

/// Most places of a schema with all its references followed.
const MAX_PLACES: u64 = 100_000;
/// Longest chain of references.
const MAX_CHAIN: usize = 32;

/// Refuses a schema that refers to anything but its own places, to itself in
/// a ring, or so often that applying it would take long.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    let mut places = Places { root: schema, known: HashMap::new(), chain: 0 };
    places.count(schema).map(|_| ())
}

struct Places<'s> {
    root: &'s Value,
    /// What each reference comes to; none while it is being followed.
    known: HashMap<&'s str, Option<u64>>,
    chain: usize,
}

impl<'s> Places<'s> {
    fn count(&mut self, holder: &'s Value) -> Result<u64, String> {
        let mut sum = 1;
        match holder {
            Value::Array(values) => {
                for value in values {
                    sum += self.count(value)?;
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    sum += match (name.as_str(), value) {
                        ("$ref", Value::String(reference)) => self.follow(reference)?,
                        ("$dynamicRef" | "$recursiveRef", Value::String(_)) => {
                            return Err(format!("it uses `{name}`, where only `$ref` is possible"));
                        }
                        ("$id", Value::String(_)) if !std::ptr::eq(self.root, holder) => {
                            return Err("it uses `$id` below its root".into());
                        }
                        _ => self.count(value)?,
                    };
                }
            }
            _ => {}
        }
        if sum > MAX_PLACES {
            return Err(format!("with its references followed it has more than {MAX_PLACES} places"));
        }
        Ok(sum)
    }

    fn follow(&mut self, reference: &'s str) -> Result<u64, String> {
        match self.known.get(reference) {
            Some(Some(places)) => return Ok(*places),
            Some(None) => return Err(format!("`{reference}` refers to itself")),
            None => {}
        }
        let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
        let target =
            target.ok_or_else(|| format!("it refers to `{reference}`, which is none of its places"))?;
        if self.chain == MAX_CHAIN {
            return Err(format!("its references form a chain of more than {MAX_CHAIN}"));
        }
        self.known.insert(reference, None);
        self.chain += 1;
        let places = self.count(target)?;
        self.chain -= 1;
        self.known.insert(reference, Some(places));
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ordinary_schemas_pass() {
        let amount = json!({"type": "object", "properties": {"percent": {"type": "string"}}});
        let tolerance = json!({"$ref": "#/$defs/amount"});
        let schema = json!({
            "$id": "https://example.org/parameters",
            "properties": {"gross": tolerance, "net": tolerance, "$ref": {"type": "string"}},
            "$defs": {"amount": amount},
        });
        assert_eq!(check(&schema), Ok(()));
    }

    #[test]
    fn what_refers_elsewhere_or_to_itself_is_refused() {
        let refused = |schema: Value| check(&schema).unwrap_err();
        assert_eq!(refused(json!({"$ref": "#"})), "`#` refers to itself");
        let outside = "it refers to `https://example.org/x`, which is none of its places";
        assert_eq!(refused(json!({"items": {"$ref": "https://example.org/x"}})), outside);
        assert_eq!(
            refused(json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}})),
            "`#/$defs/b` refers to itself"
        );
        assert!(refused(json!({"$dynamicRef": "#x"})).contains("$dynamicRef"));
        assert!(refused(json!({"items": {"$id": "x"}})).contains("below its root"));
    }

    #[test]
    fn references_that_multiply_are_refused() {
        let chain = |length: usize, each: usize| {
            let mut definitions = serde_json::Map::new();
            for n in 0..length {
                let next = json!({"$ref": format!("#/$defs/d{}", n + 1)});
                definitions.insert(format!("d{n}"), json!({"allOf": vec![next; each]}));
            }
            definitions.insert(format!("d{length}"), json!({"type": "object"}));
            check(&json!({"$ref": "#/$defs/d0", "$defs": definitions}))
        };
        assert_eq!(chain(8, 2), Ok(()));
        assert!(chain(30, 2).unwrap_err().contains("more than 100000 places"));
        assert!(chain(60_000, 1).unwrap_err().contains("a chain of more than 32"));
    }
}
