//! Query accounts of institutions abroad. Operators manage all of them;
//! verifiers see their own, as `own`, and its managers manage its users.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Json};
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::{Page, PageQuery};
use super::problem::{Code, Problem};
use super::{App, Parts};
use crate::access::Role;
use crate::export::{Account, AccountFile, AccountWanted, Logged, NewUser, UserRole, UserWanted};

/// Hours an old secret goes on unless said otherwise.
const OVERLAP: u32 = 24;

/// An account just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryAccountMade)]
pub(super) struct Made {
    /// Identifier.
    id: String,
    /// Its users with their secrets, which are shown only now.
    users: Vec<NewUser>,
}

/// Makes a query account for an institution abroad, with its users.
#[utoipa::path(post, path = "/v1/query-accounts", operation_id = "create_query_account", tag = "export",
    request_body = AccountWanted,
    responses(
        (status = 201, body = Made), (status = 409, description = "There is one of this name"),
        (status = 422, description = "It makes no sense"),
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<AccountWanted>,
) -> Result<(StatusCode, axum::Json<Made>), Problem> {
    let (id, users) = app.work(move |app| Ok(app.export.create_account(&caller.sender(), wanted)?)).await?;
    Ok((StatusCode::CREATED, axum::Json(Made { id, users })))
}

/// The accounts of a file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueryAccountsImported)]
pub(super) struct Imported {
    /// All users with their secrets, which are shown only now.
    users: Vec<NewUser>,
}

/// Makes the accounts of a CSV file: all of them, or none and what is wrong in
/// every row. Columns: name, countries, blocs, transit, fields, rate, expires,
/// users.
#[utoipa::path(post, path = "/v1/query-accounts/import", operation_id = "import_query_accounts", tag = "export",
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, body = Imported), (status = 413, description = "Too large"),
        (status = 415, description = "Not CSV"), (status = 422, description = "Rows are wrong; each is listed with its line"),
    )
)]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    body: Body,
) -> Result<(StatusCode, axum::Json<Imported>), Problem> {
    body.only(&["text/csv"])?;
    let users = app.work(move |app| {
        let file = AccountFile::read(&body.bytes).map_err(crate::export::ExportError::from)?;
        Ok(app.export.import_accounts(&caller.sender(), file)?)
    });
    Ok((StatusCode::CREATED, axum::Json(Imported { users: users.await? })))
}

/// Lists all query accounts, by name.
#[utoipa::path(get, path = "/v1/query-accounts", operation_id = "list_query_accounts", tag = "export",
    responses((status = 200, body = Page<Account>))
)]
pub(super) async fn list(State(app): State<App>) -> Result<axum::Json<Page<Account>>, Problem> {
    let items = app.work(|app| Ok(app.export.accounts()?)).await?;
    Ok(axum::Json(Page { items, next: None }))
}

/// The account that a caller means: verifiers have their own only.
fn meant(app: &Parts, caller: &Caller, id: &str, to_manage: bool) -> Result<Account, Problem> {
    if caller.principal.role != Role::Verifier {
        return Ok(app.export.account(id)?);
    }
    let (account, user) = app.export.account_of(&caller.principal)?;
    if id != "own" && id != account.id {
        return Err(Problem::not_found("query account", id));
    }
    if to_manage && user.role != UserRole::Manager {
        return Err(Problem::new(Code::Forbidden, "Only managers of an account manage its users."));
    }
    if to_manage && account.suspended.is_some() {
        return Err(Problem::new(Code::Forbidden, "The account is suspended."));
    }
    Ok(account)
}

/// Shows a query account; verifiers see their own, as `own`.
#[utoipa::path(get, path = "/v1/query-accounts/{id}", operation_id = "get_query_account", tag = "export",
    params(("id" = String, Path, description = "Identifier, or own")),
    responses((status = 200, body = Account), (status = 404, description = "No such account"))
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Account>, Problem> {
    app.work(move |app| meant(app, &caller, &id, false)).await.map(axum::Json)
}

/// Which queries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// Entries wanted, 1 to 500; 50 unless given.
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Lists the queries of an account, the latest first; verifiers see those of
/// their own.
#[utoipa::path(get, path = "/v1/query-accounts/{id}/queries", operation_id = "list_queries", tag = "export",
    params(("id" = String, Path, description = "Identifier, or own"), LogQuery),
    responses((status = 200, body = Page<Logged>), (status = 404, description = "No such account"))
)]
pub(super) async fn queries(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<LogQuery>,
) -> Result<axum::Json<Page<Logged>>, Problem> {
    let page = PageQuery { limit: query.limit, after: query.after };
    let (limit, after) = (page.limit()?, page.after()?);
    let items = app.work(move |app| {
        let account = meant(app, &caller, &id, false)?;
        Ok(app.export.queries(&account.id, after.as_deref(), limit + 1)?)
    });
    Ok(axum::Json(Page::cut(items.await?, limit, |query| &query.id)))
}

/// Whether an account is suspended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = QueryAccountSuspension)]
pub(super) struct Suspension {
    /// Whether it is.
    suspended: bool,
    /// Why; needed to suspend.
    #[serde(default)]
    reason: String,
}

/// Suspends a query account at once, or ends that.
#[utoipa::path(post, path = "/v1/query-accounts/{id}/suspension", operation_id = "suspend_query_account", tag = "export",
    params(("id" = String, Path, description = "Identifier")), request_body = Suspension,
    responses(
        (status = 200, body = Account), (status = 404, description = "No such account"),
        (status = 422, description = "Without a reason"),
    )
)]
pub(super) async fn suspend(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(wanted): Json<Suspension>,
) -> Result<axum::Json<Account>, Problem> {
    if wanted.suspended && wanted.reason.trim().is_empty() {
        return Err(Problem::invalid("reason says why the account is suspended."));
    }
    app.work(move |app| {
        let why = wanted.suspended.then(|| wanted.reason.trim());
        app.export.suspend(&caller.sender(), &id, why)?;
        Ok(axum::Json(app.export.account(&id)?))
    })
    .await
}

/// Adds a user to a query account.
#[utoipa::path(post, path = "/v1/query-accounts/{id}/users", operation_id = "add_query_user", tag = "export",
    params(("id" = String, Path, description = "Identifier, or own")), request_body = UserWanted,
    responses(
        (status = 201, body = NewUser), (status = 404, description = "No such account"),
        (status = 409, description = "There is one of this name"), (status = 422, description = "Not a user's name"),
    )
)]
pub(super) async fn add_user(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(wanted): Json<UserWanted>,
) -> Result<(StatusCode, axum::Json<NewUser>), Problem> {
    let made = app.work(move |app| {
        let account = meant(app, &caller, &id, true)?;
        Ok(app.export.add_user(&caller.sender(), &account.id, wanted)?)
    });
    Ok((StatusCode::CREATED, axum::Json(made.await?)))
}

/// Removes a user of a query account; its secrets end at once.
#[utoipa::path(delete, path = "/v1/query-accounts/{id}/users/{user}", operation_id = "remove_query_user", tag = "export",
    params(("id" = String, Path, description = "Identifier, or own"), ("user" = String, Path, description = "Its name")),
    responses((status = 204, description = "It is removed"), (status = 404, description = "No such account or user"))
)]
pub(super) async fn remove_user(
    State(app): State<App>,
    caller: Caller,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    app.work(move |app| {
        let account = meant(app, &caller, &id, true)?;
        app.export.remove_user(&caller.sender(), &account.id, &user)?;
        app.access.forget_accepted();
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// How a secret is rotated.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RotateQuery {
    /// Hours the old secret goes on, 0 to 168; 24 unless given.
    #[serde(rename = "overlap-hours")]
    overlap_hours: Option<u32>,
}

/// Makes a new secret for a user; the old one goes on for a while, so that a
/// system can be changed over. Users may renew their own.
#[utoipa::path(post, path = "/v1/query-accounts/{id}/users/{user}/secret", operation_id = "rotate_query_secret", tag = "export",
    params(
        ("id" = String, Path, description = "Identifier, or own"), ("user" = String, Path, description = "Its name"),
        RotateQuery,
    ),
    responses(
        (status = 201, body = NewUser), (status = 404, description = "No such account or user"),
        (status = 422, description = "Too many hours"),
    )
)]
pub(super) async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path((id, user)): Path<(String, String)>,
    Query(query): Query<RotateQuery>,
) -> Result<(StatusCode, axum::Json<NewUser>), Problem> {
    let made = app.work(move |app| {
        let verifier = caller.principal.role == Role::Verifier;
        let own = verifier && app.export.account_of(&caller.principal)?.1.name == user;
        let account = meant(app, &caller, &id, !own)?;
        let overlap = query.overlap_hours.unwrap_or(OVERLAP);
        let made = app.export.rotate(&caller.sender(), &account.id, &user, overlap)?;
        app.access.forget_accepted();
        Ok(made)
    });
    Ok((StatusCode::CREATED, axum::Json(made.await?)))
}
