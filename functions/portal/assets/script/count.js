// Characters are counted while somebody types.
for (const field of document.querySelectorAll("[data-limit]")) {
  const shown = document.getElementById(`${field.id}-count`);
  // A reader aloud hears the number once the typing pauses.
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  shown.after(spoken);
  let pause;
  const show = () => {
    const left = Number(field.dataset.limit) - [...field.value].length;
    const words = left < 0 ? "over" : "left";
    const count = Math.abs(left);
    const pattern = body.dataset[count === 1 ? `${words}One` : words];
    shown.textContent = pattern.replace("{}", count.toLocaleString(document.documentElement.lang));
    shown.classList.toggle("error", left < 0);
  };
  field.addEventListener("input", () => {
    show();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
  });
  show();
}
