//! Imports of tables that wait for a second person.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::Json;
use super::extract::{Path, Query};
use super::guard::Caller;
use super::page::Page;
use super::problem::Problem;
use super::table_history::TableDifferences;
use super::tables::Imported;
use super::trial::TrialQuery;
use super::{App, instant};
use crate::reference::{self, columns};
use crate::verification::Foresight;

/// Whether imports of a table wait for a second person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TablePolicy {
    /// Whether a second person has to sign imports off.
    sign_off: bool,
    /// Why, for the record.
    #[serde(default)]
    reason: String,
}

/// What a second person says of a proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Remark {
    /// Why, for the record.
    #[serde(default)]
    remark: String,
}

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ProposalQuery {
    /// `pending`, `approved` or `rejected`; all without.
    state: Option<String>,
}

/// An import that waits for a second person, or did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableProposal)]
pub(super) struct Proposal {
    /// Identifier.
    id: String,
    /// Name of the table.
    table: String,
    /// Number of the version it would follow.
    base: i64,
    /// SHA-256 of its content.
    digest: String,
    /// Its rows.
    rows: i64,
    /// When it was proposed.
    proposed: String,
    /// By whom.
    by: String,
    /// Why.
    reason: String,
    /// `pending`, `approved` or `rejected`.
    state: String,
    /// When that was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
    /// What they said.
    #[serde(skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    /// What it would change in the table as it is now; with one proposal only.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<TableDifferences>,
}

impl From<reference::Proposal> for Proposal {
    fn from(proposal: reference::Proposal) -> Self {
        Self {
            id: proposal.id,
            table: proposal.table,
            base: proposal.base,
            digest: proposal.digest.to_string(),
            rows: proposal.rows,
            proposed: instant(proposal.proposed_at),
            by: proposal.proposed_by,
            reason: proposal.reason,
            state: proposal.state,
            decided: proposal.decided_at.map(instant),
            decided_by: proposal.decided_by,
            remark: proposal.remark,
            differences: None,
        }
    }
}

/// Says whether imports of a table wait for a second person.
#[utoipa::path(put, path = "/v1/tables/{name}/policy", operation_id = "set_table_policy", tag = "reference",
    params(("name" = String, Path, description = "Name of the table")),
    request_body = TablePolicy,
    responses((status = 200, body = TablePolicy), (status = 404, description = "No such table"))
)]
pub(super) async fn set_policy(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Json(policy): Json<TablePolicy>,
) -> Result<axum::Json<TablePolicy>, Problem> {
    let work = move |app: &super::Parts| {
        let Caller { principal, source } = &caller;
        app.reference.set_policy(principal, source, &name, policy.sign_off, &policy.reason)?;
        Ok(policy)
    };
    Ok(axum::Json(app.work(work).await?))
}

/// Lists imports that wait for a second person, or did, the latest first.
#[utoipa::path(get, path = "/v1/table-proposals", operation_id = "list_table_proposals", tag = "reference",
    params(ProposalQuery),
    responses((status = 200, body = Page<Proposal>), (status = 422, description = "No such state")))]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<ProposalQuery>,
) -> Result<axum::Json<Page<Proposal>>, Problem> {
    if let Some(state) = query.state.as_deref().filter(|s| !["pending", "approved", "rejected"].contains(s)) {
        return Err(Problem::invalid(format!(
            "state is {state:?}; it should be pending, approved or rejected."
        )));
    }
    let proposals = app.work(move |app| Ok(app.reference.proposals(query.state.as_deref())?)).await?;
    Ok(axum::Json(Page { items: proposals.into_iter().map(Proposal::from).collect(), next: None }))
}

/// Shows an import that waits for a second person, with what it would change.
#[utoipa::path(get, path = "/v1/table-proposals/{id}", operation_id = "get_table_proposal", tag = "reference",
    params(("id" = String, Path, description = "Identifier of the proposal")),
    responses((status = 200, body = Proposal), (status = 404, description = "No such proposal"))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<axum::Json<Proposal>, Problem> {
    let work = move |app: &super::Parts| {
        let (proposal, comparison) = app.reference.proposal(&id)?;
        let columns = columns(app.reference.snapshot().definition(&proposal.table)?);
        let differences = Some(TableDifferences::of(&columns, comparison));
        Ok(Proposal { differences, ..proposal.into() })
    };
    Ok(axum::Json(app.work(work).await?))
}

/// Signs an import off: it is the next version of its table. Whoever proposed
/// it may not.
#[utoipa::path(post, path = "/v1/table-proposals/{id}/approval", operation_id = "approve_table_proposal",
    tag = "reference",
    params(("id" = String, Path, description = "Identifier of the proposal")),
    request_body = Remark,
    responses(
        (status = 200, body = Imported), (status = 404, description = "No such proposal"),
        (status = 409, description = "It was decided already, or the table has changed since"),
    )
)]
pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(remark): Json<Remark>,
) -> Result<axum::Json<Imported>, Problem> {
    let work = move |app: &super::Parts| {
        Ok(app.reference.approve(&caller.principal, &caller.source, &id, &remark.remark)?)
    };
    Ok(axum::Json(app.work(work).await?.into()))
}

/// Says which stored cases would decide otherwise if an import were signed
/// off. Nothing is changed.
#[utoipa::path(post, path = "/v1/table-proposals/{id}/trial", operation_id = "try_table_proposal",
    tag = "reference",
    params(("id" = String, Path, description = "Identifier of the proposal"), TrialQuery),
    responses((status = 200, body = Foresight), (status = 404, description = "No such proposal"))
)]
pub(super) async fn try_out(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<TrialQuery>,
) -> Result<axum::Json<Foresight>, Problem> {
    app.work(move |app| query.run(app, app.reference.with_proposal(&id))).await
}

/// Turns an import down. Whoever proposed it may not.
#[utoipa::path(post, path = "/v1/table-proposals/{id}/rejection", operation_id = "reject_table_proposal",
    tag = "reference",
    params(("id" = String, Path, description = "Identifier of the proposal")),
    request_body = Remark,
    responses(
        (status = 200, body = Proposal), (status = 404, description = "No such proposal"),
        (status = 409, description = "It was decided already"),
    )
)]
pub(super) async fn reject(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(remark): Json<Remark>,
) -> Result<axum::Json<Proposal>, Problem> {
    let work = move |app: &super::Parts| {
        app.reference.reject(&caller.principal, &caller.source, &id, &remark.remark)?;
        Ok(app.reference.proposal(&id)?.0.into())
    };
    Ok(axum::Json(app.work(work).await?))
}
