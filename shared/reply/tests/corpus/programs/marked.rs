//! Programs that put a mark before each line that they quote.

use super::{Reply, Written, elements, letter, marked_with, plain, starred, wrapped};
use crate::corpus::letter::{ADDRESS, Links, NAME, escaped};
use crate::corpus::mime::Transfer;

const LINE: (&str, &str) = ("<div>", "</div>");
const BREAK: &str = "<br>";
/// What Gmail and K-9 give a quote.
const GMAIL_QUOTE: &str = "class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;\
    border-left:1px solid rgb(204,204,204);padding-left:1ex\"";

fn lead_in(reply: &Reply, program: &str) -> String {
    reply.language.lead_in(program, NAME, ADDRESS)
}

fn direction(reply: &Reply) -> &'static str {
    match reply.language.code {
        "he" | "ar" => "rtl",
        _ => "ltr",
    }
}

/// Gmail breaks lines before or after an address rather than at a blank.
fn gmail_lead_in(reply: &Reply) -> Vec<String> {
    let lead_in = lead_in(reply, "gmail");
    let is_long = lead_in.chars().count() > 70;
    let broken = match reply.variant % 3 {
        0 if is_long => lead_in.replacen('<', "<\n", 1),
        1 if is_long => lead_in.replacen('>', "\n>", 1),
        _ => return wrapped(&lead_in, 78),
    };
    broken.split('\n').map(str::to_owned).collect()
}

pub(super) fn gmail(reply: &Reply) -> Written {
    gmail_with(reply, direction(reply))
}

pub(super) fn gmail_android(reply: &Reply) -> Written {
    gmail_with(reply, "auto")
}

fn gmail_with(reply: &Reply, direction: &str) -> Written {
    let letter = letter(reply);
    let mut lines = starred(reply);
    lines.push(String::new());
    lines.extend(gmail_lead_in(reply));
    lines.push(String::new());
    for line in letter.lines(Links::Addresses) {
        lines.extend(marked_with("> ", &wrapped(&line, 76)));
    }
    lines.push(String::new());
    lines.extend(plain(&reply.under));
    let own = elements(&reply.own, reply.is_bold, LINE, BREAK);
    let under = elements(&reply.under, false, LINE, BREAK);
    let lead_in = escaped(&lead_in(reply, "gmail"))
        .replace(ADDRESS, &format!("<a href=\"mailto:{ADDRESS}\">{ADDRESS}</a>"));
    let html = format!(
        "<div dir=\"{direction}\">{own}</div><br><div class=\"gmail_quote gmail_quote_container\">\
         <div dir=\"{direction}\" class=\"gmail_attr\">{lead_in}<br></div><blockquote {GMAIL_QUOTE}>{}</blockquote></div>\
         <div dir=\"{direction}\">{under}</div>\n",
        letter.html()
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: "UTF-8",
        transfer: if reply.variant.is_multiple_of(2) {
            Transfer::Base64
        } else {
            Transfer::Quoted
        },
        is_flowed: false,
    }
}

/// Apple's programs mark the lead-in too.
fn apple_quote(reply: &Reply) -> Vec<String> {
    let mut quote = vec![lead_in(reply, "apple"), String::new()];
    quote.extend(letter(reply).lines(Links::Labels));
    let mut lines = marked_with("> ", &quote);
    lines.push(String::new());
    lines.extend(plain(&reply.under));
    lines
}

pub(super) fn apple(reply: &Reply) -> Written {
    let mut lines = plain(&reply.own);
    lines.push(String::new());
    if reply.variant.is_multiple_of(2) {
        lines.extend(apple_quote(reply));
    } else {
        // Versions before 2021 leave the lead-in unmarked.
        lines.push(lead_in(reply, "apple"));
        lines.push(String::new());
        lines.extend(apple_quote(reply).into_iter().skip(2));
    }
    let html = format!(
        "<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"></head>\
         <body style=\"overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;\">{}\
         <div><br><blockquote type=\"cite\"><div>{}</div><br class=\"Apple-interchange-newline\"><div>{}</div></blockquote></div>\
         {}</body></html>",
        elements(&reply.own, reply.is_bold, LINE, BREAK),
        escaped(&lead_in(reply, "apple")),
        letter(reply).html(),
        elements(&reply.under, false, LINE, BREAK),
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: "utf-8",
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

pub(super) fn iphone(reply: &Reply) -> Written {
    let signature = reply.language.signatures.iphone;
    let mut lines = plain(&reply.own);
    lines.extend([String::new(), signature.to_owned(), String::new()]);
    lines.extend(apple_quote(reply));
    let html = format!(
        "<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"></head><body dir=\"auto\">{}\
         <div dir=\"ltr\"><br>{}</div><div dir=\"ltr\"><br><blockquote type=\"cite\">{}<br><br></blockquote></div>\
         <blockquote type=\"cite\"><div dir=\"ltr\">\u{feff}{}</div></blockquote>{}</body></html>",
        elements(&reply.own, reply.is_bold, ("<div dir=\"ltr\">", "</div>"), BREAK),
        escaped(signature),
        escaped(&lead_in(reply, "apple")),
        letter(reply).html(),
        elements(&reply.under, false, LINE, BREAK),
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: "utf-8",
        transfer: Transfer::Base64,
        is_flowed: false,
    }
}

/// Thunderbird starts under the quote, unless its user has set it otherwise.
pub(super) fn starts_under_quote(reply: &Reply) -> bool {
    reply.under.is_empty() && reply.variant.is_multiple_of(3)
}

/// Thunderbird sends plain text unless something is formatted.
pub(super) fn thunderbird(reply: &Reply) -> Written {
    let lead_in = lead_in(reply, "thunderbird");
    let is_under = starts_under_quote(reply);
    let (above, under) = if is_under {
        (Vec::new(), starred(reply))
    } else {
        (starred(reply), plain(&reply.under))
    };
    let mut lines = above.clone();
    if !above.is_empty() {
        lines.push(String::new());
    }
    lines.push(lead_in.clone());
    lines.extend(marked_with("> ", &letter(reply).lines(Links::Labels)));
    lines.push(String::new());
    lines.extend(under);
    let own = |own: &[&str]| elements(own, reply.is_bold, ("<p>", "</p>"), BREAK);
    let (above, under) = if is_under {
        (String::new(), own(&reply.own))
    } else {
        (
            own(&reply.own),
            elements(&reply.under, false, ("<p>", "</p>"), BREAK),
        )
    };
    let html = format!(
        "<!DOCTYPE html><html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\"></head><body>{above}\
         <div class=\"moz-cite-prefix\">{}<br></div><blockquote type=\"cite\" cite=\"mid:notice-1@countersign.example\">{}\
         </blockquote>{under}</body></html>",
        escaped(&lead_in),
        letter(reply).html(),
    );
    let is_formatted = reply.is_bold || reply.variant.is_multiple_of(2);
    Written {
        plain: lines.join("\n"),
        html: is_formatted.then_some(html),
        charset: "UTF-8",
        transfer: Transfer::Eight,
        is_flowed: true,
    }
}

/// K-9 marks without a blank; as plain text only, it leaves the marks out.
pub(super) fn k9(reply: &Reply) -> Written {
    let lead_in = lead_in(reply, "k9");
    let is_plain = !reply.variant.is_multiple_of(2);
    let mark = if is_plain { "" } else { ">" };
    let mut lines = plain(&reply.own);
    lines.extend([String::new(), lead_in.clone()]);
    lines.extend(marked_with(mark, &letter(reply).lines(Links::Labels)));
    lines.push(String::new());
    lines.extend(plain(&reply.under));
    let html = format!(
        "<!DOCTYPE html><html><body>{}<br><br><div class=\"gmail_quote\"><div dir=\"auto\">{}</div>\
         <blockquote {GMAIL_QUOTE}>{}</blockquote></div>{}</body></html>",
        elements(&reply.own, reply.is_bold, ("<div dir=\"auto\">", "</div>"), BREAK),
        escaped(&lead_in),
        letter(reply).html(),
        elements(&reply.under, false, LINE, BREAK),
    );
    Written {
        plain: lines.join("\n"),
        html: (!is_plain).then_some(html),
        charset: "utf-8",
        transfer: Transfer::Quoted,
        is_flowed: false,
    }
}

pub(super) fn proton(reply: &Reply) -> Written {
    let lead_in = lead_in(reply, "proton");
    let mut lines = starred(reply);
    lines.extend([String::new(), lead_in.clone(), String::new()]);
    lines.extend(marked_with("> ", &letter(reply).lines(Links::Labels)));
    lines.push(String::new());
    lines.extend(plain(&reply.under));
    let own = (
        "<div style=\"font-family: Arial, sans-serif; font-size: 14px;\">",
        "</div>",
    );
    let html = format!(
        "{}<div class=\"protonmail_quote\">\n        {}<br>\n        <blockquote class=\"protonmail_quote\" type=\"cite\">\n\
         {}\n        </blockquote><br>\n    </div>{}",
        elements(&reply.own, reply.is_bold, own, BREAK),
        escaped(&lead_in),
        letter(reply).html(),
        elements(&reply.under, false, own, BREAK),
    );
    Written {
        plain: lines.join("\n"),
        html: Some(html),
        charset: "utf-8",
        transfer: Transfer::Base64,
        is_flowed: false,
    }
}
