//! The page on which somebody who gave a temporary password chooses one of their own.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::TokenError;
use super::authorization::{Authorization, Reason, Refusal};
use super::hosted::{Content, Visit, found, origin};
use super::password::is_allowed;
use super::users::{Account, UserError};

#[derive(Deserialize)]
pub(super) struct NewPassword {
    /// The key under which it is known who chooses.
    #[serde(default)]
    choosing: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

impl Visit {
    /// Asks for a password of one's own, once more after an error.
    pub(super) fn ask_for_new_password(
        &self,
        authorization: &Authorization,
        choosing: &str,
        error: Option<&'static str>,
    ) -> Response {
        let words = self.language.words();
        let (status, prefix) = match error {
            Some(_) => (StatusCode::BAD_REQUEST, words.error_prefix),
            None => (StatusCode::OK, ""),
        };
        let content = Content::NewPassword {
            query: self.query_in(self.language),
            choosing,
            error,
        };
        let title = format!("{prefix}{}", words.new_password_title);
        self.page(status, title, content, origin(&authorization.redirect_uri))
    }
}

/// `POST /changePassword`: the first sign-in with a temporary password ends with a password of one's own. An
/// authenticator app would be set up here as well; the stand-in notes that it was.
pub(super) async fn change(
    visit: Visit,
    form: Result<Form<NewPassword>, FormRejection>,
) -> Result<Response, TokenError> {
    let authorization = match visit.authorization() {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(visit.refused(refusal)),
    };
    let setup = &visit.cognito.setup;
    if setup.origins.are_foreign_to(&visit.headers) {
        return Ok(visit.refused(Refusal::Shown(Reason::OtherOrigin)));
    }
    let Form(form) = form.map_err(|_| TokenError::Malformed)?;
    let (words, now) = (visit.language.words(), visit.now());
    let error = if form.password != form.again {
        Some(words.passwords_differ)
    } else if is_allowed(&setup.pool.password_policy, &form.password) {
        None
    } else {
        Some(words.password_too_simple)
    };
    let Some(sub) = visit.cognito.choosing.get(&form.choosing, now) else {
        return Ok(found(&format!("/login?{}", visit.query_in(visit.language))));
    };
    if error.is_some() {
        return Ok(visit.ask_for_new_password(&authorization, &form.choosing, error));
    }
    visit.cognito.choosing.take(&form.choosing, now);
    let set = |account: &mut Account| {
        account.set_password(&form.password, None);
        account.has_software_token = true;
    };
    match setup.users.change(&sub, now, set) {
        Ok(account) if account.is_enabled => visit.signed_in(authorization, sub),
        Ok(_) | Err(UserError::NotFound) => Err(TokenError::NoSuchUser),
        Err(UserError::EmailTaken | UserError::Journal(_)) => Err(TokenError::Failed),
    }
}
