// Lines of a spreadsheet go straight into the rows, and can be taken back.
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
