//! What linters don't find. Each check runs on the real files and on copies with a fault in them.

mod alarms;
mod backups;
mod costs;
mod dashboard;
mod domain;
mod edge;
mod events;
mod forge;
mod metrics;
mod rollout;
mod sign_in;
mod stacks;
mod watched;

use super::document::Document;

/// A property of the deployment.
pub(super) struct Check {
    /// What holds, as a sentence.
    pub(super) name: &'static str,
    /// Says what does not hold.
    pub(super) run: fn(&Document) -> Result<(), String>,
}

/// Names a check by the function that makes it.
macro_rules! checks {
    ($($module:ident::$check:ident),+ $(,)?) => {
        &[$(Check { name: stringify!($check), run: $module::$check }),+]
    };
}

pub(super) const CHECKS: &[Check] = checks![
    stacks::no_schedule_has_a_fixed_name,
    stacks::nothing_has_a_fixed_name,
    stacks::what_receives_mail_can_be_left_out,
    stacks::replies_are_refused_where_ses_receives_none,
    stacks::what_stays_behind_is_kept_on_purpose,
    stacks::the_deployments_of_samconfig_get_along,
    stacks::a_build_takes_the_locked_dependencies,
    forge::the_forge_may_make_all_that_the_stack_has,
    domain::the_domain_takes_one_deployment,
    domain::a_domain_needs_an_address,
    edge::the_functions_answer_what_came_through_the_edge_alone,
    edge::the_edge_keeps_nothing_that_is_one_persons,
    edge::the_edge_passes_everything_on,
    edge::the_firewall_stops_attacks_and_no_long_form,
    edge::the_firewall_blocks_unless_it_is_told_to_count,
    edge::the_edge_is_made_where_it_works_alone,
    costs::whoever_is_on_call_hears_of_costs,
    costs::everything_has_tags,
    alarms::every_alarm_tells_whoever_is_on_call,
    alarms::every_alarm_has_an_entry_in_the_runbook,
    alarms::every_alarm_can_be_made,
    watched::the_errors_of_every_function_are_watched,
    watched::the_throttles_of_every_function_are_watched,
    watched::a_reader_of_the_stream_that_falls_behind_is_noticed,
    watched::what_a_failure_queue_holds_is_noticed_and_never_forgotten,
    watched::a_message_stays_hidden_for_six_calls,
    watched::a_schedule_that_does_not_run_is_noticed,
    watched::a_failing_or_slow_api_is_noticed,
    watched::sign_ins_that_fail_are_noticed,
    watched::mail_that_comes_back_is_noticed_before_aws_stops_the_account,
    watched::a_table_that_throttles_or_fails_is_noticed,
    watched::the_accounts_limit_of_concurrency_is_noticed_before_it_is_reached,
    watched::a_backup_that_was_not_made_is_noticed,
    dashboard::the_dashboard_shows_what_the_alarms_watch,
    metrics::the_products_metrics_are_those_that_the_code_writes,
    metrics::nothing_is_traced_unless_it_is_asked_for,
    events::notify_and_relay_read_the_stream_and_lose_nothing,
    sign_in::the_sign_in_pages_speak_the_readers_language,
    sign_in::the_sign_in_pages_have_the_portals_colours_and_icon,
    sign_in::codes_are_sent_by_ses_where_it_may,
    sign_in::a_code_comes_in_both_languages_with_the_way_back,
    sign_in::mail_goes_out_in_the_sandbox_too,
    sign_in::every_role_has_the_boundary,
    sign_in::steps_and_signing_in_can_keep_their_concurrency,
    events::a_subscriber_has_a_queue_of_its_own_that_its_rule_alone_may_send_to,
    rollout::a_new_version_starts_before_it_is_called,
    rollout::an_alarm_of_errors_moves_calls_back,
    rollout::a_parameter_that_changes_alone_takes_effect,
    rollout::whatever_calls_a_function_calls_its_alias,
    rollout::backups_are_kept_where_they_are_asked_for,
    backups::the_rights_to_backups_end_at_the_stack,
];

#[test]
fn every_check_holds_for_the_files_as_they_are() {
    let document = Document::real();
    let failed = CHECKS.iter().filter_map(|check| {
        let reason = (check.run)(&document).err()?;
        Some(format!("{}: {reason}", check.name))
    });
    assert_eq!(failed.collect::<Vec<_>>(), [] as [String; 0]);
}
