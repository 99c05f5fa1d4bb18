// What the register has of a User ID stands beside it as soon as it is picked or typed.
{
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
      input.closest(".field").querySelector(".below").prepend(notes);
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
}
