//! Query accounts: institutions abroad, what they may see, and the people who
//! ask in their name.

use std::collections::BTreeSet;

use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::Field;
use super::records::instant;
use super::{Export, ExportError, audit, blocs};
use crate::access::{self, Principal, Role};
use crate::intake::Sender;
use crate::store::{Row, StoreError, Transaction, Value, new_id, now};

/// Queries a minute unless said otherwise, and at most.
const RATE: (u32, u32) = (60, 60_000);
/// Hours an old secret may go on for after a new one was made.
const OVERLAP: u32 = 168;
const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// What a user may do within an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserRole {
    /// Asks, reports, and manages the account's users and secrets.
    Manager,
    /// Asks and reports.
    Checker,
}

impl UserRole {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Checker => "checker",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Manager, Self::Checker].into_iter().find(|role| role.name() == name)
    }
}

/// A user of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserWanted {
    /// Name, unique in the account: lower-case letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// Role within the account.
    pub role: UserRole,
}

/// An account wanted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountWanted {
    /// Name of the institution, unique in a host.
    pub name: String,
    /// Countries it acts for (ISO 3166-1 alpha-2).
    #[serde(default)]
    pub countries: BTreeSet<String>,
    /// Blocs it acts for, such as `EU`.
    #[serde(default)]
    pub blocs: BTreeSet<String>,
    /// Whether it sees certificates that pass through its countries too;
    /// unless given, it does.
    #[serde(default = "yes")]
    pub transit: bool,
    /// Groups of fields it sees; goods and quantities unless given.
    #[serde(default = "usual_fields")]
    pub fields: BTreeSet<Field>,
    /// Queries a minute, 1 to 60,000; 60 unless given.
    pub rate: Option<u32>,
    /// Last day it may be used (UTC).
    #[schema(value_type = String, example = "2027-12-31")]
    pub expires: String,
    /// Its users.
    #[serde(default)]
    pub users: Vec<UserWanted>,
}

fn yes() -> bool {
    true
}

pub(super) fn usual_fields() -> BTreeSet<Field> {
    BTreeSet::from([Field::Goods, Field::Quantities])
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryAccount)]
pub struct Account {
    /// Identifier.
    pub id: String,
    /// Name of the institution.
    pub name: String,
    /// Countries named.
    pub countries: BTreeSet<String>,
    /// Blocs named.
    pub blocs: BTreeSet<String>,
    /// Whether it sees certificates that pass through its countries too.
    pub transit: bool,
    /// Groups of fields it sees.
    pub fields: BTreeSet<Field>,
    /// Queries a minute.
    pub rate: u32,
    /// When it expires (RFC 3339, UTC).
    pub expires: String,
    /// Since when it is suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<String>,
    /// Why it is suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_why: Option<String>,
    /// Its users.
    pub users: Vec<User>,
    #[serde(skip)]
    pub(super) expires_at: i64,
}

/// A user of an account, without a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryUser)]
pub struct User {
    /// Name.
    pub name: String,
    /// Role within the account.
    pub role: UserRole,
    /// Identifier of the principal.
    #[serde(skip)]
    pub(super) principal: String,
}

/// A user with a secret, which is shown only now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryUserMade)]
pub struct NewUser {
    /// Name of the account.
    pub account: String,
    /// Name of the user.
    pub user: String,
    /// Role within the account.
    pub role: UserRole,
    /// The token to send as `Authorization: Bearer …`.
    pub token: String,
    /// When the token expires (RFC 3339, UTC).
    pub expires: String,
}

impl Account {
    /// The countries it acts for, the members of its blocs among them.
    pub fn reach(&self) -> BTreeSet<String> {
        let members = self.blocs.iter().filter_map(|bloc| blocs::members(bloc)).flatten();
        self.countries.iter().cloned().chain(members.map(|country| (*country).to_owned())).collect()
    }

    /// Why it may not be used now, if it may not.
    fn refusal(&self) -> Option<String> {
        if let Some(since) = &self.suspended {
            return Some(format!("the account {} is suspended since {since}", self.name));
        }
        (self.expires_at <= now()).then(|| format!("the account {} expired at {}", self.name, self.expires))
    }
}

impl AccountWanted {
    /// What is wrong with it, as the name of a member and what would be right.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let name = &self.name;
        if name.trim() != name || name.is_empty() || name.len() > 120 || name.chars().any(char::is_control) {
            faults.push(("name", format!("{name:?} is not a name: 1 to 120 bytes on one line")));
        }
        if self.countries.is_empty() && self.blocs.is_empty() {
            faults.push(("countries", "names no country and no bloc: it could see nothing".to_owned()));
        }
        for country in &self.countries {
            if !(country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase())) {
                faults.push(("countries", format!("{country:?} is not a country code such as CN")));
            }
        }
        for bloc in self.blocs.iter().filter(|bloc| blocs::members(bloc).is_none()) {
            let known: Vec<&str> = blocs::codes().collect();
            faults.push((
                "blocs",
                format!("{bloc:?} is not a bloc known here; there are {}", known.join(", ")),
            ));
        }
        if !(1..=RATE.1).contains(&self.rate.unwrap_or(RATE.0)) {
            faults.push(("rate", format!("a rate is 1 to {} queries a minute", RATE.1)));
        }
        if expiry(&self.expires).is_none_or(|at| at <= now()) {
            let text = format!("{:?} is not a day to come, such as 2027-12-31", self.expires);
            faults.push(("expires", text));
        }
        let mut names = BTreeSet::new();
        for user in &self.users {
            faults.extend(user_fault(&user.name).map(|text| ("users", text)));
            if !names.insert(&user.name) {
                faults.push(("users", format!("{:?} stands twice", user.name)));
            }
        }
        faults
    }
}

fn user_fault(name: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    let good = (1..=60).contains(&name.len()) && name.bytes().all(plain);
    (!good)
        .then(|| format!("{name:?} is not a user's name: 1 to 60 lower-case letters, digits, '.', '-', '_'"))
}

/// The end of a day, in microseconds since 1970.
fn expiry(day: &str) -> Option<i64> {
    let date: Date = day.parse().ok()?;
    let date = jiff::civil::Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    );
    let end = date.ok()?.tomorrow().ok()?.at(0, 0, 0, 0);
    jiff::tz::TimeZone::UTC.to_timestamp(end).ok().map(jiff::Timestamp::as_microsecond)
}

/// Makes an account and its users within a transaction.
pub(super) fn create(
    transaction: &mut dyn Transaction,
    sender: &Sender,
    wanted: &AccountWanted,
) -> Result<(String, Vec<NewUser>), ExportError> {
    const INSERT: &str = "INSERT INTO query_account (id, name, countries, blocs, transit, fields, rate, expires_at, \
        created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    let id = new_id();
    let words = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let fields: Vec<&str> = wanted.fields.iter().map(|field| field.name()).collect();
    let expires_at = expiry(&wanted.expires).unwrap_or_default();
    let inserted = transaction.execute(
        INSERT,
        &[
            Value::from(&id),
            Value::from(&wanted.name),
            Value::from(&words(&wanted.countries)),
            Value::from(&words(&wanted.blocs)),
            Value::Integer(wanted.transit.into()),
            Value::from(&fields.join(" ")),
            Value::Integer(wanted.rate.unwrap_or(RATE.0).into()),
            Value::Integer(expires_at),
            Value::Integer(now()),
            Value::from(&sender.principal.id),
        ],
    )?;
    if inserted == 0 {
        return Err(ExportError::Conflict(format!("there is already an account {:?}", wanted.name)));
    }
    audit(
        transaction,
        sender,
        "query-account-created",
        &format!("query-account/{id}"),
        wanted.name.as_bytes(),
    )?;
    let account = load(transaction, &id)?;
    let users = wanted.users.iter().map(|user| add_user(transaction, sender, &account, user));
    Ok((id, users.collect::<Result<_, _>>()?))
}

fn add_user(
    transaction: &mut dyn Transaction,
    sender: &Sender,
    account: &Account,
    wanted: &UserWanted,
) -> Result<NewUser, ExportError> {
    const INSERT: &str =
        "INSERT INTO query_user (principal_id, account_id, name, role) VALUES ($1, $2, $3, $4)";
    if let Some(fault) = user_fault(&wanted.name) {
        return Err(ExportError::Invalid(fault));
    }
    if account.users.iter().any(|user| user.name == wanted.name) {
        return Err(ExportError::Conflict(format!("{} has a user {:?} already", account.name, wanted.name)));
    }
    let made = Principal {
        id: new_id(),
        name: format!("{} / {}", account.name, wanted.name),
        role: Role::Verifier,
        countries: account.reach(),
    };
    access::enrol(transaction, &sender.principal, &sender.source, &made)?;
    let parameters =
        [(&made.id).into(), (&account.id).into(), (&wanted.name).into(), wanted.role.name().into()];
    transaction.execute(INSERT, &parameters)?;
    secret(transaction, sender, account, wanted.name.clone(), wanted.role, &made.id)
}

fn secret(
    transaction: &mut dyn Transaction,
    sender: &Sender,
    account: &Account,
    user: String,
    role: UserRole,
    principal: &str,
) -> Result<NewUser, ExportError> {
    let Sender { principal: by, source } = sender;
    let token = access::issue(transaction, by, source, principal, "queries", account.expires_at)?;
    let expires = instant(account.expires_at);
    Ok(NewUser { account: account.name.clone(), user, role, token, expires })
}

const COLUMNS: &str = "SELECT id, name, countries, blocs, transit, fields, rate, expires_at, suspended_at, \
    suspended_why FROM query_account WHERE id = $1";
const USERS: &str = "SELECT name, role, principal_id FROM query_user WHERE account_id = $1 \
    AND removed_at IS NULL ORDER BY name";

pub(super) fn load(transaction: &mut dyn Transaction, id: &str) -> Result<Account, ExportError> {
    let row = transaction.query_optional(COLUMNS, &[id.into()])?;
    let row = row.ok_or_else(|| ExportError::Unknown(format!("query account {id:?}")))?;
    let users = transaction.query(USERS, &[id.into()])?;
    Ok(account(&row, users.iter().map(user).collect::<Result<_, _>>()?)?)
}

fn account(row: &Row, users: Vec<User>) -> Result<Account, StoreError> {
    let words = |column| -> Result<BTreeSet<String>, StoreError> {
        Ok(row.text(column)?.split_whitespace().map(str::to_owned).collect())
    };
    Ok(Account {
        id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        countries: words(2)?,
        blocs: words(3)?,
        transit: row.integer(4)? != 0,
        fields: words(5)?.iter().filter_map(|field| field.parse().ok()).collect(),
        rate: u32::try_from(row.integer(6)?).unwrap_or(1),
        expires_at: row.integer(7)?,
        expires: instant(row.integer(7)?),
        suspended: row.optional_integer(8)?.map(instant),
        suspended_why: row.optional_text(9)?.map(str::to_owned),
        users,
    })
}

fn user(row: &Row) -> Result<User, StoreError> {
    let role = UserRole::of(row.text(1)?).ok_or_else(|| super::body::damaged("role"))?;
    Ok(User { name: row.text(0)?.to_owned(), role, principal: row.text(2)?.to_owned() })
}

impl Export {
    /// Makes an account; answers its identifier and its users with their
    /// secrets.
    pub fn create_account(
        &self,
        sender: &Sender,
        wanted: AccountWanted,
    ) -> Result<(String, Vec<NewUser>), ExportError> {
        if let Some((member, fault)) = wanted.faults().into_iter().next() {
            return Err(ExportError::Invalid(format!("{member}: {fault}")));
        }
        let sender = sender.clone();
        self.store.write(move |transaction| {
            transaction.lock(&["query-accounts"])?;
            create(transaction, &sender, &wanted)
        })
    }

    /// All accounts, by name.
    pub fn accounts(&self) -> Result<Vec<Account>, ExportError> {
        self.store.read(|transaction| {
            let rows = transaction.query("SELECT id FROM query_account ORDER BY name", &[])?;
            rows.iter().map(|row| load(transaction, row.text(0)?)).collect()
        })
    }

    /// An account.
    pub fn account(&self, id: &str) -> Result<Account, ExportError> {
        self.store.read(|transaction| load(transaction, id))
    }

    /// The account a principal asks for, whatever its state.
    pub fn account_of(&self, principal: &Principal) -> Result<(Account, User), ExportError> {
        const SELECT: &str =
            "SELECT account_id FROM query_user WHERE principal_id = $1 AND removed_at IS NULL";
        let none = || ExportError::Unknown("query account that this token belongs to".to_owned());
        self.store.read(|transaction| {
            let row = transaction.query_optional(SELECT, &[(&principal.id).into()])?.ok_or_else(none)?;
            let account = load(transaction, row.text(0)?)?;
            let user = account.users.iter().find(|user| user.principal == principal.id).cloned();
            Ok((account, user.ok_or_else(none)?))
        })
    }

    /// The account a principal asks for, where it may be used now.
    pub(super) fn usable(&self, principal: &Principal) -> Result<(Account, User), ExportError> {
        let (account, user) = self.account_of(principal)?;
        match account.refusal() {
            Some(why) => Err(ExportError::Refused(why)),
            None => Ok((account, user)),
        }
    }

    /// Suspends an account, or ends that.
    pub fn suspend(&self, sender: &Sender, id: &str, why: Option<&str>) -> Result<(), ExportError> {
        const UPDATE: &str = "UPDATE query_account SET suspended_at = $2, suspended_why = $3 WHERE id = $1";
        let (sender, id, why) = (sender.clone(), id.to_owned(), why.map(str::to_owned));
        self.store.write(move |transaction| {
            let since = why.as_ref().map(|_| now());
            let touched = transaction.execute(UPDATE, &[(&id).into(), since.into(), why.as_ref().into()])?;
            if touched == 0 {
                return Err(ExportError::Unknown(format!("query account {id:?}")));
            }
            let action = if why.is_some() { "query-account-suspended" } else { "query-account-resumed" };
            let content = why.as_deref().unwrap_or_default();
            Ok(audit(transaction, &sender, action, &format!("query-account/{id}"), content.as_bytes())?)
        })
    }

    /// Adds a user to an account; answers it with its secret.
    pub fn add_user(&self, sender: &Sender, id: &str, wanted: UserWanted) -> Result<NewUser, ExportError> {
        let (sender, id) = (sender.clone(), id.to_owned());
        self.store.write(move |transaction| {
            transaction.lock(&["query-accounts"])?;
            let account = load(transaction, &id)?;
            add_user(transaction, &sender, &account, &wanted)
        })
    }

    /// Makes a new secret for a user; the old one goes on for some hours, so
    /// that a system can be changed over.
    pub fn rotate(
        &self,
        sender: &Sender,
        id: &str,
        name: &str,
        overlap: u32,
    ) -> Result<NewUser, ExportError> {
        if overlap > OVERLAP {
            return Err(ExportError::Invalid(format!("an old secret goes on for at most {OVERLAP} hours")));
        }
        let (sender, id, name) = (sender.clone(), id.to_owned(), name.to_owned());
        self.store.write(move |transaction| {
            let account = load(transaction, &id)?;
            let user = known(&account, &name)?;
            let until = now() + i64::from(overlap) * MICROSECONDS_AN_HOUR;
            access::retire(transaction, &sender.principal, &sender.source, &user.principal, until)?;
            secret(transaction, &sender, &account, user.name, user.role, &user.principal)
        })
    }

    /// Removes a user. Its queries stay in the log, its secrets end at once.
    pub fn remove_user(&self, sender: &Sender, id: &str, name: &str) -> Result<(), ExportError> {
        // The name is free again afterwards, in the account and in the host.
        const UPDATE: &str = "UPDATE query_user SET removed_at = $2, name = $3 WHERE principal_id = $1";
        let (sender, id, name) = (sender.clone(), id.to_owned(), name.to_owned());
        self.store.write(move |transaction| {
            let user = known(&load(transaction, &id)?, &name)?;
            let kept = format!("{} removed {}", user.name, user.principal);
            transaction.execute(UPDATE, &[(&user.principal).into(), now().into(), (&kept).into()])?;
            access::free_name(transaction, &user.principal)?;
            access::retire(transaction, &sender.principal, &sender.source, &user.principal, now())?;
            let subject = format!("query-account/{id}");
            Ok(audit(transaction, &sender, "query-user-removed", &subject, name.as_bytes())?)
        })
    }
}

fn known(account: &Account, name: &str) -> Result<User, ExportError> {
    let found = account.users.iter().find(|user| user.name == name).cloned();
    found.ok_or_else(|| ExportError::Unknown(format!("user {name:?} in the account {}", account.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> AccountWanted {
        AccountWanted {
            name: "Border Service".into(),
            countries: BTreeSet::from(["CN".to_owned()]),
            blocs: BTreeSet::from(["EU".to_owned()]),
            transit: true,
            fields: usual_fields(),
            rate: None,
            expires: "2099-12-31".into(),
            users: Vec::new(),
        }
    }

    #[test]
    fn an_account_lasts_to_the_end_of_its_last_day() {
        let end: jiff::Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(expiry("2026-12-31"), Some(end.as_microsecond()));
        assert_eq!(expiry("2026-02-30"), None);
        assert_eq!(expiry("soon"), None);
    }

    #[test]
    fn what_makes_no_sense_is_told_by_member() {
        assert_eq!(wanted().faults(), []);
        let members = |wanted: AccountWanted| -> Vec<&str> {
            wanted.faults().into_iter().map(|(member, _)| member).collect()
        };
        assert_eq!(members(AccountWanted { name: " A".into(), ..wanted() }), ["name"]);
        assert_eq!(members(AccountWanted { countries: ["cn".to_owned()].into(), ..wanted() }), ["countries"]);
        let nowhere = AccountWanted { countries: BTreeSet::new(), blocs: BTreeSet::new(), ..wanted() };
        assert_eq!(members(nowhere), ["countries"]);
        assert_eq!(members(AccountWanted { rate: Some(0), ..wanted() }), ["rate"]);
        assert_eq!(members(AccountWanted { expires: "2001-01-01".into(), ..wanted() }), ["expires"]);
    }

    #[test]
    fn an_account_that_expired_or_is_suspended_is_refused() {
        let account = |expires_at, suspended: Option<&str>| Account {
            id: "1".into(),
            name: "Border Service".into(),
            countries: BTreeSet::from(["CN".to_owned()]),
            blocs: BTreeSet::from(["EU".to_owned()]),
            transit: true,
            fields: usual_fields(),
            rate: 60,
            expires: instant(expires_at),
            suspended: suspended.map(str::to_owned),
            suspended_why: None,
            users: Vec::new(),
            expires_at,
        };
        let later = now() + MICROSECONDS_AN_HOUR;
        assert_eq!(account(later, None).refusal(), None);
        assert!(account(now() - 1, None).refusal().is_some_and(|why| why.contains("expired")));
        assert!(account(later, Some("2026-01-01")).refusal().is_some_and(|why| why.contains("suspended")));
        let reach = account(later, None).reach();
        assert!(reach.contains("CN") && reach.contains("FR") && !reach.contains("EU"));
    }
}
