"""The demonstration people of the runner, their tokens, and the check of a request's history."""

import hashlib
import json
import os
import urllib.parse
import urllib.request

API = os.environ["API"]
MAKER, CHECKER, OFFICER = "maker@abc.example", "checker@abc.example", "officer@exchange.example"
ZEROS = "0" * 64


def token(person: str) -> str:
    asked = {"grant_type": "password", "username": person, "password": "countersign-demo"}
    with urllib.request.urlopen(f"{API}/oauth2/token", urllib.parse.urlencode(asked).encode()) as answer:
        return json.load(answer)["access_token"]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(request: dict) -> None:
    """Verifies a request's history by the answer alone, as HistoryRow in openapi.json says how."""
    previous = ZEROS
    for version, row in enumerate(request["history"], 1):
        record = json.loads(row["record"])
        assert sha256(row["record"]) == row["hash"], row
        assert record["previous"] == row["previousHash"] == previous, row
        assert record["version"] == row["version"] == version, row
        assert record["request"] == request["id"] and record["actor"]["name"] == row["actor"]["name"], row
        for here, there in (
            ("action", "action"), ("at", "at"), ("from", "from"), ("to", "to"),
            ("message", "message"), ("clonedFrom", "cloned_from"), ("formHash", "form_hash"),
        ):  # fmt: skip
            assert row.get(here) == record.get(there), (here, row)
        previous = row["hash"]
    form = json.dumps(request["form"], ensure_ascii=False, separators=(",", ":"))
    assert sha256(form) == request["formHash"] == request["history"][-1]["formHash"], form
