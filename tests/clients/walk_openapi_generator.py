"""The guideline's walk, steps a to o, by the Python client that openapi-generator generates."""

from openapi_client import (
    AboutApi,
    ApiClient,
    Configuration,
    Da3ChangesDraft,
    Da3Draft,
    Draft,
    DraftsApi,
    ExchangeApi,
    Message,
    Participantship,
    ParticipantshipKind,
    RegisterApi,
    RequestsApi,
    State,
    StepsApi,
)
from openapi_client.exceptions import ForbiddenException

from people import API, CHECKER, MAKER, OFFICER, token

USER_ID, EMAIL = "B01234X2", "generator@bank.example"


def client(person: str) -> ApiClient:
    return ApiClient(Configuration(host=API, access_token=token(person)))


maker, checker, officer = client(MAKER), client(CHECKER), client(OFFICER)

assert AboutApi(maker).get_me().user.name == "A Maker"
assert "DA3" in [row.id for row in AboutApi(maker).list_eservices().items]

form = Da3Draft(
    eService="DA3",
    participantship=Participantship(kind=ParticipantshipKind.HKSCC_PARTICIPANT, id="B01234"),
    changes=[Da3ChangesDraft(userId=USER_ID, email=EMAIL)],
    declaration=True,
)
draft = DraftsApi(maker).create_draft(Draft.from_dict(form.to_dict()))
assert draft.state == State.DRAFT, draft
preview = RequestsApi(maker).get_request(draft.id)
assert preview.form.to_dict()["contacts"][0]["name"] == "AAA", preview

submitted = StepsApi(maker).submit_request(id=draft.id, if_match=preview.etag, message=Message(message="Please check."))
assert submitted.status == "Ready to Send to HKEX", submitted
assert submitted.reference.startswith("DA3_"), submitted

task = next(row for row in RequestsApi(checker).list_tasks().items if row.id == draft.id)
try:
    StepsApi(maker).claim_request(id=draft.id, if_match=task.etag)
    raise AssertionError("a maker claims")
except ForbiddenException as refused:
    assert refused.data.actual_instance.type == "urn:countersign:problem:own-request", refused

claimed = StepsApi(checker).claim_request(id=draft.id, if_match=task.etag)
assert claimed.status.startswith("Claimed By D Wong on "), claimed
review = RequestsApi(checker).get_request_with_http_info(draft.id)
assert review.data.form.to_dict()["changes"][0]["email"] == EMAIL, review
sent = StepsApi(checker).confirm_request_with_http_info(id=draft.id, if_match=review.headers["etag"])
assert sent.data.status == "Sent to HKEX", sent

task = next(row for row in RequestsApi(officer).list_tasks().items if row.id == draft.id)
processing = StepsApi(officer).claim_request_with_http_info(id=draft.id, if_match=task.etag)
assert processing.data.state == State.PROCESSING, processing
completed = ExchangeApi(officer).complete_request(id=draft.id, if_match=processing.headers["etag"])
assert completed.status == "Completed", completed

listing = RegisterApi(maker).list_delegated_administrators(participant="B01234")
row = next(row for row in listing.items if row.user_id == USER_ID)
assert row.email == EMAIL and row.request == draft.id, row
print(f"openapi-generator, Python: {completed.reference} {completed.status}, {row.user_id} {row.email}")
