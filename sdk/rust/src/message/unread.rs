//! What nobody read of a message.

use std::collections::BTreeMap;

use ecert_model::readings::Unmapped;
use ecert_model::values::Place;

use super::offset;

/// How many different paths a reading lists as unmapped; the rest is summed up.
const PATHS: usize = 256;

/// The nodes of a message, by number.
pub(crate) trait Tree {
    /// The node around a node; none around the root.
    fn parent(&self, node: u32) -> Option<u32>;

    /// A node's step in a path; empty if it has none.
    fn name(&self, node: u32) -> &str;
}

/// Unread nodes, and attributes of nodes, grouped by path. Paths are compared
/// as chains of numbers, so that deep messages do not cost long texts.
pub(crate) struct Unread<'d, T> {
    tree: &'d T,
    /// Path above and name below it → path.
    paths: BTreeMap<(u32, &'d str, bool), u32>,
    /// Paths of nodes met so far.
    nodes: BTreeMap<u32, u32>,
    found: BTreeMap<u32, (u32, Option<&'d str>, u32, Place)>,
    beyond: u32,
}

impl<'d, T: Tree> Unread<'d, T> {
    pub(crate) fn of(tree: &'d T) -> Self {
        let (paths, nodes, found) = Default::default();
        Self { tree, paths, nodes, found, beyond: 0 }
    }

    /// Counts a node, or an attribute of it.
    pub(crate) fn add(&mut self, node: u32, attribute: Option<&'d str>, place: Place) {
        let mut path = self.path(node);
        if let Some(attribute) = attribute {
            path = self.step(path, attribute, true);
        }
        if let Some((.., count, _)) = self.found.get_mut(&path) {
            *count += 1;
        } else if self.found.len() < PATHS {
            self.found.insert(path, (node, attribute, 1, place));
        } else {
            self.beyond += 1;
        }
    }

    fn path(&mut self, node: u32) -> u32 {
        let mut path = 0;
        let mut unknown = Vec::new();
        for node in std::iter::successors(Some(node), |&node| self.tree.parent(node)) {
            if let Some(&known) = self.nodes.get(&node) {
                path = known;
                break;
            }
            unknown.push(node);
        }
        for node in unknown.into_iter().rev() {
            path = match self.tree.name(node) {
                "" => path,
                name => self.step(path, name, false),
            };
            self.nodes.insert(node, path);
        }
        path
    }

    fn step(&mut self, above: u32, name: &'d str, attribute: bool) -> u32 {
        let next = offset(self.paths.len() + 1);
        *self.paths.entry((above, name, attribute)).or_insert(next)
    }

    /// What was counted, in the order of the message.
    pub(crate) fn list(self) -> Vec<Unmapped> {
        let unmapped = |&(node, attribute, count, place): &(u32, Option<&str>, u32, Place)| {
            let path = written(self.tree, node, attribute);
            Unmapped { path, count, place }
        };
        let mut list: Vec<_> = self.found.values().map(unmapped).collect();
        list.sort_by_key(|unmapped| unmapped.place);
        if self.beyond > 0 {
            list.push(Unmapped { path: "…".into(), count: self.beyond, place: 0 });
        }
        list
    }
}

fn written(tree: &impl Tree, node: u32, attribute: Option<&str>) -> String {
    let above = std::iter::successors(Some(node), |&node| tree.parent(node));
    let mut steps: Vec<&str> = above.map(|node| tree.name(node)).filter(|name| !name.is_empty()).collect();
    steps.reverse();
    let mut path = format!("/{}", steps.join("/"));
    if let Some(attribute) = attribute {
        path.push_str("/@");
        path.push_str(attribute);
    }
    path
}
