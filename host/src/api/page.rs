//! Lists in pages. A cursor is the identifier of the last entry seen; entries
//! are ordered by identifier, newest first, so pages stay put while new
//! entries arrive.

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;

/// Entries in a page unless asked otherwise.
const USUAL: u32 = 50;
/// Entries a page may have.
const MOST: u32 = 500;

/// Which page of a list.
#[derive(Debug, Default)]
pub(super) struct PageQuery {
    /// Entries wanted, 1 to 500; 50 unless given.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl PageQuery {
    /// How many entries to give.
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(limit),
            limit => Err(Problem::invalid(format!("limit is {limit}; it must be 1 to {MOST}."))),
        }
    }

    /// Where to go on.
    pub(super) fn after(&self) -> Result<Option<String>, Problem> {
        let cursor = self.after.as_deref().map(uuid::Uuid::parse_str).transpose();
        let cursor = cursor.map_err(|_| Problem::invalid("after is not the next of a page of this list."))?;
        Ok(cursor.map(|cursor| cursor.to_string()))
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    /// The entries, newest first.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of up to `limit` entries from as many and one more.
    pub(super) fn cut(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> &str) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(|item| id(item).to_owned()) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_next() {
        let page = |count: usize| {
            let items: Vec<String> = (0..count).map(|n| n.to_string()).collect();
            Page::cut(items, 2, |item| item)
        };
        assert_eq!(page(3).next.as_deref(), Some("1"));
        assert_eq!(page(3).items.len(), 2);
        assert_eq!(page(2).next, None);
        assert_eq!(page(0).next, None);
    }
}
