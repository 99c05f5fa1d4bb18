// The guideline's walk, steps a to o, by the TypeScript client that openapi-generator generates.
import assert from 'node:assert/strict';
import {
  AboutApi,
  Configuration,
  DraftsApi,
  ExchangeApi,
  RegisterApi,
  RequestsApi,
  ResponseError,
  StepsApi,
  type Draft,
} from './generated/client/index.js';
import { API, CHECKER, MAKER, OFFICER, there, token } from './people.js';

const USER_ID = 'B01234X4';
const EMAIL = 'typescript@bank.example';

const client = async (person: string) =>
  new Configuration({ basePath: API, accessToken: await token(person) });
const [maker, checker, officer] = await Promise.all([client(MAKER), client(CHECKER), client(OFFICER)]);

assert.equal((await new AboutApi(maker).getMe()).user.name, 'A Maker');
assert.ok((await new AboutApi(maker).listEservices()).items.some((row) => row.id === 'DA3'));

const form: Draft = {
  eService: 'DA3',
  participantship: { kind: 'HKSCC Participant', id: 'B01234' },
  changes: [{ userId: USER_ID, email: EMAIL }],
  declaration: true,
};
const { id, state } = await new DraftsApi(maker).createDraft({ draft: form });
assert.equal(state, 'Draft');
const preview = await new RequestsApi(maker).getRequest({ id });
assert.equal(preview.form.eService, 'DA3');

const message = { message: 'Please check before noon.' };
const submitted = await new StepsApi(maker).submitRequest({ id, ifMatch: preview.etag, message });
assert.equal(submitted.status, 'Ready to Send to HKEX');
assert.match(there(submitted.reference), /^DA3_/);

const tasks = await new RequestsApi(checker).listTasks();
const task = there(tasks.items.find((row) => row.id === id));
await assert.rejects(
  new StepsApi(maker).claimRequest({ id, ifMatch: task.etag }),
  (error) => error instanceof ResponseError && error.response.status === 403,
);
const claimed = await new StepsApi(checker).claimRequest({ id, ifMatch: task.etag });
assert.match(claimed.status, /^Claimed By D Wong on /);
const review = await new RequestsApi(checker).getRequestRaw({ id });
const tag = there(review.raw.headers.get('etag'));
const sent = await new StepsApi(checker).confirmRequest({ id, ifMatch: tag });
assert.equal(sent.status, 'Sent to HKEX');

const desk = await new RequestsApi(officer).listTasks();
const waiting = there(desk.items.find((row) => row.id === id));
const processing = await new StepsApi(officer).claimRequestRaw({ id, ifMatch: waiting.etag });
assert.equal((await processing.value()).state, 'Processing');
const held = there(processing.raw.headers.get('etag'));
const completed = await new ExchangeApi(officer).completeRequest({ id, ifMatch: held });
assert.equal(completed.status, 'Completed');

const listing = await new RegisterApi(maker).listDelegatedAdministrators({ participant: 'B01234' });
const row = there(listing.items.find((administrator) => administrator.userId === USER_ID));
assert.equal(row.email, EMAIL);
assert.equal(row.request, id);
console.log(`openapi-generator, TypeScript: ${completed.reference} ${completed.status}, ${row.userId} ${row.email}`);
