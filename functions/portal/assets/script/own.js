// ---- A record is printed by the browser ----
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// ---- A warning before a session or a claim ends ----
{
  // The server's clock counts, and this machine's only says how much time has passed.
  const ahead = Number(body.dataset.now) * 1000 - Date.now();
  // A session ends at its end, and sooner if no page is opened.
  const told = (name) => Number(document.cookie.match(`(?:^|; )__Host-${name}=(\\d+)`)?.[1]);
  const session = () => Math.min(told("session-ends"), told("idle-ends"));
  const shown = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Hong_Kong" });
  const checks = [...document.querySelectorAll("template[data-lead]")].map((template) => () => {
    const ends = Number(template.dataset.ends ?? session()) * 1000;
    const place = template.previousElementSibling;
    const isNear = ends - Date.now() - ahead <= Number(template.dataset.lead) * 1000;
    // Another tab may have signed in again: the warning goes as it came.
    if (!isNear) place.replaceChildren();
    else if (!place.hasChildNodes()) {
      place.append(template.content.cloneNode(true));
      for (const time of place.querySelectorAll("[data-ends-at]")) time.textContent = shown.format(ends);
      // A session that is only idle goes on with any page; its own end takes signing in again.
      const stay = place.querySelector("[data-stay]");
      if (stay && told("idle-ends") < told("session-ends")) stay.href = stay.dataset.stay;
    }
  });
  const check = () => { for (const each of checks) each(); };
  check();
  setInterval(check, 15_000);
  addEventListener("focus", check);
  document.addEventListener("visibilitychange", check);
}
