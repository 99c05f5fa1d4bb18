//! The one address of a From or Sender field (RFC 5322, section 3.4), read strictly.
//!
//! A lenient reader of a broken field may see a different address than the one whose domain DMARC vouched for, so anything
//! but `address`, `name <address>` and comments is refused. A name may hold commas, colons and square brackets.

use countersign_domain::contact::EmailAddress;

/// Maximum nesting depth of comments.
const MAX_COMMENT_DEPTH: usize = 8;

/// A token of a field's value. Comments are left out.
enum Token<'a> {
    /// Unquoted text: a word of a name, or an address.
    Word(&'a str),
    /// A quoted string, which only names may have.
    Quoted(&'a str),
    /// The text between angle brackets.
    Angle(&'a str),
    /// A mark that names should quote, and that Exchange and others don't: `Wong, D [ABC] <d.wong@abc.example>`.
    Mark,
}

/// The address, if the value holds exactly one. A name is skipped without decoding, so it can't add a second one.
pub(super) fn only(value: &str) -> Option<EmailAddress> {
    let tokens = tokens(value)?;
    let (last, name) = tokens.split_last()?;
    let address = match last {
        Token::Angle(address) => EmailAddress::parse(address).ok()?,
        Token::Word(address) if name.is_empty() => return EmailAddress::parse(address).ok(),
        Token::Word(_) | Token::Quoted(_) | Token::Mark => return None,
    };
    // Behind a comma or a colon, a reader may take what stands before it for an address of its own.
    let has_mark = name.iter().any(|token| matches!(token, Token::Mark));
    let is_it = |word: &str| EmailAddress::parse(word).is_ok_and(|other| other.folded() == address.folded());
    let is_name = |token: &Token| match token {
        // Some programs write the address for a name that is missing.
        Token::Word(word) => !word.contains('@') || (!has_mark && is_it(word)),
        Token::Quoted(text) => !has_mark || !text.contains('@'),
        Token::Mark => true,
        Token::Angle(_) => false,
    };
    name.iter().all(is_name).then_some(address)
}

/// Splits a value into tokens; `None` if it ends a group, or is broken.
fn tokens(value: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = value.trim_start_matches([' ', '\t']);
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' => after_comment(rest)?,
            '"' => {
                let after = after_quoted(rest)?;
                tokens.push(Token::Quoted(&rest[..rest.len() - after.len()]));
                after
            }
            ',' | ':' | '[' | ']' => {
                tokens.push(Token::Mark);
                &rest[1..]
            }
            '<' => {
                let (address, after) = rest[1..].split_once('>')?;
                tokens.push(Token::Angle(address.trim_matches([' ', '\t'])));
                after
            }
            _ => {
                let end = rest.find(ends_word).unwrap_or(rest.len());
                if end == 0 {
                    return None;
                }
                tokens.push(Token::Word(&rest[..end]));
                &rest[end..]
            }
        };
        rest = rest.trim_start_matches([' ', '\t']);
    }
    Some(tokens)
}

/// The specials of RFC 5322 except `.` and `@`, and whatever separates words.
fn ends_word(c: char) -> bool {
    c.is_ascii_control() || " ()<>[]:;\\,\"".contains(c)
}

fn after_quoted(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

fn after_comment(text: &str) -> Option<&str> {
    let mut escaped = false;
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' if depth == MAX_COMMENT_DEPTH => return None,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(&text[at + 1..]);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_in_angle_brackets_or_alone() {
        for value in [
            "d.wong@abc.example",
            " <d.wong@abc.example> ",
            "D Wong <d.wong@abc.example>",
            "Wong, D <d.wong@abc.example>",
            "Wong, D (desk), <d.wong@abc.example>",
            "\"Wong, D\", desk <d.wong@abc.example>",
            "D. Wong, <d.wong@abc.example>",
            "\"Wong, D\" <d.wong@abc.example>",
            "\"evil@x.example\" <d.wong@abc.example>",
            "\"a \\\" <evil@x.example>\" <d.wong@abc.example>",
            "D Wong (desk (2nd) <evil@x.example>) <d.wong@abc.example>",
            "d.wong@abc.example (D Wong)",
            "=?UTF-8?B?546L?= <d.wong@abc.example>",
            "=?utf-8?q?evil=40x.example=3E=2C?= <d.wong@abc.example>",
            "王小明 <d.wong@abc.example>",
            "<d.wong@abc.example> (D Wong)",
            // The same address twice, and a name in brackets or behind a colon, leave no doubt.
            "d.wong@abc.example <d.wong@abc.example>",
            "D.Wong@ABC.example <d.wong@abc.example>",
            "D Wong [ABC] <d.wong@abc.example>",
            "Desk: D Wong <d.wong@abc.example>",
        ] {
            let address = only(value);
            assert_eq!(
                address.as_ref().map(EmailAddress::as_str),
                Some("d.wong@abc.example"),
                "{value}"
            );
        }
    }

    #[test]
    fn anything_that_could_be_another_address_is_none() {
        for value in [
            "",
            "D Wong",
            "<>",
            "<d.wong@abc.example",
            "d.wong@abc.example, evil@x.example",
            "D <d.wong@abc.example>, E <evil@x.example>",
            "evil@x.example, D <d.wong@abc.example>",
            "\"evil@x.example\", D <d.wong@abc.example>",
            "Wong, D <d.wong@abc.example>, E <evil@x.example>",
            "Wong, D <d.wong@abc.example>,",
            "Wong, d.wong@abc.example",
            ",",
            "d.wong@abc.example <evil@x.example>",
            "<d.wong@abc.example> <evil@x.example>",
            "<d.wong@abc.> <example>",
            "<d.wong@abc.example> evil@x.example",
            "desk: d.wong@abc.example;",
            "Desk: D Wong <d.wong@abc.example>;",
            "Desk: evil@x.example <d.wong@abc.example>",
            "\"evil@x.example\": D Wong <d.wong@abc.example>",
            "evil@x.example: D Wong <d.wong@abc.example>",
            "D Wong [evil@x.example] <d.wong@abc.example>",
            "D Wong [<evil@x.example>] <d.wong@abc.example>",
            "d.wong@abc.example, <d.wong@abc.example>",
            "d.wong@abc.example evil@x.example <d.wong@abc.example>",
            "Desk: <evil@x.example>, D Wong <d.wong@abc.example>",
            "undisclosed:;",
            "<@x.example:d.wong@abc.example>",
            "<d.wong@abc.example(evil@x.example)>",
            "d.wong @abc.example",
            "d.wong@abc.example evil@x.example",
            "\"d.wong\"@abc.example",
            "d.wong@[127.0.0.1]",
            "d.wong@abc.example\u{0}",
            "\"unended <d.wong@abc.example>",
            "(unended d.wong@abc.example",
            ") <d.wong@abc.example>",
            "((((((((( )))))))) d.wong@abc.example",
            "d.wong\u{fffd}@abc.example",
        ] {
            assert_eq!(only(value), None, "{value:?}");
        }
    }

    #[test]
    fn an_internationalised_domain_is_compared_by_its_ascii_form() {
        let address = only("陳 <chan@例子.example>").unwrap();
        assert_eq!(address.ascii(), "chan@xn--fsqu00a.example");
    }
}
