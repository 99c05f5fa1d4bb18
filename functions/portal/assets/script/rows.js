// Rows.
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
