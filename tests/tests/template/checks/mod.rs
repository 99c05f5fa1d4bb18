//! What linters don't find. Each check runs on the real files and on copies with a fault in them.

mod stacks;

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
