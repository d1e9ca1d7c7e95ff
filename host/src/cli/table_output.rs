//! Tables on the terminal, and fields of JSON answers as their cells.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

/// A table with a line under its head. Columns are cut to the terminal.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table
}

/// The entries of a page in an answer.
pub(super) fn items(answer: &Value) -> &[Value] {
    items_of(answer, "items")
}

/// The entries of a list in an answer.
pub(super) fn items_of<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer[name].as_array().map_or(&[], Vec::as_slice)
}

/// A field as a cell: text as it is, absent as nothing, lists joined.
pub(super) fn cell(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let texts: Vec<_> = list.iter().map(|item| item.as_str().unwrap_or_default()).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}

/// A field in the language `en`, or whichever there is.
pub(super) fn title(value: &Value, name: &str) -> String {
    let titles = &value[name];
    let any = || titles.as_object().and_then(|titles| titles.values().next()?.as_str());
    titles["en"].as_str().or_else(any).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_show_what_is_there() {
        let value = json!({"a": "x", "b": 3, "c": ["y", "z"], "t": {"en": "Meat", "zh": "肉类"}});
        assert_eq!(cell(&value, "a"), "x");
        assert_eq!(cell(&value, "b"), "3");
        assert_eq!(cell(&value, "c"), "y, z");
        assert_eq!(cell(&value, "d"), "");
        assert_eq!(title(&value, "t"), "Meat");
    }
}
