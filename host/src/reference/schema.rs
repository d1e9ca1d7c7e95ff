//! Whether parameters are what a rule set's manifest asks for.

use serde_json::Value;

/// Problems listed at most.
const LISTED: usize = 100;

/// A place where parameters are not what the schema asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// JSON pointer to the place; empty for the whole.
    pub pointer: String,
    /// What is wrong there and what would be right.
    pub text: String,
}

/// Checks parameters after a JSON Schema (draft 2020-12), and answers what is
/// wrong with them. A schema refers to nothing outside itself.
///
/// Layers are checked one by one, so the schema's required members would be
/// missed in all but one: rule sets give every parameter a default instead.
#[must_use]
pub fn schema_problems(schema: &Value, parameters: &Value) -> Vec<SchemaProblem> {
    let problem = |pointer: String, text: String| SchemaProblem { pointer, text };
    match jsonschema::draft202012::new(schema) {
        Ok(validator) => validator
            .iter_errors(parameters)
            .take(LISTED)
            .map(|error| problem(error.instance_path().to_string(), error.to_string()))
            .collect(),
        Err(error) => vec![problem(String::new(), format!("the rule set's schema is unusable: {error}"))],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn problems_name_their_place() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "days": {"type": "integer", "minimum": 0},
                "limits": {"type": "object", "additionalProperties": {"$ref": "#/$defs/amount"}},
            },
            "$defs": {"amount": {"type": "string", "pattern": "^[0-9]+$"}},
        });
        assert_eq!(schema_problems(&schema, &json!({"days": 3, "limits": {"KGM": "10"}})), []);
        let wrong = schema_problems(&schema, &json!({"days": -1, "limits": {"KGM": "ten"}, "day": 1}));
        let mut places: Vec<&str> = wrong.iter().map(|problem| problem.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["", "/days", "/limits/KGM"]);
    }

    #[test]
    fn a_schema_that_is_none_is_said_so() {
        let wrong = schema_problems(&json!({"type": "thing"}), &json!({}));
        assert!(wrong[0].text.contains("schema is unusable"), "{wrong:?}");
        let outside = schema_problems(&json!({"$ref": "https://example.org/schema"}), &json!({}));
        assert!(outside[0].text.contains("schema is unusable"), "{outside:?}");
    }
}
