//! The lines that mail programs make of a letter's HTML.

/// How a program shows a link in plain text.
#[derive(Clone, Copy)]
enum Links {
    Labels,
    /// `label<address>`, as Outlook does.
    InBrackets,
    /// The address in brackets on a line of its own, as Gmail does.
    OnALine,
    /// `[label](address)`, as Proton does.
    Markdown,
    Addresses,
}

/// The habits of a program.
pub(super) struct Style {
    between_cells: &'static str,
    links: Links,
    /// Whether paragraphs are set apart.
    is_spaced: bool,
    /// What bold text is set in.
    bold: &'static str,
    item: &'static str,
}

pub(super) const STYLES: [Style; 6] = [
    Style {
        between_cells: "\t",
        links: Links::InBrackets,
        is_spaced: true,
        bold: "",
        item: "1.  ",
    },
    Style {
        between_cells: "\n",
        links: Links::OnALine,
        is_spaced: true,
        bold: "*",
        item: "   1. ",
    },
    Style {
        between_cells: " ",
        links: Links::Labels,
        is_spaced: false,
        bold: "",
        item: "",
    },
    Style {
        between_cells: "\n",
        links: Links::Labels,
        is_spaced: false,
        bold: "",
        item: "• ",
    },
    Style {
        between_cells: " | ",
        links: Links::Markdown,
        is_spaced: true,
        bold: "**",
        item: "- ",
    },
    Style {
        between_cells: "",
        links: Links::Addresses,
        is_spaced: false,
        bold: "_",
        item: "* ",
    },
];

const BLOCKS: [&str; 9] = ["p", "div", "h1", "h2", "tr", "table", "ol", "li", "body"];

/// The lines of a letter, its head left out.
pub(super) fn lines(html: &str, style: &Style) -> Vec<String> {
    let body = html.split_once("</head>").map_or(html, |(_, body)| body);
    let mut text = String::new();
    let mut link = "";
    for (index, piece) in body.split('<').enumerate() {
        let (tag, after) = match piece.split_once('>') {
            Some((tag, after)) if index > 0 => (tag, after),
            _ => ("", piece),
        };
        let (name, rest) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        match name.strip_prefix('/') {
            None => {
                if let Some((_, href)) = rest.split_once("href=\"") {
                    link = href.split_once('"').map_or(href, |(link, _)| link);
                }
                started(&mut text, name, link, style);
            }
            Some(name) => ended(&mut text, name, link, style),
        }
        let is_label = name == "a";
        if !(is_label && matches!(style.links, Links::Addresses)) {
            push(&mut text, after);
        }
    }
    let lines = decoded(&text);
    lines
        .lines()
        .map(|line| line.trim_end_matches(' ').to_owned())
        .collect()
}

fn started(text: &mut String, name: &str, link: &str, style: &Style) {
    match name {
        "td" | "th" => text.push_str(style.between_cells),
        "li" => {
            end_line(text);
            text.push_str(style.item);
        }
        "br" => text.push('\n'),
        "strong" | "b" | "code" => text.push_str(style.bold),
        "a" => match style.links {
            Links::Markdown => text.push('['),
            Links::Addresses => text.push_str(link),
            Links::Labels | Links::InBrackets | Links::OnALine => {}
        },
        name if BLOCKS.contains(&name) => end_line(text),
        _ => {}
    }
}

fn ended(text: &mut String, name: &str, link: &str, style: &Style) {
    match name {
        "strong" | "b" | "code" => text.push_str(style.bold),
        "a" => match style.links {
            Links::InBrackets => text.extend(["<", link, ">"]),
            Links::OnALine => text.extend(["\n<", link, ">\n"]),
            Links::Markdown => text.extend(["](", link, ")"]),
            Links::Labels | Links::Addresses => {}
        },
        name if BLOCKS.contains(&name) => {
            end_line(text);
            if style.is_spaced && matches!(name, "p" | "h1" | "h2" | "table") {
                text.push('\n');
            }
        }
        _ => {}
    }
}

fn end_line(text: &mut String) {
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Adds text with its white space as HTML has it.
fn push(text: &mut String, more: &str) {
    for c in more.chars() {
        match c {
            ' ' | '\n' | '\t' | '\r' => {
                if !text.ends_with([' ', '\n', '\t']) {
                    text.push(' ');
                }
            }
            _ => text.push(c),
        }
    }
}

fn decoded(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}
