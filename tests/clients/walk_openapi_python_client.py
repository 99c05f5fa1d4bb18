"""The guideline's walk, steps a to o, by the client that openapi-python-client generates."""

import json

from countersign_client import AuthenticatedClient
from countersign_client.api.about import get_me, list_eservices
from countersign_client.api.drafts import create_draft
from countersign_client.api.exchange import complete_request
from countersign_client.api.register import list_delegated_administrators
from countersign_client.api.requests import get_request, list_tasks
from countersign_client.api.steps import claim_request, confirm_request, submit_request
from countersign_client.models import (
    Da3ChangesDraft,
    Da3Draft,
    Message,
    OwnRequestProblem,
    Participantship,
    ParticipantshipKind,
    State,
)

from people import API, CHECKER, MAKER, OFFICER, token, verify

USER_ID, EMAIL = "B01234X1", "python@bank.example"


def client(person: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=API, token=token(person), raise_on_unexpected_status=True)


maker, checker, officer = client(MAKER), client(CHECKER), client(OFFICER)

me = get_me.sync(client=maker)
assert me.user.name == "A Maker", me
assert "DA3" in [row.id for row in list_eservices.sync(client=maker).items]

form = Da3Draft(
    e_service="DA3",
    participantship=Participantship(kind=ParticipantshipKind.HKSCC_PARTICIPANT, id="B01234"),
    changes=[Da3ChangesDraft(user_id=USER_ID, email=EMAIL)],
    declaration=True,
)
draft = create_draft.sync_detailed(client=maker, body=form, idempotency_key="python-1")
assert draft.status_code == 201 and draft.parsed.state == State.DRAFT, draft
request = draft.parsed.id
again = create_draft.sync_detailed(client=maker, body=form, idempotency_key="python-1")
assert again.parsed == draft.parsed, again
preview = get_request.sync(client=maker, id=request)
assert preview.form.contacts[0].name == "AAA", preview

submitted = submit_request.sync_detailed(
    client=maker, id=request, if_match=preview.etag, body=Message(message="Please check\nbefore noon. 謝謝")
)
assert submitted.parsed.status == "Ready to Send to HKEX", submitted
assert submitted.parsed.reference.startswith("DA3_"), submitted

own = claim_request.sync(client=maker, id=request, if_match=submitted.headers["ETag"])
assert isinstance(own, OwnRequestProblem), own

task = next(row for row in list_tasks.sync(client=checker).items if row.id == request)
assert task.reference == submitted.parsed.reference, task
claimed = claim_request.sync(client=checker, id=request, if_match=task.etag)
assert claimed.status.startswith("Claimed By D Wong on "), claimed
review = get_request.sync_detailed(client=checker, id=request)
assert review.parsed.form.changes[0].email == EMAIL, review
sent = confirm_request.sync_detailed(client=checker, id=request, if_match=review.headers["ETag"])
assert sent.parsed.status == "Sent to HKEX", sent

task = next(row for row in list_tasks.sync(client=officer).items if row.id == request)
processing = claim_request.sync_detailed(client=officer, id=request, if_match=task.etag)
assert processing.parsed.state == State.PROCESSING, processing
completed = complete_request.sync(client=officer, id=request, if_match=processing.headers["ETag"])
assert completed.status == "Completed", completed

listing = list_delegated_administrators.sync(client=maker, participant="B01234")
row = next(row for row in listing.items if row.user_id == USER_ID)
assert row.email == EMAIL and row.request == request, row

whole = get_request.sync_detailed(client=maker, id=request)
assert [row.action for row in whole.parsed.history] == ["save", "submit", "claim", "confirm", "claim", "complete"]
verify(json.loads(whole.content))
print(f"openapi-python-client: {completed.reference} {completed.status}, {row.user_id} {row.email}, history verified")
