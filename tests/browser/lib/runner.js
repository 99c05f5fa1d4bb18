// The product on this machine, on a port of its own and on the guideline's day.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BINARY = process.env.COUNTERSIGN ?? fileURLToPath(new URL("../../../target/debug/countersign", import.meta.url));
const GUIDELINE_DAY = [
  "--in-memory", "--port", "0", "--clock", "2023-02-07T10:43:00+08:00",
  "--set", "CampaignOpens=2023-02-01", "--first-reference", "DA3=13361",
];

export const PASSWORD = "countersign-demo";

/** Starts the runner; resolves once it listens. */
export async function startRunner() {
  const child = spawn(BINARY, GUIDELINE_DAY, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (part) => { log += part; });
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the runner ended with ${code}: ${log}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = line.match(/http:\/\/localhost:\d+/);
      if (found) resolve(found[0]);
    });
  });
  return new Runner(child, url);
}

class Runner {
  #child;
  #tokens = new Map();

  constructor(child, url) {
    this.#child = child;
    this.url = url;
  }

  async stop() {
    const ended = new Promise((resolve) => { this.#child.once("exit", resolve); });
    this.#child.kill("SIGTERM");
    await ended;
  }

  async #token(user) {
    if (!this.#tokens.has(user)) {
      const body = new URLSearchParams({ grant_type: "password", username: user, password: PASSWORD });
      const answer = await (await fetch(`${this.url}/oauth2/token`, { method: "POST", body })).json();
      this.#tokens.set(user, answer.access_token);
    }
    return this.#tokens.get(user);
  }

  /** A call of the API, for what a test finds there already. */
  async call(user, method, path, { body, tag } = {}) {
    const headers = { authorization: `Bearer ${await this.#token(user)}` };
    if (body) headers["content-type"] = "application/json";
    if (tag) headers["if-match"] = tag;
    const answer = await fetch(`${this.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return { ...JSON.parse(said || "{}"), tag: answer.headers.get("etag") };
  }

  /** A draft of ABC Company's maker. */
  draft(changes = {}) {
    const form = {
      eService: "DA3",
      participantship: { kind: "HKSCC Participant", id: "B01234" },
      maintenanceRequest: "Change",
      changes: [{ userId: "B01234X1", email: "ABC@bank.com.hk" }],
      remarks: "",
      declaration: true,
      contacts: [{ name: "AAA", email: "AAA@bank.com.hk", telephone: "29797111" }],
      ...changes,
    };
    return this.call("maker@abc.example", "POST", "/requests", { body: form });
  }

  /** Takes a step on a request as it was left. */
  async step(user, request, action, message) {
    const body = message && { message };
    const done = await this.call(user, "POST", `/requests/${request.id}/${action}`, { tag: request.tag, body });
    return { ...request, ...done };
  }

  async submitted(changes) {
    return this.step("maker@abc.example", await this.draft(changes), "submit");
  }
}
