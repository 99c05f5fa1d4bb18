"""The demonstration people of the runner, their tokens, and the check of a request's history."""

import hashlib
import hmac
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


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def commitment(value: object, seal: dict) -> str:
    """The commitment to a value, as Seal in openapi.json says how."""
    return seal.get("commitment") or sha256(seal["salt"] + text(value))


def leaves(value: object, pointer: str = ""):
    if isinstance(value, dict | list) and value:
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            name = str(name).replace("~", "~0").replace("/", "~1")
            yield from leaves(member, f"{pointer}/{name}")
    else:
        yield pointer, value


def form_hash(form: dict, seal: dict) -> str:
    """The hash of a form, as FormSeal in openapi.json says how."""

    def seal_of(pointer: str) -> dict:
        if "seals" in seal:
            return seal["seals"][pointer]
        code = hmac.new(seal["secret"].encode(), pointer.encode(), "sha256")
        return {"salt": code.hexdigest()[:32]}

    commitments = {pointer: commitment(value, seal_of(pointer)) for pointer, value in sorted(leaves(form))}
    return sha256(text(commitments))


def verify(request: dict) -> None:
    """Verifies a request's history by the answer alone, as HistoryRow in openapi.json says how."""
    previous = ZEROS
    for version, row in enumerate(request["history"], 1):
        record = json.loads(row["record"])
        assert sha256(row["record"]) == row["hash"], row
        assert record["previous"] == row["previousHash"] == previous, row
        assert record["version"] == row["version"] == version, row
        assert record["request"] == request["id"], row
        assert record["actor_name"] == commitment(row["actor"]["name"], row["seals"]["name"]), row
        message, seal = row.get("message"), row["seals"].get("message")
        assert record.get("message") == (commitment(message, seal) if seal else message), row
        for here, there in (
            ("action", "action"), ("at", "at"), ("from", "from"), ("to", "to"),
            ("clonedFrom", "cloned_from"), ("formHash", "form_hash"),
        ):  # fmt: skip
            assert row.get(here) == record.get(there), (here, row)
        previous = row["hash"]
    found = form_hash(request["form"], request["formSeal"])
    assert found == request["formHash"] == request["history"][-1]["formHash"], request["form"]
