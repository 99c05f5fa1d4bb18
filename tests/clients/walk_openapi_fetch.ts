// The guideline's walk, steps a to o, by openapi-fetch with the types that openapi-typescript generates.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/schema.js';
import { API, CHECKER, MAKER, OFFICER, there, token } from './people.js';

const USER_ID = 'B01234X3';
const EMAIL = 'fetch@bank.example';

const client = async (person: string) =>
  createClient<paths>({ baseUrl: API, headers: { Authorization: `Bearer ${await token(person)}` } });
const [maker, checker, officer] = await Promise.all([client(MAKER), client(CHECKER), client(OFFICER)]);

const me = there((await maker.GET('/me')).data);
assert.equal(me.user.name, 'A Maker');
const catalogue = there((await maker.GET('/eservices')).data);
assert.ok(catalogue.items.some((row) => row.id === 'DA3'));

const form: components['schemas']['Draft'] = {
  eService: 'DA3',
  participantship: { kind: 'HKSCC Participant', id: 'B01234' },
  changes: [{ userId: USER_ID, email: EMAIL }],
  declaration: true,
};
const draft = there((await maker.POST('/requests', { body: form })).data);
assert.equal(draft.state, 'Draft');
const at = (tag: string) => ({ params: { path: { id: draft.id }, header: { 'If-Match': tag } } });
const path = { params: { path: { id: draft.id } } };
const preview = there((await maker.GET('/requests/{id}', path)).data);
assert.equal(preview.form.eService, 'DA3');

const submit = { ...at(preview.etag), body: { message: 'Please check before noon.' } };
const submitted = there((await maker.POST('/requests/{id}/submit', submit)).data);
assert.equal(submitted.status, 'Ready to Send to HKEX');
assert.match(there(submitted.reference), /^DA3_/);

const tasks = there((await checker.GET('/tasks')).data);
const task = there(tasks.items.find((row) => row.id === draft.id));
const own = await maker.POST('/requests/{id}/claim', at(task.etag));
assert.ok(own.error && 'type' in own.error && own.error.type === 'urn:countersign:problem:own-request');
const claimed = there((await checker.POST('/requests/{id}/claim', at(task.etag))).data);
assert.match(claimed.status, /^Claimed By D Wong on /);
const review = await checker.GET('/requests/{id}', path);
const tag = there(review.response.headers.get('etag'));
const sent = there((await checker.POST('/requests/{id}/confirm', at(tag))).data);
assert.equal(sent.status, 'Sent to HKEX');
const same = await checker.GET('/requests', { params: { query: { state: 'Sent', updatedSince: sent.updatedAt } } });
assert.deepEqual(there(same.data).items.map((row) => row.id), [draft.id]);

const desk = there((await officer.GET('/tasks')).data);
const waiting = there(desk.items.find((row) => row.id === draft.id));
const processing = await officer.POST('/requests/{id}/claim', at(waiting.etag));
assert.equal(there(processing.data).state, 'Processing');
const held = there(processing.response.headers.get('etag'));
const completed = there((await officer.POST('/requests/{id}/complete', at(held))).data);
assert.equal(completed.status, 'Completed');

const query = { params: { query: { participant: 'B01234' } } };
const listing = there((await maker.GET('/delegated-administrators', query)).data);
const row = there(listing.items.find((administrator) => administrator.userId === USER_ID));
assert.equal(row.email, EMAIL);
assert.equal(row.request, draft.id);

const whole = there((await maker.GET('/requests/{id}', path)).data);
let previous = '0'.repeat(64);
for (const step of whole.history) {
  assert.equal(createHash('sha256').update(step.record).digest('hex'), step.hash);
  assert.equal((JSON.parse(step.record) as { previous: string }).previous, previous);
  previous = step.hash;
}
console.log(`openapi-fetch: ${completed.reference} ${completed.status}, ${row.userId} ${row.email}, history verified`);
