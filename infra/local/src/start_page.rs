//! What the runner shows at `/` as long as the template has no route for it.

use std::fmt::Write as _;

use crate::demonstration::{COMPANIES, PASSWORD, PEOPLE};
use crate::template::Template;

/// The page. It holds nothing that came from outside of this program but the address it listens on.
pub(crate) fn html(url: &str, template: &Template) -> String {
    let mut people = String::new();
    for person in &PEOPLE {
        let company = COMPANIES.iter().find(|company| company.id == person.company);
        // Writing to a string does not fail.
        let _ = writeln!(
            people,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            person.user,
            person.name,
            company.map_or(person.company, |company| company.name),
            person.right.unwrap_or("none"),
        );
    }
    let mut routes: Vec<String> = template.routes().map(|(route, _)| route.key()).collect();
    routes.sort();
    let routes = routes.join("\n");
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Countersign on this machine</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }} td, th {{ text-align: left; padding: .2rem 1.5rem .2rem 0 }}</style>
</head>
<body>
<h1>Countersign on this machine</h1>
<p>The API runs here. <a href="/openapi.json">/openapi.json</a> describes it, and the README walks through it.</p>
<h2>Sign in</h2>
<pre>curl {url}/oauth2/token -d grant_type=password -d username=maker@abc.example -d password={PASSWORD}</pre>
<p>Send the answer's <code>access_token</code> along: <code>Authorization: Bearer …</code>. Everybody's password is
<code>{PASSWORD}</code>.</p>
<table>
<thead><tr><th>User</th><th>Shown as</th><th>Company</th><th>Access right</th></tr></thead>
<tbody>
{people}</tbody>
</table>
<h2>Routes</h2>
<pre>{routes}</pre>
</body>
</html>
"#
    )
}
