//! The invitation, in both languages, since nobody knows yet which one its reader prefers.

use askama::Template;

/// What an invitation says. It names no person, so that a letter that goes astray tells as little as possible.
#[derive(Template)]
#[template(path = "invitation.html")]
pub(crate) struct Invitation<'a> {
    /// The company's name.
    pub(crate) company: &'a str,
    /// The portal's origin.
    pub(crate) portal: &'a str,
    /// The temporary password.
    pub(crate) password: &'a str,
    /// How many days it is good for.
    pub(crate) days: u16,
}

/// The subject, the same for everybody.
pub(crate) const SUBJECT: &str = "Your account for Countersign / 你的 Countersign 帳戶";

impl Invitation<'_> {
    /// The letter as plain text.
    pub(crate) fn text(&self) -> String {
        let Self {
            company,
            portal,
            password,
            days,
        } = self;
        format!(
            "\
You can now sign in to Countersign for {company}.

1. Open {portal}/sign-in
2. Sign in with this e-mail address and the temporary password below.
3. Choose your own password, and set up an authenticator app if you are asked to.

Temporary password: {password}

It is good for {days} days and for one sign-in. An earlier one no longer works.
If it has expired, ask those who manage users at your company for a new invitation.
If you do not know why you get this, do nothing, and tell them.


你現可代表 {company} 登入 Countersign。

1. 開啟 {portal}/sign-in
2. 以此電郵地址及下列臨時密碼登入。
3. 自設密碼，並按指示設定驗證應用程式。

臨時密碼：{password}

臨時密碼有效期為 {days} 天，只可使用一次；較早前的臨時密碼已失效。
如已過期，請向貴公司的用戶管理人員索取新的邀請。
如你不知道為何收到此電郵，請勿理會，並通知他們。
"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(company: &str) -> Invitation<'_> {
        Invitation {
            company,
            portal: "https://portal.example",
            password: "Ab2c-Ab2c-Ab2c-Ab2c",
            days: 3,
        }
    }

    #[test]
    fn an_invitation_says_in_both_languages_where_and_with_what_to_sign_in_and_for_how_long() {
        let invitation = invitation("ABC Company");
        for letter in [invitation.text(), invitation.render().unwrap()] {
            assert_eq!(letter.matches("Ab2c-Ab2c-Ab2c-Ab2c").count(), 2, "{letter}");
            assert!(
                letter.matches("https://portal.example/sign-in").count() >= 2,
                "{letter}"
            );
            for text in ["ABC Company", "3 days", "臨時密碼有效期為 3 天"] {
                assert!(letter.contains(text), "{text}: {letter}");
            }
        }
    }

    #[test]
    fn a_companys_name_is_text_and_nothing_else() {
        let html = invitation("A <b>& Co").render().unwrap();
        assert_eq!(
            html.matches("<bdi>A &#60;b&#62;&#38; Co</bdi>").count(),
            2,
            "{html}"
        );
    }
}
