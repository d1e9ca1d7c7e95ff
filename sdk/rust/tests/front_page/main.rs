//! The pieces of the front page make a crate that works: `honey.rs` holds them
//! all, word for word, and is compiled and tested here.

#[expect(unreachable_pub, reason = "in a crate of its own it is reachable")]
mod honey;

/// The Rust code that the page shows, block by block, without hidden lines.
fn shown(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let (mut inside, mut is_rust) = (false, false);
    for line in page.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("```") {
            inside = !inside;
            is_rust = line == "```";
            if inside && is_rust {
                blocks.push(String::new());
            }
        } else if inside && is_rust && line != "#" && !line.starts_with("# ") {
            let block = blocks.last_mut().expect("a block was opened");
            block.extend([line, "\n"]);
        }
    }
    blocks
}

#[test]
fn the_page_shows_what_is_tested_here() {
    let blocks = shown(include_str!("../../src/lib.rs"));
    assert_eq!(blocks.len(), 3);
    let whole = include_str!("honey.rs");
    for block in blocks {
        assert!(whole.contains(&block), "honey.rs lacks this piece of the front page:\n{block}");
    }
}
