//! What mail programs, and people who cut, do to the lines that they quote.

use super::dice::Dice;

/// What programs put above a quote; none of it is the person's.
const LEAD_INS: [&str; 22] = [
    "On Mon, Mar 27, 2023 at 10:43 AM Countersign <no-reply@countersign.example> wrote:",
    "On Mon, Mar 27, 2023 at 10:43 AM Countersign <\nno-reply@countersign.example> wrote:",
    "Op ma 27 mrt 2023 om 10:43 schreef Countersign <no-reply@countersign.example\n>:",
    "Countersign <no-reply@countersign.example> 於 2023年3月27日 週一 上午10:43寫道：",
    "2023年3月27日 10:43，Countersign <no-reply@countersign.example> 写道：",
    "Am 27.03.2023 um 10:43 schrieb Countersign:",
    "Le 27/03/2023 à 10:43, Countersign a écrit :",
    "пн, 27 мар. 2023 г. в 10:43, Countersign <no-reply@countersign.example>:",
    "2023/03/27 10:43、Countersign <no-reply@countersign.example>のメール:",
    "ในวันที่ จ. 27 มี.ค. 2023 เวลา 10:43 Countersign เขียนว่า:",
    "-----Original Message-----\nFrom: Countersign\nSent: Monday\nTo: D Wong\nSubject: x\n",
    "________________________________\nFrom: Countersign\nSent: Monday\nTo: D Wong\nSubject: x\n",
    "寄件者: Countersign\n寄件日期: 2023年3月27日\n收件者: D Wong\n主旨: x\n",
    "Von: Countersign\nGesendet: Montag\nAn: D Wong\nBetreff: x\n",
    "From:   Countersign\nTo:     D Wong\nDate:   27/03/2023\nSubject:        x\n\n",
    "---------- Forwarded message ---------\nFrom: Countersign\nDate: Mon\nSubject: x\nTo: D Wong\n\n",
    "Begin forwarded message:\n\nFrom: Countersign\n",
    "-------- Ursprüngliche Nachricht --------",
    "Sent from my iPhone\n",
    "從我的iPhone傳送\n",
    "-- \nD Wong\n",
    "Countersign:",
];

const MARKS: [&str; 9] = ["> ", ">", " > ", ">> ", "> > ", "\u{a0}> ", "| ", "\t", "    "];

/// Lines of a letter as a reply quotes them.
pub(super) fn quoted(lines: &[String], dice: &mut Dice) -> Vec<String> {
    let mut lines = cut(lines, dice);
    if dice.one_in(3) {
        lines = lines.iter().map(|line| spelled(line, dice)).collect();
    }
    // Marks go before a program wraps, or after.
    if dice.one_in(2) {
        lines = marked(wrapped(lines, dice), dice);
    } else {
        lines = wrapped(marked(lines, dice), dice);
    }
    if dice.one_in(2) {
        lines = led_in(lines, dice);
    }
    // A quote of a quote.
    if dice.one_in(6) {
        lines = led_in(marked(lines, dice), dice);
    }
    lines
}

/// What people leave of a quote.
fn cut(lines: &[String], dice: &mut Dice) -> Vec<String> {
    let start = dice.below(lines.len());
    let end = dice.between(start, (start + 12).min(lines.len()));
    match dice.below(8) {
        0 => lines.to_vec(),
        1 => lines[start..].to_vec(),
        2 => lines[start..=start].to_vec(),
        3 => lines.iter().filter(|_| dice.one_in(3)).cloned().collect(),
        // Begins inside a line, at a word or anywhere.
        4..6 => {
            let mut cut = lines[start..end].to_vec();
            if let Some(first) = cut.first_mut() {
                let place = dice.below(first.chars().count() + 1);
                let rest: String = first.chars().skip(place).collect();
                let at_word = rest.split_once(' ').map(|(_, rest)| rest.to_owned());
                *first = at_word.filter(|_| dice.one_in(2)).unwrap_or(rest);
            }
            cut
        }
        _ => lines[start..end].to_vec(),
    }
}

/// A line in other characters that look the same, or nearly.
fn spelled(line: &str, dice: &mut Dice) -> String {
    match dice.below(10) {
        0 => line.replace(' ', "\u{a0}"),
        1 => line.replace(' ', "\t"),
        2 => line.replace(' ', "  "),
        3 => line
            .chars()
            .filter(|&c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}'))
            .collect(),
        4 => line.trim().to_owned(),
        5 => line.to_uppercase(),
        6 => line.to_lowercase(),
        7 => format!("*{}*", line.trim()),
        8 => line
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '_'))
            .collect(),
        _ => line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned(),
    }
}

fn wrapped(lines: Vec<String>, dice: &mut Dice) -> Vec<String> {
    let columns = if dice.one_in(3) {
        dice.between(1, 30)
    } else {
        dice.between(31, 120)
    };
    let is_joined = dice.one_in(3);
    let lines = if is_joined { vec![lines.join(" ")] } else { lines };
    match dice.below(6) {
        0..2 if !is_joined => lines,
        0..4 => lines
            .iter()
            .flat_map(|line| at_blanks(line, columns, ""))
            .collect(),
        4 => lines
            .iter()
            .flat_map(|line| at_blanks(line, columns, " "))
            .collect(),
        _ => lines.iter().flat_map(|line| anywhere(line, columns)).collect(),
    }
}

/// Wraps at blanks, which stay before the break in a text that flows.
fn at_blanks(line: &str, columns: usize, before_break: &str) -> Vec<String> {
    let mut wrapped = vec![String::new()];
    let mut width = 0;
    for word in line.split(' ') {
        let last = wrapped.last_mut().unwrap();
        let more = word.chars().count();
        if width > 0 && width + 1 + more > columns {
            last.push_str(before_break);
            wrapped.push(word.to_owned());
            width = more;
        } else {
            if width > 0 {
                last.push(' ');
            }
            last.push_str(word);
            width += more + 1;
        }
    }
    wrapped
}

fn anywhere(line: &str, columns: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    chars
        .chunks(columns)
        .map(|chunk| chunk.iter().collect())
        .collect()
}

/// Marks all lines, none, or some of them.
fn marked(lines: Vec<String>, dice: &mut Dice) -> Vec<String> {
    let mark = *dice.pick(&MARKS);
    let skips = match dice.below(5) {
        0..2 => return lines,
        2..4 => usize::MAX,
        _ => dice.between(2, 6),
    };
    let is_marked = |at: usize, dice: &mut Dice| skips == usize::MAX || (at > 0 && !dice.one_in(skips));
    let lines = lines.into_iter().enumerate();
    lines
        .map(|(at, line)| {
            if is_marked(at, dice) {
                format!("{mark}{line}")
            } else {
                line
            }
        })
        .collect()
}

fn led_in(lines: Vec<String>, dice: &mut Dice) -> Vec<String> {
    let mut with: Vec<String> = dice.pick(&LEAD_INS).split('\n').map(str::to_owned).collect();
    if dice.one_in(2) {
        with.insert(0, String::new());
    }
    if dice.one_in(2) {
        with.push(String::new());
    }
    with.extend(lines);
    with
}

/// What programs put around a quote in HTML.
const AROUND: [(&str, &str); 10] = [
    ("", ""),
    ("", ""),
    ("<div dir=\"ltr\"><br></div>", ""),
    ("<blockquote type=\"cite\">", "</blockquote>"),
    (
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">C wrote:<br></div><blockquote class=\"gmail_quote\">",
        "</blockquote></div>",
    ),
    (
        "<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> C</div>",
        "",
    ),
    (
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> C</p></div>",
        "",
    ),
    ("<div class=\"yahoo_quoted\">", "</div>"),
    (
        "<div class=\"moz-cite-prefix\">C wrote:<br></div><blockquote type=\"cite\">",
        "</blockquote>",
    ),
    ("<blockquote>C wrote:</blockquote>", "<br>"),
];

/// How lines stand in HTML.
const LINES: [(&str, &str); 6] = [
    ("<div>", "</div>"),
    ("<p class=\"MsoNormal\">", "<o:p></o:p></p>"),
    ("", "<br>\n"),
    ("<p><b>", "</b></p>"),
    ("<tr><td>", "</td></tr>"),
    ("<span>", "</span> "),
];

/// Lines as HTML.
pub(super) fn marked_up(lines: &[String], dice: &mut Dice) -> String {
    let (before, after) = dice.pick(&AROUND);
    if dice.one_in(5) {
        return format!("{before}<pre>{}</pre>{after}", escaped(&lines.join("\n")));
    }
    let (start, end) = dice.pick(&LINES);
    let mut html = before.to_string();
    for line in lines {
        html.extend([start, escaped(line).as_str(), end]);
    }
    html + after
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A letter's own HTML, whole or from some element on, with its marks or without.
pub(super) fn html(html: &str, dice: &mut Dice) -> String {
    let (before, after) = dice.pick(&AROUND);
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let body = body
        .split_once('>')
        .filter(|_| body.len() < html.len())
        .map_or(body, |(_, body)| body);
    let mut tags: Vec<&str> = body.split('<').collect();
    if dice.one_in(2) {
        tags.drain(..dice.below(tags.len()));
        if dice.one_in(2) {
            tags.truncate(dice.between(1, 40));
        }
    }
    let is_bare = dice.one_in(2);
    let mut whole = String::new();
    for tag in tags {
        if tag.is_empty() {
            continue;
        }
        let (inside, rest) = tag.split_once('>').unwrap_or(("", tag));
        let name = inside.split([' ', '\n']).next().unwrap_or_default();
        match inside {
            "" => whole.push_str(rest),
            _ if is_bare => whole.extend(["<", name, ">", rest]),
            _ => whole.extend(["<", tag]),
        }
    }
    format!("{before}{whole}{after}")
}
