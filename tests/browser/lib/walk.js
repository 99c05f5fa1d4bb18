// The guideline's walk, step a to o, as its screens show it. Whoever walks it, and how, is up to the tests.
import assert from "node:assert/strict";

const FORM = "CCASS/ CCMS Delegated Administrator Application/ Maintenance Form";
const AT = "07-Feb-2023 10:\\d\\d HKT";

/** Walks. `look` is told the name of each screen when it is reached. */
export async function walk({ maker, checker, officer }, look = async () => {}) {
  const reference = await makersPart(maker, look);
  assert.equal(reference, "DA3_00013361");
  await checkersPart(checker, reference, look);

  // The maker's screen of step i, a while later: what it shows is what is now.
  await maker.page.reload();
  assert.match(await maker.fact("Status:"), new RegExp(`^${AT} Sent to HKEX$`));
  assert.deepEqual(await maker.offers(), ["Clone"]);

  await officersPart(officer, reference, look);
  await listing(maker, look);
}

async function makersPart(maker, look) {
  // a. Signs in.
  await maker.go("/");
  await maker.sees("Forgot/Reset your password?");
  await look(maker, "a-welcome");
  await maker.follow("button", "Log in");
  await look(maker, "a-log-in");
  await maker.type("User ID/Email", "maker@abc.example");
  await maker.type("Password", "countersign-demo");
  await maker.follow("button", "Log in");
  await maker.seesHeading("Welcome, A Maker");
  await look(maker, "a-home");

  // b. Finds the eService in the catalogue.
  await maker.follow("link", "Participant Management", { menu: true });
  for (const text of ["User Maintenance CC", "User Maintenance CH", "SCard1", "SCard2", "SCard3", "DA 3"]) await maker.sees(text);
  await look(maker, "b-user-maintenance");
  await maker.follow("link", FORM);

  // c, d. Participantship, and the request that is chosen already.
  await maker.sees("ABC Company");
  await maker.choose("HKSCC Participant (B01234)");
  assert.equal(await maker.field("Maintenance Request").evaluate((field) => field.selectedOptions[0].text), "Change");
  await look(maker, "c-form-empty");

  // e. Delegated Administrators; a second row comes and goes.
  await maker.type("User ID", "B01234X1", { within: "Request 1" });
  await maker.type("Email Address", "ABC@bank.com.hk", { within: "Request 1" });
  await maker.press("button", "+ Request");
  await maker.field("User ID", { within: "Request 2" }).waitFor();
  await look(maker, "e-second-row");
  await maker.press("button", "Remove Request 2");
  await maker.field("User ID", { within: "Request 2" }).waitFor({ state: "detached" });
  assert.equal(await maker.field("User ID", { within: "Request 1" }).inputValue(), "B01234X1");
  await maker.choose("We confirm that we understand and accept the above");

  // f. Contact persons, filled in already.
  const contact = { within: "Contact person 1" };
  assert.equal(await maker.field("Name of Contact Person", contact).inputValue(), "AAA");
  assert.equal(await maker.field("Email Address", contact).inputValue(), "AAA@bank.com.hk");
  assert.equal(await maker.field("Telephone Number", contact).inputValue(), "29797111");
  await look(maker, "e-form-filled");

  // g. Preview.
  await maker.follow("button", "Preview");
  await maker.sees("ABC@bank.com.hk");
  assert.match(await maker.fact("Status:"), /Draft$/);
  assert.deepEqual((await maker.offers()).sort(), ["Clone", "Discard", "Edit", "Submit"]);
  await look(maker, "g-preview");

  // h, i. Submits; the reference is given.
  await confirmed(maker, "Submit", "The record will be ready to send to HKEX.", "Please check before noon.", look, "h-submit");
  assert.match(await maker.fact("Status:"), new RegExp(`^${AT} Ready to Send to HKEX$`));
  assert.deepEqual((await maker.offers()).sort(), ["Clone", "Reclaim"]);
  await look(maker, "i-ready-to-send");
  return maker.fact("Reference Number:");
}

async function checkersPart(checker, reference, look) {
  // k. The Tasks list.
  await checker.signIn("checker@abc.example");
  await checker.follow("link", /^Tasks/, { menu: true });
  for (const text of ["ABC Company B01234", "07-Feb-2023", "Ready to Send to HKEX"]) await checker.sees(text);
  await look(checker, "k-tasks");
  await checker.follow("link", reference);
  assert.deepEqual((await checker.offers()).sort(), ["Claim", "Clone"]);
  await look(checker, "l-before-claim");

  // l. Claims.
  await confirmed(checker, "Claim", "You will hold the record.");
  assert.match(await checker.fact("Status:"), new RegExp(`Claimed By D Wong on ${AT}$`));
  assert.deepEqual((await checker.offers()).sort(), ["Clone", "Confirm", "Hand over", "Keep the claim", "Release", "Return"]);
  await checker.expand("Expand");
  await checker.sees("Please check before noon.");
  await look(checker, "l-claimed-with-history");

  // m, n. Reviews and confirms.
  await checker.sees("ABC@bank.com.hk");
  await confirmed(checker, "Confirm", "The record will be sent to HKEX.", "", look, "m-confirm");
  assert.match(await checker.fact("Status:"), new RegExp(`^${AT} Sent to HKEX$`));
  assert.deepEqual((await checker.offers()).sort(), ["Clone", "Reclaim"]);
  await look(checker, "n-sent");
}

async function officersPart(officer, reference, look) {
  await officer.signIn("officer@exchange.example");
  await officer.follow("link", /^Tasks/, { menu: true });
  await officer.sees("Sent to HKEX");
  await look(officer, "o-exchange-desk");
  await officer.follow("link", reference);
  await confirmed(officer, "Claim", "You will hold the record.");
  assert.match(await officer.fact("Status:"), /Processing by HKEX$/);
  await look(officer, "o-processing");
  await confirmed(officer, "Complete", "The record will be completed and take effect");
  assert.match(await officer.fact("Status:"), /Completed$/);
  await look(officer, "o-completed");
}

async function listing(maker, look) {
  await maker.follow("link", "User Profile Listing", { menu: true });
  const row = maker.page.getByRole("row").filter({ hasText: "B01234X1" });
  await row.getByText("ABC@bank.com.hk").waitFor();
  await row.getByText("Ready").waitFor();
  await look(maker, "o-user-profile-listing");
}

/** Presses a button, answers the question that follows (in a dialog, or on a page of its own), and arrives again. */
async function confirmed(person, action, question, message, look, screen) {
  await person.press("button", action);
  await person.sees(question);
  const place = { dialog: (await person.page.getByRole("dialog").count()) > 0 };
  if (message) await person.type(/^Any message to the next step user\?/, message, place);
  if (screen) await look(person, screen);
  await person.follow("button", "Confirm", place);
}
