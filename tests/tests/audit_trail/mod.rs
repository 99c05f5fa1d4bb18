//! The audit trail of a company: written to a file, verified by it alone, and still whole once a person is erased.

mod digests;
mod downloaded;
mod erase;
mod erased;
mod private;

use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::admin::{Outcome, admin, alone};
use countersign_tests::cast::Cast;
use countersign_tests::form_for;
use tempfile::TempDir;

/// A file of an audit trail, and its lines.
struct Trail {
    _folder: TempDir,
    path: String,
    lines: Vec<String>,
}

impl Trail {
    /// Exports what these arguments name.
    async fn export(world: &World, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trail.jsonl").to_str().unwrap().to_owned();
        let all = [&["export"], arguments, &[path.as_str()]].concat();
        let outcome = admin(world, &all).await;
        assert!(outcome.is_success, "{}", outcome.output);
        let text = std::fs::read_to_string(&path).unwrap();
        Self::read(folder, path, &text)
    }

    /// Keeps what somebody downloaded.
    fn downloaded(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl").to_str().unwrap().to_owned();
        Self::read(folder, path, text)
    }

    fn read(folder: TempDir, path: String, text: &str) -> Self {
        Self {
            _folder: folder,
            path,
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    /// The lines of a kind.
    fn of_kind(&self, kind: &str) -> Vec<&str> {
        let start = format!(r#"{{"line":"{kind}","#);
        let lines = self.lines.iter().map(String::as_str);
        lines.filter(|line| line.starts_with(&start)).collect()
    }

    /// Verifies these lines in place of the file's.
    async fn verify(&self, lines: &[String]) -> Outcome {
        std::fs::write(&self.path, lines.join("\n") + "\n").unwrap();
        alone(&["verify", &self.path]).await
    }

    /// The index of the line of a request's step; the line's number is one more.
    fn step(&self, request: &str, version: u32) -> usize {
        let start = format!(r#"{{"line":"step","request":"{request}","version":{version},"#);
        self.lines
            .iter()
            .position(|line| line.starts_with(&start))
            .unwrap()
    }

    /// The index of the line of the form that a version saved.
    fn form(&self, request: &str, version: u32) -> usize {
        self.step(request, version) - 1
    }
}

/// A completed request, one that was returned and submitted with another form, and a clone.
async fn history(cast: &Cast) -> [String; 3] {
    let completed = cast.request_in(StateName::Completed, 1).await.id();
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let returned = cast
        .checker
        .act_saying(&claimed, "return", "陳大文, have a look.")
        .await;
    let mut form = form_for(2);
    form["remarks"] = "Another one.".into();
    let save = cast
        .maker
        .action(&returned.id(), "save")
        .if_match(&returned.etag());
    let saved = save.json(&form).send().await.expect(200);
    let returned = cast.maker.act(&saved, "submit").await.expect(200).id();
    let clone = cast
        .checker
        .action(&completed, "clone")
        .send()
        .await
        .expect(201)
        .id();
    [completed, returned, clone]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_verifies_without_a_network_and_whatever_was_changed_is_found_in_its_line() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let [completed, returned, clone] = history(&cast).await;
    let trail = Trail::export(&world, &["--company", "abc"]).await;
    let whole = trail.verify(&trail.lines).await;
    assert!(whole.is_success, "{}", whole.output);
    assert!(whole.output.contains("3 requests, 4 forms,"), "{}", whole.output);

    let line = |index: usize| format!("line {}:", index + 1);
    let mut cases: Vec<(&str, String, Vec<String>)> = Vec::new();
    let changed = trail.step(&completed, 4);
    let mut lines = trail.lines.clone();
    lines[changed] = lines[changed].replace("confirm", "reclaim");
    cases.push(("a row changed", line(changed), lines));
    for version in 1..=6 {
        let dropped = trail.step(&completed, version);
        let mut lines = trail.lines.clone();
        lines.remove(dropped);
        // The row after it shows it; of the last one the request itself.
        let shown = if version == 6 {
            trail.form(&completed, 1) - 1
        } else {
            dropped
        };
        cases.push(("a row dropped", line(shown), lines));
    }
    let mut lines = trail.lines.clone();
    lines.insert(changed, trail.lines[changed].clone());
    cases.push(("a row added", line(changed + 1), lines));
    let mut lines = trail.lines.clone();
    lines.swap(changed, changed + 1);
    cases.push(("rows reordered", line(changed), lines));
    let (first, second) = (trail.form(&returned, 1), trail.form(&returned, 5));
    let mut lines = trail.lines.clone();
    lines[first] = trail.lines[second].replace(r#""version":5"#, r#""version":1"#);
    cases.push(("a form swapped", line(first + 1), lines));
    let mut lines = trail.lines.clone();
    let secret = lines[first].rfind(r#""secret":""#).unwrap() + r#""secret":""#.len();
    let other = if lines[first].as_bytes()[secret] == b'0' {
        "1"
    } else {
        "0"
    };
    lines[first].replace_range(secret..=secret, other);
    cases.push(("a salt tampered with", line(first + 1), lines));
    let mut lines = trail.lines.clone();
    lines[changed] = lines[changed].replace(r#""name":"D Wong","#, "");
    assert_ne!(lines[changed], trail.lines[changed]);
    cases.push(("a person erased wrongly", line(changed), lines));
    let mut lines = trail.lines.clone();
    let cloned = trail.step(&clone, 1);
    lines.truncate(cloned - 2);
    cases.push(("the end cut off", line(lines.len() - 1), lines));
    for (what, line, lines) in cases {
        let outcome = trail.verify(&lines).await;
        assert!(!outcome.is_success, "{what}: {}", outcome.output);
        assert!(
            outcome.output.contains(&line),
            "{what}, {line}: {}",
            outcome.output
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_is_exported_by_its_reference_and_no_other_companys() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    let trail = Trail::export(&world, &["--company", "abc", "--request", "da3_00013361"]).await;
    let outcome = trail.verify(&trail.lines).await;
    assert!(outcome.is_success && outcome.output.contains("1 requests, 1 forms, 6 steps"));
    // The file's hashes are the ones that people have seen.
    let shown = cast.maker.read(&completed.id()).await;
    for row in shown["history"].as_array().unwrap() {
        let version = u32::try_from(row["version"].as_u64().unwrap()).unwrap();
        let line = &trail.lines[trail.step(&completed.id(), version)];
        assert!(line.contains(row["hash"].as_str().unwrap()), "{line}");
    }
    let empty = Trail::export(&world, &["--company", "bank"]).await;
    assert_eq!(empty.lines.len(), 2);
    world.local.stop().await;
}
