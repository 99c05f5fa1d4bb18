"""Brings requests to every state, and writes schemathesis' configuration with their IDs, references, tags and cursors.

Usage: seed.py FILE
"""

import json
import sys
import urllib.request

from people import API, CHECKER, MAKER, OFFICER, token

STEPS = (
    (MAKER, "submit"),
    (CHECKER, "claim"),
    (CHECKER, "confirm"),
    (OFFICER, "claim"),
    (OFFICER, "complete"),
)
tokens = {person: token(person) for person in (MAKER, CHECKER, OFFICER)}


def call(person: str, method: str, path: str, body: dict | None = None, tag: str = "") -> tuple[dict, str | None]:
    headers = {"Authorization": f"Bearer {tokens[person]}", "Content-Type": "application/json", "If-Match": tag}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{API}{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer), answer.headers["ETag"]


ids, tags, references, cursors = [], [], [], []
for steps in range(len(STEPS) + 1):
    form = {
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "changes": [{"userId": f"B01234X{steps + 1}", "email": "da@bank.example"}],
        "declaration": True,
    }
    request, tag = call(MAKER, "POST", "/requests", form)
    for person, step in STEPS[:steps]:
        request, tag = call(person, "POST", f"/requests/{request['id']}/{step}", {}, tag)
    ids.append(request["id"])
    tags.append(tag)
    references.extend([request["reference"]] if steps else [])
for path in ("/requests", "/tasks", "/delegated-administrators"):
    page, _ = call(MAKER, "GET", f"{path}?limit=1")
    cursors.append(page["nextCursor"])

# The parts of the configuration that depend on the data; the rest is in schemathesis.toml.
dictionaries = {
    "ids": ids,
    "tags": tags,
    "references": references,
    "cursors": cursors,
    "participants": ["B01234", "CXYZ"],
    "companies": ["abc", "bank", "solo"],
}
with open(sys.argv[1], "a", encoding="utf-8") as file:
    for name, values in dictionaries.items():
        file.write(f"\n[dictionaries.{name}]\nvalues = {json.dumps(values)}\n")
