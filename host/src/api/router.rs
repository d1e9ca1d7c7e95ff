//! The list of all routes: address, method, who may. Handlers carry their own
//! description, so that `/openapi.json` cannot differ from what is served.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::guard::guarded;
use super::{
    App, agreements, backtests, certificates, check, declarations, deliveries, dry_run, export_batch,
    export_certificates, health, ledger, lifecycle, messages, notices, openapi, parameters, plugins, queries,
    query_accounts, recalls, request, soap, table_history, table_proposals, tables, tokens, trust,
    verifications,
};
use crate::access::Action;

/// All routes with the layers around them.
pub fn router(app: App) -> Router {
    let (router, description) = described(&app);
    // Set once; a second router of the same parts has the same description.
    let _ = app.description.set(openapi::finish(description));
    router
        .fallback(request::no_such_address)
        .method_not_allowed_fallback(request::no_such_method)
        // Bodies and forms are bounded where they are read.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(from_fn(request::surround))
        .with_state(app)
}

fn described(app: &App) -> (Router<App>, OpenApi) {
    let guarded = |action, routes| guarded(app, action, routes);
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(openapi::document))
        .routes(guarded(Action::ReadMetrics, routes!(health::metrics)))
        .routes(guarded(Action::DeliverCertificate, routes!(certificates::deliver)))
        .routes(guarded(Action::ReadCertificate, routes!(certificates::list)))
        .routes(guarded(Action::ReadCertificate, routes!(certificates::show)))
        .routes(guarded(Action::DeliverCertificate, routes!(deliveries::accept)))
        .routes(guarded(Action::ReadCertificate, routes!(deliveries::list)))
        .routes(guarded(Action::ReadCertificate, routes!(deliveries::show)))
        .routes(guarded(Action::ReadCertificate, routes!(deliveries::acknowledge_message)))
        .routes(guarded(Action::ReadCertificate, routes!(deliveries::acknowledge)))
        .routes(
            guarded(Action::DeliverCertificate, routes!(soap::describe, soap::call))
                .layer(from_fn(soap::faults)),
        )
        .routes(routes!(check::page))
        .routes(guarded(Action::IssueCertificate, routes!(export_certificates::load)))
        .routes(guarded(Action::IssueCertificate, routes!(export_batch::batch)))
        .routes(guarded(Action::ReadExport, routes!(export_certificates::list)))
        .routes(guarded(Action::ReadExport, routes!(export_certificates::show)))
        .routes(guarded(Action::IssueCertificate, routes!(export_certificates::set_status)))
        .routes(guarded(Action::IssueCertificate, routes!(export_certificates::renew_code)))
        .routes(guarded(Action::ReadExport, routes!(export_certificates::qr)))
        .routes(guarded(Action::ReadExport, routes!(export_certificates::reports)))
        .routes(guarded(Action::AcknowledgeReport, routes!(export_certificates::acknowledge)))
        .routes(guarded(Action::ManageAccount, routes!(query_accounts::create, query_accounts::list)))
        .routes(guarded(Action::ManageAccount, routes!(query_accounts::import)))
        .routes(guarded(Action::ReadAccount, routes!(query_accounts::show)))
        .routes(guarded(Action::ReadAccount, routes!(query_accounts::queries)))
        .routes(guarded(Action::ManageAccount, routes!(query_accounts::suspend)))
        .routes(guarded(Action::ManageUser, routes!(query_accounts::add_user)))
        .routes(guarded(Action::ManageUser, routes!(query_accounts::remove_user)))
        .routes(guarded(Action::ManageUser, routes!(query_accounts::rotate)))
        .routes(guarded(Action::Query, routes!(queries::by_number)))
        .routes(guarded(Action::Query, routes!(queries::list)))
        .routes(guarded(Action::Query, routes!(queries::bulk)))
        .routes(guarded(Action::Query, routes!(queries::report, queries::reports)))
        .routes(guarded(Action::SubmitDeclaration, routes!(declarations::lodge)))
        .routes(guarded(Action::ReadVerification, routes!(declarations::list)))
        .routes(guarded(Action::SubmitDeclaration, routes!(ledger::release)))
        .routes(guarded(Action::SubmitDeclaration, routes!(ledger::withdraw)))
        .routes(guarded(Action::Decide, routes!(ledger::free)))
        .routes(guarded(Action::ReadVerification, routes!(ledger::statement)))
        .routes(guarded(Action::ReadVerification, routes!(verifications::list)))
        .routes(guarded(Action::ReadVerification, routes!(verifications::show)))
        .routes(guarded(Action::ReadVerification, routes!(verifications::replay)))
        .routes(guarded(Action::Decide, routes!(verifications::decide)))
        .routes(guarded(Action::ReadVerification, routes!(recalls::reliant)))
        .routes(guarded(Action::ReadVerification, routes!(recalls::list)))
        .routes(guarded(Action::Decide, routes!(recalls::close)))
        .routes(guarded(Action::ReadNotice, routes!(notices::list)))
        .routes(guarded(Action::SubmitDeclaration, routes!(notices::acknowledge)))
        .routes(guarded(Action::DryRun, routes!(dry_run::verify)))
        .routes(guarded(Action::ReadCertificate, routes!(messages::show)))
        .routes(guarded(Action::ReadMessageAgain, routes!(messages::read_again)))
        .routes(guarded(Action::PublishPlugin, routes!(plugins::publish)))
        .routes(guarded(Action::ReadPlugin, routes!(plugins::list)))
        .routes(guarded(Action::ReadPlugin, routes!(trust::signatures)))
        .routes(guarded(Action::PublishPlugin, routes!(trust::add_signatures)))
        .routes(guarded(Action::ReadPlugin, routes!(trust::overview)))
        .routes(guarded(Action::ManageTrust, routes!(trust::add_key)))
        .routes(guarded(Action::ManageTrust, routes!(trust::revoke_key)))
        .routes(guarded(Action::ManageTrust, routes!(trust::add_rule)))
        .routes(guarded(Action::ManageTrust, routes!(trust::remove_rule)))
        .routes(guarded(Action::ReadPlugin, routes!(plugins::show)))
        .routes(guarded(Action::ReadPlugin, routes!(lifecycle::changes)))
        .routes(guarded(Action::ActivatePlugin, routes!(lifecycle::activate)))
        .routes(guarded(Action::ActivatePlugin, routes!(lifecycle::shadow)))
        .routes(guarded(Action::ReadPlugin, routes!(backtests::shadow)))
        .routes(guarded(Action::Backtest, routes!(backtests::start, backtests::list)))
        .routes(guarded(Action::Backtest, routes!(backtests::show, backtests::stop)))
        .routes(guarded(Action::ActivatePlugin, routes!(lifecycle::retire)))
        .routes(guarded(Action::ActivatePlugin, routes!(lifecycle::roll_back)))
        .routes(guarded(Action::ImportTable, routes!(tables::import)))
        .routes(guarded(Action::ImportTable, routes!(tables::try_out)))
        .routes(guarded(Action::ReadTable, routes!(tables::list)))
        .routes(guarded(Action::ReadTable, routes!(table_history::show)))
        .routes(guarded(Action::ReadTable, routes!(table_history::rows)))
        .routes(guarded(Action::ReadTable, routes!(table_history::differences)))
        .routes(guarded(Action::SetTablePolicy, routes!(table_proposals::set_policy)))
        .routes(guarded(Action::ReadTable, routes!(table_proposals::list)))
        .routes(guarded(Action::ReadTable, routes!(table_proposals::show)))
        .routes(guarded(Action::ImportTable, routes!(table_proposals::try_out)))
        .routes(guarded(Action::ImportTable, routes!(table_proposals::approve)))
        .routes(guarded(Action::ImportTable, routes!(table_proposals::reject)))
        .routes(guarded(Action::SetParameter, routes!(parameters::set)))
        .routes(guarded(Action::SetParameter, routes!(parameters::try_out)))
        .routes(guarded(Action::ReadParameter, routes!(parameters::show)))
        .routes(guarded(Action::ReadParameter, routes!(parameters::effective)))
        .routes(guarded(Action::ReadAgreement, routes!(agreements::list)))
        .routes(guarded(Action::ReadAgreement, routes!(agreements::show)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::set, agreements::end)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::add_outage)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::set_all)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::try_out)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::try_end)))
        .routes(guarded(Action::SetAgreement, routes!(agreements::try_outage)))
        .routes(guarded(Action::ManageAccess, routes!(tokens::create, tokens::list)))
        .routes(guarded(Action::ManageAccess, routes!(tokens::revoke)))
        .split_for_parts()
}
