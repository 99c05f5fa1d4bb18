// What is typed for the next step user survives a reload, a lost session and a look at something else. It is kept until
// the step was taken, or the reader signs out.
{
  const place = (name) => `${PREFIX}${body.dataset.person}:step:${name}`;
  const done = document.querySelector("[data-step-done]")?.dataset.stepDone;
  if (done) store?.removeItem(place(done));
  for (const form of document.querySelectorAll("form[data-step]")) {
    const field = form.querySelector("textarea");
    if (!field) continue;
    const name = place(form.dataset.step);
    if (!field.value) {
      field.value = store?.getItem(name) ?? "";
      field.dispatchEvent(new Event("input"));
    }
    const keep = () => {
      // A full or forbidden storage keeps nothing; the field itself still does.
      try { if (field.value) store?.setItem(name, field.value); else store?.removeItem(name); } catch { /* see above */ }
    };
    field.addEventListener("input", keep);
    form.addEventListener("submit", keep);
  }
}
