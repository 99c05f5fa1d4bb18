//! The letters: the invitation, and that an address signs in nobody any more. Each is in both languages, since nobody knows
//! yet which one its reader prefers.

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

/// Tells whoever signed in with an address that they sign in with another one from now on, so that nobody takes over an
/// account unseen. It does not say which.
#[derive(Template)]
#[template(path = "moved.html")]
pub(crate) struct Moved<'a> {
    /// The company's name.
    pub(crate) company: &'a str,
}

/// A letter, ready to send.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) subject: &'static str,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Moved<'_> {
    /// The letter.
    pub(crate) fn letter(&self) -> askama::Result<Letter> {
        Ok(Letter {
            subject: "Your address for Countersign has changed / 你的 Countersign 登入地址已更改",
            text: self.text(),
            html: self.render()?,
        })
    }

    fn text(&self) -> String {
        let company = self.company;
        format!(
            "\
You signed in to Countersign for {company} with this e-mail address. Two people of the company have changed it: you sign in
with another address from now on.

If you know of this, do nothing. If you do not, tell those who manage users at your company at once.


你過往以此電郵地址代表 {company} 登入 Countersign。該公司兩名人士已更改此地址，你今後須以另一地址登入。

如你知悉此事，毋須理會；如否，請立即通知貴公司的用戶管理人員。
"
        )
    }
}

impl Invitation<'_> {
    /// The letter.
    pub(crate) fn letter(&self) -> askama::Result<Letter> {
        Ok(Letter {
            subject: "Your account for Countersign / 你的 Countersign 帳戶",
            text: self.text(),
            html: self.render()?,
        })
    }

    fn text(&self) -> String {
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
        let company = "A <b>& Co";
        let letters = [invitation(company).letter(), Moved { company }.letter()];
        for letter in letters.map(Result::unwrap) {
            let shown = letter.html.matches("<bdi>A &#60;b&#62;&#38; Co</bdi>").count();
            assert_eq!(
                (shown, letter.text.matches(company).count()),
                (2, 2),
                "{}",
                letter.html
            );
        }
    }
}
