//! Many query accounts from one file: all of them, or none and what is wrong
//! in each row.

use std::collections::{BTreeMap, BTreeSet};

use super::accounts::{self, AccountWanted, UserRole, UserWanted, usual_fields};
use super::{Export, ExportError, NewUser};
use crate::intake::Sender;
use crate::reference::BadRows;
use crate::store::Transaction;

/// Columns of the file; those of the second list may be left out.
const COLUMNS: ([&str; 2], [&str; 6]) =
    (["name", "expires"], ["countries", "blocs", "transit", "fields", "rate", "users"]);

/// A file of accounts, read and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFile {
    /// Line and account.
    accounts: Vec<(usize, AccountWanted)>,
}

impl AccountFile {
    /// Reads CSV with a header line. Words within a cell are separated by
    /// spaces; `users` are written `anna:manager li:checker`.
    pub fn read(file: &[u8]) -> Result<Self, BadRows> {
        let mut bad = BadRows::default();
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                bad.add(1, None, format!("the header cannot be read: {error}"));
                return Err(bad);
            }
        };
        check_header(&header, &mut bad);
        let mut accounts: Vec<(usize, AccountWanted)> = Vec::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, |position| position.line() as usize);
                    bad.add(line, None, format!("does not have the header's {} columns", header.len()));
                    continue;
                }
            };
            let line = record.position().map_or(0, |position| position.line() as usize);
            let cells: BTreeMap<&str, &str> = header.iter().zip(record.iter()).collect();
            let before = bad.count;
            let wanted = account(line, &cells, &mut bad);
            if bad.count == before {
                for (member, fault) in wanted.faults() {
                    bad.add(line, Some(member), fault);
                }
            }
            if let Some(first) = lines.insert(wanted.name.clone(), line) {
                bad.add(line, Some("name"), format!("{:?} stands in line {first} already", wanted.name));
            }
            accounts.push((line, wanted));
        }
        if accounts.is_empty() && bad.count == 0 {
            bad.add(0, None, "holds no account");
        }
        if bad.count > 0 { Err(bad) } else { Ok(Self { accounts }) }
    }
}

fn check_header(header: &csv::StringRecord, bad: &mut BadRows) {
    let (needed, others) = COLUMNS;
    for column in needed.iter().filter(|column| !header.iter().any(|name| name == **column)) {
        bad.add(1, Some(column), "is missing");
    }
    for name in header.iter().filter(|name| !needed.contains(name) && !others.contains(name)) {
        let known = [&needed[..], &others[..]].concat().join(", ");
        bad.add(1, Some(name), format!("is not a column of this file; the columns are {known}"));
    }
}

fn account(line: usize, cells: &BTreeMap<&str, &str>, bad: &mut BadRows) -> AccountWanted {
    let cell = |name: &str| cells.get(name).copied().unwrap_or_default();
    let words = |name: &str| cell(name).split_whitespace().map(str::to_owned);
    let transit = match cell("transit") {
        "" | "yes" => true,
        "no" => false,
        other => {
            bad.add(line, Some("transit"), format!("{other:?} is neither yes nor no"));
            true
        }
    };
    let rate = match cell("rate") {
        "" => None,
        text => text.parse().map_or_else(
            |_| {
                bad.add(line, Some("rate"), format!("{text:?} is not a number of queries a minute"));
                None
            },
            Some,
        ),
    };
    let mut fields = BTreeSet::new();
    for word in words("fields") {
        match word.parse() {
            Ok(field) => drop(fields.insert(field)),
            Err(text) => bad.add(line, Some("fields"), text),
        }
    }
    let mut users = Vec::new();
    for word in words("users") {
        let (name, role) = word.split_once(':').unwrap_or((&word, "checker"));
        match role {
            "manager" => users.push(UserWanted { name: name.to_owned(), role: UserRole::Manager }),
            "checker" => users.push(UserWanted { name: name.to_owned(), role: UserRole::Checker }),
            other => bad.add(line, Some("users"), format!("{other:?} is neither manager nor checker")),
        }
    }
    AccountWanted {
        name: cell("name").to_owned(),
        countries: words("countries").collect(),
        blocs: words("blocs").collect(),
        transit,
        fields: if cell("fields").is_empty() { usual_fields() } else { fields },
        rate,
        expires: cell("expires").to_owned(),
        users,
    }
}

impl Export {
    /// Makes the accounts of a file, all in one transaction; answers the users
    /// with their secrets.
    pub fn import_accounts(&self, sender: &Sender, file: AccountFile) -> Result<Vec<NewUser>, ExportError> {
        let sender = sender.clone();
        self.store.write(move |transaction| {
            transaction.lock(&["query-accounts"])?;
            refuse_taken(transaction, &file)?;
            let mut users = Vec::new();
            for (_, wanted) in &file.accounts {
                users.extend(accounts::create(transaction, &sender, wanted)?.1);
            }
            Ok(users)
        })
    }
}

fn refuse_taken(transaction: &mut dyn Transaction, file: &AccountFile) -> Result<(), ExportError> {
    const SELECT: &str = "SELECT id FROM query_account WHERE name = $1";
    let mut bad = BadRows::default();
    for (line, wanted) in &file.accounts {
        if !transaction.query(SELECT, &[(&wanted.name).into()])?.is_empty() {
            bad.add(*line, Some("name"), format!("there is already an account {:?}", wanted.name));
        }
    }
    if bad.count > 0 { Err(bad.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "name,countries,blocs,transit,fields,rate,expires,users\n";

    #[test]
    fn a_row_is_an_account_with_its_users() {
        let file = format!("{HEADER}Border Service,CN HK,,no,goods parties,120,2099-12-31,li:manager wang\n");
        let read = AccountFile::read(file.as_bytes()).unwrap();
        let (line, account) = &read.accounts[0];
        assert_eq!((*line, account.rate, account.transit), (2, Some(120), false));
        assert_eq!(account.countries.len(), 2);
        let users: Vec<_> = account.users.iter().map(|user| (user.name.as_str(), user.role)).collect();
        assert_eq!(users, [("li", UserRole::Manager), ("wang", UserRole::Checker)]);
    }

    #[test]
    fn every_bad_cell_is_told_with_its_line() {
        let file = format!(
            "{HEADER}A,CN,,,,,2099-12-31,\nA,CN,,,,,2099-12-31,\n,CN,,,,,2099-12-31,\nB,China,,,,,2099-12-31,\n\
             C,,EUROPE,,,,2099-12-31,\nD,CN,,perhaps,,,2099-12-31,\nE,CN,,,weights,,2099-12-31,\n\
             F,CN,,,,many,2099-12-31,\nG,CN,,,,,2001-01-01,\nH,CN,,,,,2099-12-31,li:king\nI,CN\n"
        );
        let bad = AccountFile::read(file.as_bytes()).unwrap_err();
        let told: Vec<_> =
            bad.problems.iter().map(|row| (row.row, row.column.as_deref().unwrap_or(""))).collect();
        let expected = [
            (3, "name"),
            (4, "name"),
            (5, "countries"),
            (6, "blocs"),
            (7, "transit"),
            (8, "fields"),
            (9, "rate"),
            (10, "expires"),
            (11, "users"),
            (12, ""),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn an_empty_file_and_a_wrong_header_are_told() {
        assert_eq!(AccountFile::read(b"").unwrap_err().count, 2);
        assert_eq!(AccountFile::read(HEADER.as_bytes()).unwrap_err().problems[0].text, "holds no account");
        let bad = AccountFile::read(b"name,expires,colour\nA,2099-01-01,red\n").unwrap_err();
        assert!(bad.problems[0].text.contains("blocs"), "{bad:?}");
    }

    proptest! {
        #[test]
        fn no_file_panics(file in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = AccountFile::read(&file);
            let _ = AccountFile::read(&[HEADER.as_bytes(), &file].concat());
        }
    }
}
