// What was typed survives a reload and a lost connection.
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
  typeof value === "string" && !["tag", "key", "eService", "do", "faults", "message"].includes(name)));
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
  for (const lines of form.querySelectorAll('[name^="lines."], [name^="filed."]')) {
    if (!lines.value) continue;
    lines.closest("details").open = true;
    lines.closest(".field").hidden = false;
  }
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
  // Where the reader chose what the form starts with, the two are never on one page: they choose first.
  form.hidden = notice.dataset.offer === "alone";
  const settle = (settled) => {
    forget(before(now));
    notice.hidden = true;
    form.hidden = false;
    settled?.(kept);
    document.getElementById("main").focus();
  };
  notice.querySelector("[data-put-back]").addEventListener("click", () => settle(putBack));
  notice.querySelector("[data-throw-away]").addEventListener("click", () => settle());
  notice.hidden = false;
  if (form.hidden) { notice.tabIndex = -1; notice.focus(); }
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

// Signing out takes along what was kept on this machine.
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  isSigningOut = true;
  if (store) for (const name of Object.keys(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
});
