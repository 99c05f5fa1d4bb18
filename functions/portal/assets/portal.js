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
    addRow(add.dataset.add).querySelector("input").focus();
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
    const target = next?.querySelector("input") ?? document.querySelector(`[data-add="${list.dataset.rows}"]`);
    target?.focus();
    changed();
  }
});

// ---- What was typed survives a reload and a lost connection ----
const form = document.querySelector("form[data-keep]");
const place = form && `${PREFIX}${body.dataset.person}:${form.dataset.keep}`;
let untouched = "";
const typed = () => JSON.stringify([...new FormData(form)].filter(([name, value]) =>
  typeof value === "string" && !["tag", "key", "do"].includes(name)));
let timer;
let isSigningOut = false;
const changed = () => {
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(keep, 300);
};
const keep = () => {
  if (isSigningOut) return;
  const now = typed();
  try {
    if (now === untouched) store?.removeItem(place); else store?.setItem(place, JSON.stringify({ tag: form.elements.tag.value, typed: now }));
  } catch { /* A full or forbidden storage keeps nothing; the form itself still does. */ }
};
const restore = (pairs) => {
  for (const list of form.querySelectorAll("[data-rows]")) {
    const member = list.dataset.rows;
    const wanted = new Set(pairs.filter(([name]) => name.startsWith(`${member}.`)).map(([name]) => name.split(".")[1])).size;
    while (list.querySelectorAll("[data-row]").length > Math.max(wanted, 0)) list.lastElementChild.remove();
    while (list.querySelectorAll("[data-row]").length < wanted) addRow(member);
    number(list);
  }
  for (const box of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    box.checked = pairs.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const [name, value] of pairs) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field && !["checkbox", "radio", "file"].includes(field.type) && !(field instanceof RadioNodeList)) field.value = value;
  }
  // Lines that were put back are shown, not kept in a part of the page that is shut.
  const lines = form.querySelector("#csv");
  if (lines?.value) lines.closest("details").open = true;
};
if (store && body.dataset.clear) {
  for (const name of Object.keys(store)) if (name === `${PREFIX}${body.dataset.person}:${body.dataset.clear}`) store.removeItem(name);
}
if (form) {
  for (const list of form.querySelectorAll("[data-rows]")) number(list);
  // What came back with errors is saved nowhere, so leaving it loses it.
  untouched = document.querySelector(".govuk-error-summary") ? "" : typed();
  let kept = null;
  try { kept = JSON.parse(store?.getItem(place) ?? "null"); } catch { kept = null; }
  // What the server just sent back, with its errors, is newer than what was kept.
  if (kept && kept.tag === form.elements.tag.value && kept.typed !== untouched && !document.querySelector(".govuk-error-summary")) {
    restore(JSON.parse(kept.typed));
    const notice = form.parentElement.querySelector("[data-notice]");
    notice.textContent = body.dataset.restored;
    notice.hidden = false;
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  let leaving = false;
  form.addEventListener("submit", () => { keep(); leaving = true; setTimeout(() => { leaving = false; }, 8000); });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => {
    if (!leaving && typed() !== untouched) { event.preventDefault(); event.returnValue = body.dataset.unsent; }
  });
  // A file is read here, so that it shows before anything is sent.
  form.querySelector("#csv-file")?.addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file || file.size > 65536) return;
    form.querySelector("#csv").value = await file.text();
    event.target.value = "";
    changed();
  });
}

// Signing out takes along what was kept on this machine.
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  isSigningOut = true;
  if (store) for (const name of Object.keys(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
});
