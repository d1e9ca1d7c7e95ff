//! Quantities: what is left of certificates, and what becomes of what
//! declarations took.

use axum::extract::State;

use super::extract::Path;
use super::guard::Caller;
use super::problem::Problem;
use super::{App, Parts};
use crate::verification::{LedgerStatement, Settlement, Settling};

/// Shows what is certified, reserved, consumed, blocked and left of each line
/// of a certificate, and by which declarations. A replacement continues the
/// account of what it replaced.
#[utoipa::path(get, path = "/v1/certificates/{id}/ledger", operation_id = "get_ledger", tag = "ledger",
    params(("id" = String, Path, description = "Identifier of the certificate")),
    responses((status = 200, body = LedgerStatement), (status = 404, description = "No such certificate"))
)]
pub(super) async fn statement(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<axum::Json<LedgerStatement>, Problem> {
    let work = move |app: &Parts| {
        app.verification.statement(&id)?.ok_or_else(|| Problem::not_found("certificate", &id))
    };
    Ok(axum::Json(app.work(work).await?))
}

/// Tells that customs released the goods of a declaration: what it reserved is
/// consumed. The answer is 200 whatever came of it; told again, the outcome is
/// that it was done already.
#[utoipa::path(post, path = "/v1/declarations/{id}/release", operation_id = "release_declaration", tag = "ledger",
    params(("id" = String, Path, description = "Identifier or reference number of the declaration")),
    responses(
        (status = 200, body = Settling), (status = 404, description = "No such declaration"),
        (status = 409, description = "Several declarations bear the number"),
    )
)]
pub(super) async fn release(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
) -> Result<axum::Json<Settling>, Problem> {
    settle(app, caller, id, Settlement::Release).await
}

/// Withdraws a declaration: what it reserved is free for others.
#[utoipa::path(post, path = "/v1/declarations/{id}/withdrawal", operation_id = "withdraw_declaration", tag = "ledger",
    params(("id" = String, Path, description = "Identifier or reference number of the declaration")),
    responses(
        (status = 200, body = Settling), (status = 404, description = "No such declaration"),
        (status = 409, description = "Several declarations bear the number"),
    )
)]
pub(super) async fn withdraw(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
) -> Result<axum::Json<Settling>, Problem> {
    settle(app, caller, id, Settlement::Withdrawal).await
}

/// Frees the quantities of goods that an officer refused.
#[utoipa::path(post, path = "/v1/declarations/{id}/freeing", operation_id = "free_quantities", tag = "ledger",
    params(("id" = String, Path, description = "Identifier or reference number of the declaration")),
    responses(
        (status = 200, body = Settling), (status = 404, description = "No such declaration"),
        (status = 409, description = "Several declarations bear the number"),
    )
)]
pub(super) async fn free(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
) -> Result<axum::Json<Settling>, Problem> {
    settle(app, caller, id, Settlement::Freeing).await
}

async fn settle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    settlement: Settlement,
) -> Result<axum::Json<Settling>, Problem> {
    let settled = app.work(move |app| Ok(app.verification.settle(&caller.sender(), &id, settlement)?));
    Ok(axum::Json(settled.await?))
}
