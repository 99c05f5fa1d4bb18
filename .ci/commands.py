"""Runs the shell blocks of documents with `aws` as the real command line against a server that only listens.

Called by .ci/commands: commands.py AWS DOCUMENT...
"""

import concurrent.futures
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

# What only the second version of the command line has, or a newer model: the Rust client of Cognito has this operation.
NEWER = {("logs", "tail"), ("cognito-idp", "admin-delete-software-token")}
NEWER_OPTIONS = {"--cli-binary-format": 2}

# Every other program that a block calls. What it prints stands for an ID, a list, whatever the next command takes.
OTHERS = ["sam", "cargo", "curl", "jq", "countersign-admin"]
WITHIN_SECONDS = 600

# What the blocks of the documents take for granted.
SHARED = "output() { echo %s; }; name() { output; }; functions() { output; }"
VARIABLES = ["STACK", "TABLE", "LOG", "API", "CLIENT", "POOL", "PORTAL", "BUS", "ADDRESS", "DIGEST", "QUEUE", "ARN", "SECRET"]
# Calls what a block only defines.
DEFINED = "for defined in $(compgen -A function); do $defined %s 1 1; done"
# Long enough for an ARN.
EXAMPLE = "an-example-of-20-letters"

# Runs the command line, and notes whether it sent anything. Prints what stands for an answer and succeeds in any case, so
# that the block goes on.
AWS_STUB = """#!/usr/bin/env bash
exec {python} {script} --call {aws} {work} "$@"
"""


class Listener(http.server.BaseHTTPRequestHandler):
    """Takes every call, notes it, and refuses it."""

    def do_any(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        # The first part of the path is the process that runs the command.
        (self.server.calls / self.path.split("/")[1]).touch()
        body = b'{"__type": "Refused", "message": "nothing is here"}'
        self.send_response(400)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_any

    def log_message(self, *_):
        pass


def call(aws, work, arguments):
    """What `aws` does in a block."""
    work = pathlib.Path(work)
    command = "aws " + " ".join(arguments)
    arguments = list(arguments)
    for option, length in NEWER_OPTIONS.items():
        if option in arguments:
            at = arguments.index(option)
            del arguments[at : at + length]
    own = str(os.getpid())
    if tuple(arguments[:2]) in NEWER:
        outcome = "named"
    else:
        endpoint = f"{os.environ['LISTENER']}/{own}"
        ended = subprocess.run([aws, "--endpoint-url", endpoint, *arguments], capture_output=True, text=True)
        # A sentence may leave arguments out.
        is_named = os.environ.get("IN_A_SENTENCE") and "arguments are required" in ended.stderr
        was_sent = (work / "calls" / own).exists()
        outcome = "sent" if was_sent else "named" if is_named else "refused: " + ended.stderr.strip()
    (work / "outcomes" / own).write_text(json.dumps([os.environ["PLACE"], command, outcome]))
    print("[]" if "json" in arguments else EXAMPLE)


def blocks(document):
    """The blocks of a document that a shell runs, and the commands in its sentences, each with its place."""
    text = document.read_text()
    for block in re.finditer(r"^( *)```sh\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        if "aws " in block[2]:
            yield place(document, text, block.start()), block[2], ""
    outside = re.sub(r"^ *```.*?^ *```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.MULTILINE | re.DOTALL)
    for span in re.finditer(r"`(aws [^`]+)`", outside):
        command = span[1].replace("\n", " ").replace("…", EXAMPLE)
        yield place(document, outside, span.start()), command, "yes"


def place(document, text, at):
    line = text.count("\n", 0, at) + 1
    return f"{document.name}:{line}"


def run(work, environment, where, block, in_a_sentence):
    subprocess.run(
        ["bash", "-c", f"{SHARED % EXAMPLE}\n{block}\n{DEFINED % EXAMPLE}"],
        cwd=work,
        env={**environment, "PLACE": where, "IN_A_SENTENCE": in_a_sentence},
        # What a person types at a `read`.
        input=f"{EXAMPLE}\n",
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=WITHIN_SECONDS,
        check=False,
    )


def main(aws, documents):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for name in ("stubs", "calls", "outcomes"):
            (work / name).mkdir()
        stubs = work / "stubs"
        for name in OTHERS:
            # A list serves where a file of JSON is read, and as a text everywhere else.
            (stubs / name).write_text("#!/bin/sh\necho '[]'\n")
        python, script = sys.executable, pathlib.Path(__file__).resolve()
        (stubs / "aws").write_text(AWS_STUB.format(python=python, script=script, aws=pathlib.Path(aws).resolve(), work=work))
        for stub in stubs.iterdir():
            stub.chmod(0o755)
        # Some commands name a file of the repository.
        (work / "infra").symlink_to(pathlib.Path("infra").resolve())
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        server.calls = work / "calls"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **dict.fromkeys(VARIABLES, EXAMPLE),
            "PATH": f"{stubs}:{os.environ['PATH']}",
            "HOME": folder,
            "LISTENER": f"http://127.0.0.1:{server.server_port}",
            "AWS_DEFAULT_REGION": "ap-southeast-1",
            "AWS_ACCESS_KEY_ID": "example",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            all_blocks = [block for document in documents for block in blocks(pathlib.Path(document))]
            list(pool.map(lambda block: run(work, environment, *block), all_blocks))
        outcomes = [json.loads(outcome.read_text()) for outcome in (work / "outcomes").iterdir()]
    refused = [outcome for outcome in outcomes if outcome[2].startswith("refused")]
    for where, block, _ in all_blocks:
        written = len(re.findall(r"(?<![\w./-])aws (?=[a-z])", re.sub(r"#.*", "", block)))
        run_here = sum(outcome[0] == where for outcome in outcomes)
        if run_here < written:
            refused.append([where, f"{written} commands", f"refused: only {run_here} were reached"])
    for where, command, why in sorted(refused):
        print(f"{where}: {command}\n    {why}", file=sys.stderr)
    sent = sum(outcome[2] == "sent" for outcome in outcomes)
    print(f"{len(outcomes)} commands: {sent} sent, {len(outcomes) - sent - len(refused)} named, {len(refused)} refused")
    return 1 if refused or not sent else 0


if __name__ == "__main__":
    if sys.argv[1] == "--call":
        call(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
