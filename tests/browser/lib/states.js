// Requests in every state, one of each, made through the API; and every page there is to look at.

const MAKER = "maker@abc.example";
const CHECKER = "checker@abc.example";
const OFFICER = "officer@exchange.example";

/** Whose pages there are. */
export const PEOPLE = [MAKER, CHECKER, OFFICER, "norights@abc.example"];

const row = (number) => ({ changes: [{ userId: `B01234X${number}`, email: `da${number}@bank.example` }] });

/** One request of ABC Company in each state that has pages of its own. */
export async function oneOfEach(runner, form = {}) {
  const submitted = (number) => runner.submitted({ ...form, ...row(number) });
  const draft = await runner.draft({ ...form, ...row(1) });
  const ready = await submitted(2);
  const claimed = await runner.step(CHECKER, await submitted(3), "claim");
  const sent = await sendOn(runner, await submitted(4));
  const processing = await runner.step(OFFICER, await sendOn(runner, await submitted(5)), "claim");
  const inWork = await runner.step(OFFICER, await sendOn(runner, await submitted(6)), "claim");
  const completed = await runner.step(OFFICER, inWork, "complete");
  const taken = await runner.step(CHECKER, await submitted(7), "claim");
  const returned = await runner.step(CHECKER, taken, "return", "Please use the new address.");
  return { draft, ready, claimed, sent, processing, completed, returned };
}

async function sendOn(runner, request) {
  return runner.step(CHECKER, await runner.step(CHECKER, request, "claim"), "confirm");
}

/** The pages of each person: what they are called, and where they are. */
export function pagesOf(requests) {
  const page = (request, rest = "") => `/portal/requests/${request.id}${rest}`;
  return {
    [MAKER]: {
      "home": "/",
      "user-maintenance": "/portal/user-maintenance",
      "new-form": "/portal/requests/new",
      "new-scard1": "/portal/requests/new?form=SCard1",
      "new-scard2": "/portal/requests/new?form=SCard2",
      "new-scard3": "/portal/requests/new?form=SCard3",
      "draft": page(requests.draft),
      "edit": page(requests.draft, "/edit"),
      "submit": page(requests.draft, "/submit"),
      "discard": page(requests.draft, "/discard"),
      "clone": page(requests.draft, "/clone"),
      "returned": page(requests.returned),
      "reclaim": page(requests.ready, "/reclaim"),
      "completed": page(requests.completed),
      "my-requests": "/portal/requests",
      "company-requests": "/portal/requests?maker=all",
      "nothing-found": "/portal/requests?q=nothing",
      "user-profile-listing": "/portal/delegated-administrators",
      "readiness": "/portal/readiness",
      "company": "/portal/company",
      "audit": "/portal/audit",
      "audit-refused": "/portal/audit?kind=refused",
      "audit-faulty": "/portal/audit?from=x",
      "profile": "/portal/profile",
      "help": "/portal/help",
      "record": page(requests.completed, "/record"),
      "terms": "/portal/terms",
      "not-found": "/portal/nowhere",
      "foreign-request": "/portal/requests/00000000000000000000000000",
    },
    [CHECKER]: {
      "checker-home": "/",
      "tasks": "/portal/tasks",
      "ready": page(requests.ready),
      "claim": page(requests.ready, "/claim"),
      "claimed": page(requests.claimed),
      "confirm": page(requests.claimed, "/confirm"),
      "return": page(requests.claimed, "/return"),
      "release": page(requests.claimed, "/release"),
    },
    [OFFICER]: {
      "officer-home": "/",
      "exchange-desk": "/portal/tasks",
      "sent": page(requests.sent),
      "processing": page(requests.processing),
      "complete": page(requests.processing, "/complete"),
      "reject": page(requests.processing, "/reject"),
      "look-up": "/portal/look-up",
      "look-up-fails": "/portal/look-up?reference=DA3_99999999",
      "officer-readiness": "/portal/readiness",
      "officer-company": "/portal/company",
      "officer-audit": "/portal/audit",
      "officer-company-readiness": "/portal/readiness?company=abc",
      "officer-listing": "/portal/delegated-administrators?participant=B01234",
    },
    "norights@abc.example": { "no-right-home": "/", "no-right": "/portal/tasks" },
  };
}
