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
