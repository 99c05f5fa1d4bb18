#!/usr/bin/env python3
"""What .ci/real-binaries does to the functions' programs and their template. Needs nothing but Python.

Usage: real-binaries.py archives DIR
       real-binaries.py walk URL
       real-binaries.py without DIR COPY FUNCTION SID
"""

import http.client
import io
import json
import pathlib
import re
import shutil
import sys
import time
import urllib.parse
import zipfile

# The largest archive that passes, in MB. Lambda takes 50 and loads a smaller one faster.
ARCHIVE_LIMIT = 6.0
# The newest glibc that a program may ask for: Amazon Linux 2023 has 2.34.
GLIBC_MINOR = 34
# How long what follows by itself may take, in seconds.
FOLLOWS_WITHIN = 30


def functions(text):
    """The functions of a template that `sam build` wrote: logical ID, and the lines of the resource."""
    resources = text.split("\nResources:\n", 1)[1].split("\nOutputs:", 1)[0]
    for resource in re.split(r"\n(?=  \w)", "\n" + resources):
        name = re.match(r"\n?  (\w+):\n    Type: AWS::Serverless::Function\n", resource)
        if name:
            binary = re.search(r"\n        Binary: (\S+)", resource)[1]
            yield name[1], binary, resource.lstrip("\n")


def archives(folder):
    """Prints the size of each function's program and archive. Fails above the limit, and for a too new glibc."""
    folder = pathlib.Path(folder)
    print("| function | program, MB | archive, MB |\n| --- | ---: | ---: |")
    failed = []
    built = list(functions((folder / "template.yaml").read_text()))
    packages = {path.parent.name for path in pathlib.Path("functions").glob("*/Cargo.toml")}
    if {binary for _, binary, _ in built} != packages:
        failed.append(f"the template has {sorted(binary for _, binary, _ in built)}, the workspace {sorted(packages)}")
    for name, binary, _ in built:
        program = (folder / name / "bootstrap").read_bytes()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("bootstrap", program)
        size = archive.getbuffer().nbytes / 1e6
        print(f"| {binary} | {len(program) / 1e6:.2f} | {size:.2f} |")
        glibc = max(map(int, re.findall(rb"\0GLIBC_2\.(\d+)", program)), default=0)
        if size > ARCHIVE_LIMIT:
            failed.append(f"the archive of {binary} is larger than {ARCHIVE_LIMIT} MB")
        if glibc > GLIBC_MINOR:
            failed.append(f"{binary} needs glibc 2.{glibc}, and Lambda has 2.{GLIBC_MINOR}")
    if failed:
        sys.exit("\n".join(failed))


class Person:
    """Calls the API, or the portal with the same token as a session."""

    def __init__(self, host, user=None):
        self.host, self.headers = host, {}
        if user:
            form = {"grant_type": "password", "username": user, "password": "countersign-demo"}
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            _, body = self.call("POST", "/oauth2/token", urllib.parse.urlencode(form), headers)
            token = json.loads(body)["access_token"]
            self.headers = {"Authorization": f"Bearer {token}", "Cookie": f"__Host-session={token}"}

    def call(self, method, path, body=None, headers={}, status=range(200, 300)):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, self.headers | headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in status:
            sys.exit(f"{method} {path}: {answer.status} {content[:300]}")
        return answer, content

    def get(self, path):
        return json.loads(self.call("GET", path, headers={"Accept": "application/json"})[1])

    def act(self, request, method="POST", path=None, body=None, action=None):
        """Takes a step on a request as it was last answered, and keeps its new tag."""
        path = path or f"/requests/{request['id']}/{action}"
        headers = {"Content-Type": "application/json", "If-Match": request.get("tag", "")}
        answer, content = self.call(method, path, json.dumps(body or {}), headers)
        return (json.loads(content) if content else {}) | {"tag": answer.headers["ETag"]}


def eventually(what, check):
    """Waits until something has followed by itself."""
    deadline = time.monotonic() + FOLLOWS_WITHIN
    while time.monotonic() < deadline:
        found = check()
        if found:
            print(f"{what}: yes")
            return found
        time.sleep(0.2)
    sys.exit(f"{what}: not within {FOLLOWS_WITHIN} s")


def form(user_id, email):
    return {
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "changes": [{"userId": user_id, "email": email}],
        "declaration": True,
    }


def by_mail(maker, checker, host):
    """A request that its checker confirms by replying to the mail."""
    draft = maker.act({}, path="/requests", body=form("B01234X2", "ABC@bank.com.hk"))
    ready = maker.act(draft, action="submit")
    reference = ready["reference"]

    def asked():
        mails = Person(host).get("/mailbox?to=checker%40abc.example")
        return next((mail for mail in mails if reference in mail["subject"] + mail["text"] and mail["replyTo"]), None)

    mail = eventually("the checker is asked by e-mail (notify)", asked)
    reply_to = mail["replyTo"] if isinstance(mail["replyTo"], str) else mail["replyTo"][0]
    envelope = urllib.parse.urlencode({"from": "checker@abc.example", "to": reply_to})
    message = f"From: checker@abc.example\r\nTo: {reply_to}\r\nSubject: Re: {reference}\r\n" \
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\nMessage-ID: <1@abc.example>\r\n\r\n" \
        f"CONFIRM {reference}\r\n"
    Person(host).call("POST", f"/mailbox/inbound?{envelope}", message)
    path = f"/requests/{ready['id']}"
    eventually("the reply confirms it (email-approval)", lambda: maker.get(path)["state"] == "Sent")


def to_the_register(maker, checker, officer):
    """A request that comes back once, and whose administrator's address bounces."""
    draft = maker.act({}, path="/requests", body=form("B01234X3", "bounce@bank.com.hk"))
    claimed = checker.act(maker.act(draft, action="submit"), action="claim")
    returned = checker.act(claimed, action="return", body={"message": "Please look again."})
    sent = checker.act(checker.act(maker.act(returned, action="submit"), action="claim"), action="confirm")
    request = officer.act(officer.act(sent, action="claim"), action="complete")
    path = f"/requests/{request['id']}"
    bounced = lambda: any(mail["status"] == "bounced" for mail in maker.get(path)["undelivered"])
    eventually("a bounce is recorded (feedback)", bounced)
    events = lambda: [event["detail"] for event in maker.get(f"/events?request={request['id']}")]
    eventually("each step is on the event bus (relay)", lambda: len(events()) >= 8)


def walk(url):
    """Takes requests further than the README's walk, which has to come first, and looks at what follows of each."""
    host = urllib.parse.urlsplit(url).netloc
    maker, checker, officer = (
        Person(host, name) for name in ("maker@abc.example", "checker@abc.example", "officer@exchange.example")
    )
    discarded = maker.act({}, path="/requests", body=form("B01234X4", "ABC@bank.com.hk"))
    maker.act(discarded, "DELETE", f"/requests/{discarded['id']}")
    by_mail(maker, checker, host)
    to_the_register(maker, checker, officer)

    def counted():
        companies = officer.get("/readiness/companies")["items"]
        return next(company["counts"] for company in companies if company["id"] == "abc")

    eventually("the exchange's overview follows (readiness)", lambda: (counted() or {"ready": 0})["ready"] > 0)
    for who, path in ((maker, "/"), (maker, "/portal/requests"), (checker, "/portal/tasks"), (maker, "/portal/readiness")):
        who.call("GET", path, headers={"Accept": "text/html"}, status=[200])
    print("the pages are shown (portal): yes")
    for schedule in maker.get("/schedules"):
        _, answer = maker.call("POST", f"/schedules/{schedule['name']}/run")
        print(f"{schedule['name']} ({schedule['function']}): {json.dumps(json.loads(answer)['answer'])}")
    own = maker.get("/readiness")["counts"]
    if counted() != own or own["addressBounced"] != 1:
        sys.exit(f"the overview has {counted()} and the company {own}")


def without(folder, copy, function, sid):
    """Makes a copy of the programs and their template in which a function lacks a statement."""
    folder, copy = pathlib.Path(folder).resolve(), pathlib.Path(copy)
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for entry in folder.iterdir():
        (copy / entry.name).symlink_to(entry)
    (copy / "template.yaml").unlink()
    text = (folder / "template.yaml").read_text()
    for _, binary, resource in functions(text):
        if binary == function:
            statement = re.compile(rf"( +)- Sid: {sid}\n(?:\1  .*(?:\n|$))+")
            assert len(statement.findall(resource)) == 1, f"{function} has no statement {sid}"
            text = text.replace(resource, statement.sub("", resource))
    (copy / "template.yaml").write_text(text)


{"archives": archives, "walk": walk, "without": without}[sys.argv[1]](*sys.argv[2:])
