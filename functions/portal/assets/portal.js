// What the pages do beyond HTML. Everything works without it: this saves round trips and what was typed.
const body = document.body;
const store = (() => { try { sessionStorage.getItem("x"); return sessionStorage; } catch { return null; } })();
const PREFIX = "countersign:";

// What was told is what is focused: a summary of errors, or what has been done.
document.querySelector("[data-focus]")?.focus();

// A form is sent once, however often its button is pressed.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.submitter?.hasAttribute("data-once")) {
      form.dataset.sent = "yes";
      setTimeout(() => { delete form.dataset.sent; }, 8000);
    }
  });
}
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// ---- Dialogs ----
for (const link of document.querySelectorAll("[data-dialog]")) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) continue;
  const open = (event) => { event.preventDefault(); dialog.showModal(); dialog.querySelector("textarea, button")?.focus(); };
  link.addEventListener("click", open);
  dialog.querySelector("[data-cancel]")?.addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
  dialog.addEventListener("close", () => link.focus());
}
// What looks like a button answers to the space bar.
for (const link of document.querySelectorAll('a[role="button"]')) {
  link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
}

// ---- Rows ----
const rowsOf = (member) => document.querySelector(`[data-rows="${member}"]`);
const number = (list) => {
  const member = list.dataset.rows;
  [...list.querySelectorAll("[data-row]")].forEach((row, index) => {
    for (const place of row.querySelectorAll("[data-number]")) place.textContent = index + 1;
    for (const node of row.querySelectorAll("[id], [for], [name], [aria-describedby]")) {
      for (const [name, mark] of [["id", "-"], ["for", "-"], ["aria-describedby", "-"], ["name", "."]]) {
        const value = node.getAttribute(name);
        if (value?.startsWith(member + mark)) {
          node.setAttribute(name, value.replace(new RegExp(`^${member}\\${mark}[^.-]*`), `${member}${mark}${index}`));
        }
      }
    }
    const remove = row.querySelector("[data-remove]");
    if (remove) remove.value = `remove-${member}-${index}`;
  });
  const add = document.querySelector(`[data-add="${member}"]`);
  if (add) add.disabled = list.querySelectorAll("[data-row]").length >= Number(list.dataset.most);
};
const addRow = (member) => {
  const list = rowsOf(member);
  const template = document.querySelector(`template[data-template="${member}"]`);
  list.append(template.content.cloneNode(true));
  number(list);
  return list.lastElementChild;
};
document.addEventListener("click", (event) => {
  const add = event.target.closest?.("[data-add]");
  if (add) {
    event.preventDefault();
    addRow(add.dataset.add).querySelector("input, select, textarea").focus();
    changed();
  }
  const remove = event.target.closest?.("[data-remove]");
  if (remove) {
    event.preventDefault();
    const list = remove.closest("[data-rows]");
    const row = remove.closest("[data-row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    number(list);
    const target = next?.querySelector("input, select, textarea") ?? document.querySelector(`[data-add="${list.dataset.rows}"]`);
    target?.focus();
    changed();
  }
});

// ---- A choice shows the fields that belong to it ----
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
const showChosen = () => {
  for (const field of document.querySelectorAll("[data-choice]")) {
    const choice = document.getElementById(field.dataset.choice);
    field.hidden = !field.dataset.shows.split(" ").includes(choice.value);
  }
};
document.addEventListener("change", (event) => { if (event.target.matches?.("select")) showChosen(); });

// ---- What was typed survives a reload and a lost connection ----
// What the server sent stands. What was kept is offered beside it, and put in its place by nobody but the reader.
const form = document.querySelector("form[data-keep]");
const place = (name) => `${PREFIX}${body.dataset.person}:${name}`;
const read = (name) => { try { return JSON.parse(store?.getItem(name) ?? "null"); } catch { return null; } };
// A full or forbidden storage keeps nothing; the form itself still does.
const write = (name, value) => { try { store?.setItem(name, JSON.stringify(value)); } catch { /* see above */ } };
const forget = (name) => store?.removeItem(name);
// Two places for each form: what is being typed into it, and what was typed before and is on offer.
const now = form && place(form.dataset.keep);
const before = (name) => `${name}:before`;
if (body.dataset.clear) for (const name of [place(body.dataset.clear), before(place(body.dataset.clear))]) forget(name);

const typed = () => JSON.stringify([...new FormData(form)].filter(([name, value]) =>
  typeof value === "string" && !["tag", "key", "eService", "do"].includes(name)));
let untouched = "";
let timer;
let isSigningOut = false;
const keep = () => {
  if (isSigningOut) return;
  const text = typed();
  if (text === untouched) forget(now); else write(now, { tag: form.elements.tag.value, typed: text });
};
const changed = () => {
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(keep, 300);
};
const putBack = ({ tag, typed: text }) => {
  const pairs = JSON.parse(text);
  for (const list of form.querySelectorAll("[data-rows]")) {
    const member = list.dataset.rows;
    const wanted = new Set(pairs.filter(([name]) => name.startsWith(`${member}.`)).map(([name]) => name.split(".")[1])).size;
    while (list.querySelectorAll("[data-row]").length > wanted) list.lastElementChild.remove();
    while (list.querySelectorAll("[data-row]").length < wanted) addRow(member);
    number(list);
  }
  for (const box of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    box.checked = pairs.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const [name, value] of pairs) {
    const field = form.elements.namedItem(name);
    const isText = field && "value" in field && !(field instanceof RadioNodeList);
    if (isText && !["checkbox", "radio", "file"].includes(field.type)) field.value = value;
  }
  // It was typed into that version of the request, and the server compares it with that one.
  form.elements.tag.value = tag;
  // Lines that were put back are shown, not kept in a part of the page that is shut.
  for (const lines of form.querySelectorAll('[name^="lines."]')) if (lines.value) lines.closest("details").open = true;
  showChosen();
  for (const field of form.querySelectorAll("[data-limit]")) field.dispatchEvent(new Event("input"));
  keep();
};
const offer = () => {
  const kept = read(now) ?? read(before(now));
  forget(now);
  if (!kept || kept.typed === untouched) { forget(before(now)); return; }
  write(before(now), kept);
  const notice = document.querySelector("[data-offer]");
  const settle = (settled) => { forget(before(now)); notice.hidden = true; settled?.(kept); document.getElementById("main").focus(); };
  notice.querySelector("[data-put-back]").addEventListener("click", () => settle(putBack));
  notice.querySelector("[data-throw-away]").addEventListener("click", () => settle());
  notice.hidden = false;
};
if (form) {
  for (const list of form.querySelectorAll("[data-rows]")) number(list);
  if ("answer" in form.dataset) {
    // What the server answers with was typed and is saved nowhere, so leaving it loses it.
    keep();
  } else {
    untouched = typed();
    offer();
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  let leaving = false;
  form.addEventListener("submit", () => { keep(); leaving = true; setTimeout(() => { leaving = false; }, 8000); });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => {
    if (!leaving && typed() !== untouched) { event.preventDefault(); event.returnValue = body.dataset.unsent; }
  });
}

// ---- Characters are counted while somebody types ----
for (const field of document.querySelectorAll("[data-limit]")) {
  const shown = document.getElementById(`${field.id}-count`);
  // A reader aloud hears the number once the typing pauses.
  const spoken = document.createElement("span");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  shown.after(spoken);
  let pause;
  const show = () => {
    const left = Number(field.dataset.limit) - [...field.value].length;
    const words = left < 0 ? "over" : "left";
    const count = Math.abs(left);
    const pattern = body.dataset[count === 1 ? `${words}One` : words];
    shown.textContent = pattern.replace("{}", count.toLocaleString(document.documentElement.lang));
    shown.classList.toggle("govuk-error-message", left < 0);
  };
  field.addEventListener("input", () => {
    show();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
  });
  show();
}

// ---- What the register has of a User ID stands beside it as soon as it is picked or typed ----
document.addEventListener("change", ({ target: input }) => {
  const known = document.getElementById("administrators");
  if (!known || !input.matches?.("[data-administrator]")) return;
  const id = input.value.trim().toUpperCase();
  const found = [...known.options].find((option) => option.value === id);
  let notes = document.getElementById(`${input.id}-notes`);
  if (!notes) {
    notes = document.createElement("div");
    notes.id = `${input.id}-notes`;
    notes.setAttribute("role", "status");
    input.before(notes);
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), notes.id].filter(Boolean).join(" "));
  }
  const note = (text, isCaution) => {
    const line = document.createElement("div");
    line.className = isCaution ? "note caution" : "note";
    line.textContent = text;
    return line;
  };
  const lines = [];
  if (id) lines.push(found ? note(found.dataset.note) : note(known.dataset.unknown, true));
  if (found?.dataset.caution) lines.push(note(found.dataset.caution, true));
  notes.replaceChildren(...lines);
});

// ---- Lines of a spreadsheet go straight into the rows, and can be taken back ----
{
  /** The cells of pasted text: separated as spreadsheets do, cleaned as the import does. */
  const cells = (text) => {
    const separator = text.includes("\t") ? "\t" : text.split("\n", 1)[0].includes(";") ? ";" : ",";
    const lines = [[""]];
    let quoted = false;
    for (const c of text) {
      const line = lines.at(-1);
      if (c === '"' && (quoted || !line.at(-1).trim())) { quoted = !quoted; line[line.length - 1] += c; }
      else if (!quoted && c === separator) line.push("");
      else if (!quoted && c === "\n") lines.push([""]);
      else line[line.length - 1] += c;
    }
    const clean = (cell) => cell.trim().replace(/^"([^]*)"$/, "$1").replaceAll('""', '"').trim().replace(/^'(?=[=+\-@])/, "");
    return lines.map((line) => line.map(clean)).filter((line) => line.some(Boolean));
  };
  const controls = (row) => [...row.querySelectorAll("input, select, textarea")];
  const plain = (label) => label.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const fill = (control, value) => {
    const option = [...control.options ?? []].find((one) => [one.value, one.label].some((name) => plain(name) === plain(value)));
    control.value = option ? option.value : value;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("paste", (event) => {
    const cell = event.target;
    const list = cell.closest?.("[data-rows]");
    const text = event.clipboardData?.getData("text/plain").replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").replace(/\n+$/, "") ?? "";
    if (!list || !form || cell.matches("textarea") || !/[\t\n,;]/.test(text)) return;
    const rows = [...list.querySelectorAll("[data-row]")];
    const at = rows.indexOf(cell.closest("[data-row]"));
    const column = controls(rows[at]).indexOf(cell);
    const width = controls(rows[at]).length;
    let lines = cells(text);
    const labels = controls(rows[at]).map((control) => plain(control.labels[0].textContent));
    if (lines[0]?.every((name) => labels.includes(plain(name)))) lines = lines.slice(1);
    const isOneCell = lines.length === 1 && (lines[0].length === 1 || column === width - 1);
    if (!lines.length || isOneCell) return;
    event.preventDefault();
    const name = list.dataset.rows;
    const said = document.querySelector(`[data-pasted="${name}"]`);
    const undo = document.querySelector(`[data-undo="${name}"]`);
    const say = (pattern, values) => { said.textContent = pattern.replace(/\{(\w+)\}/g, (_, key) => values[key]); };
    if (at + lines.length > Number(list.dataset.most)) {
      say(said.dataset.tooMany, { most: list.dataset.most, lines: at + lines.length });
      return;
    }
    const before = { tag: form.elements.tag.value, typed: typed() };
    let replaced = 0;
    let out = 0;
    lines.forEach((line, index) => {
      const row = rows[at + index] ?? addRow(name);
      const into = controls(row).slice(column);
      line.forEach((value, place) => {
        if (!into[place]) { if (value) out += 1; return; }
        if (into[place].value && into[place].value !== value) replaced += 1;
        fill(into[place], value);
      });
    });
    say(said.dataset.text, { lines: lines.length, replaced, out });
    undo.hidden = false;
    undo.onclick = () => { putBack(before); undo.hidden = true; said.textContent = ""; cell.focus(); };
    changed();
  });
}

// Signing out takes along what was kept on this machine.
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  isSigningOut = true;
  if (store) for (const name of Object.keys(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
});
