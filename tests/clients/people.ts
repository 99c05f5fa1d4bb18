// The demonstration people of the runner, and their tokens.
import assert from 'node:assert/strict';

export const API = process.env.API ?? '';
export const MAKER = 'maker@abc.example';
export const CHECKER = 'checker@abc.example';
export const OFFICER = 'officer@exchange.example';

export async function token(person: string): Promise<string> {
  const asked = { grant_type: 'password', username: person, password: 'countersign-demo' };
  const answer = await fetch(`${API}/oauth2/token`, { method: 'POST', body: new URLSearchParams(asked) });
  assert.equal(answer.status, 200);
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}

/** What is there, or a failure. */
export function there<T>(value: T | null | undefined): T {
  assert.ok(value !== undefined && value !== null);
  return value;
}
