//! Prints the workflow table as a Mermaid diagram: `cargo run -p countersign-domain --example workflow`.

fn main() {
    print!("{}", countersign_domain::workflow::mermaid());
}
