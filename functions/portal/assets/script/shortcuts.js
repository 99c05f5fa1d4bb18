// ---- Keyboard shortcuts, unless they are turned off ----
if ("shortcuts" in body.dataset) {
  const list = document.getElementById("shortcuts");
  const way = (path) => document.querySelector(`nav a[href="${path}"]`);
  const places = { h: "/", t: "/portal/tasks", r: "/portal/requests" };
  const keys = {
    "/": () => {
      const search = document.querySelector("main input[name=q]");
      if (search) search.focus(); else way(places.t)?.click();
    },
    "?": () => list.showModal(),
    c: () => document.querySelector("main a.primary[data-dialog]")?.click(),
    n: () => { if (way("/portal/user-maintenance")) location.assign("/portal/requests/new"); },
  };
  let goes = 0;
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, select, textarea, [contenteditable]");
    const isOther = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
    if (isTyping || isOther || document.querySelector("dialog[open]")) return;
    const goesSince = Date.now() - goes;
    goes = event.key === "g" ? Date.now() : 0;
    const does = goesSince < 1500 && places[event.key] ? () => way(places[event.key])?.click() : keys[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
  list.querySelector("button").addEventListener("click", () => list.close());
}
