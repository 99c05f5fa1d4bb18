// Dialogs.
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
