{
  // Rows that can be picked: all at once, and how many are.
  const form = document.querySelector("[data-picks]");
  if (form) {
    const boxes = [...form.querySelectorAll('[name="pick"]')];
    const all = form.querySelector("[data-all]");
    const count = form.querySelector("[data-count]");
    const tell = () => {
      const picked = boxes.filter((box) => box.checked).length;
      count.textContent = picked ? `${picked} ${count.dataset.count}` : "";
      all.checked = picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
    };
    all.closest("label").hidden = false;
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
    form.addEventListener("change", tell);
    addEventListener("pageshow", tell);
  }
}
