// Behaviour of the conversation: marks, cards, copying.
// One listener on the document: the conversation's HTML is replaced while it is written.
(() => {
  const { say, type, done } = window.common;
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  function openCard(link) {
    const card = document.querySelector(link.getAttribute("href"))?.closest(".card");
    if (!card) return;
    document.querySelectorAll(".card.active, .place.active, a.mark.active").forEach((x) => x.classList.remove("active"));
    card.classList.add("active");
    card.querySelector(`.place[data-marks~="${link.textContent}"]`)?.classList.add("active");
    link.classList.add("active");
    const sources = card.closest(".sources");
    if (sources && narrow()) fold(sources, true);
    card.closest("details")?.setAttribute("open", "");
    (card.querySelector(".place.active") || card).scrollIntoView({ block: "nearest" });
    card.focus({ preventScroll: true });
  }

  function fold(sources, open) {
    sources.classList.toggle("open", open);
    sources.querySelector(".fold")?.setAttribute("aria-expanded", String(sources.classList.contains("open")));
  }

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    done(button, "已复制", "Copied");
  }

  function questionBox() {
    return document.querySelector("#question textarea");
  }

  function fill(text, send) {
    const box = questionBox();
    if (!box) return;
    type(box, text);
    box.focus();
    if (send) setTimeout(() => document.querySelector("#send")?.click(), 60);
  }

  function otherWay(question) {
    document.querySelector("#way input:not(:checked)")?.click();
    setTimeout(() => fill(question, true), 150);
  }

  // A sentence of the server beside what was pressed.
  function beside(place, sentence) {
    let line = place.querySelector(".said");
    if (!line) {
      line = Object.assign(document.createElement("span"), { className: "said note" });
      line.setAttribute("role", "status");
      place.append(line);
    }
    line.textContent = sentence;
  }

  // 有用 / 无用: 无用 asks why in a word; both are kept on the server's own disk.
  async function vote(button) {
    const { vote: value, question, mode } = button.dataset;
    const why = value === "down" ? await shell.ask(button.parentElement, {
      sentence: say("哪里不对？（可不填）", "What was wrong? (optional)"), yes: say("送出", "Send"), typed: true,
    }) : "";
    if (why === null) return;
    const answer = await fetch("/feedback", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question, mode, vote: value, why, turn: Number(button.closest("[data-stored]")?.dataset.stored ?? 0) }),
    }).catch(() => null);
    if (!answer) { beside(button.parentElement, say("没有送出：服务器没有回应，请再试一次。", "Not sent: the server did not answer. Try again.")); return; }
    if (!answer.ok) { beside(button.parentElement, (await answer.text()).slice(0, 200)); return; }
    button.parentElement.querySelectorAll("[data-vote]").forEach((x) => x.setAttribute("aria-pressed", String(x === button)));
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a.mark, .fold, [data-copy], [data-fill], [data-ask], [data-theme], [data-other], [data-vote]");
    if (!target) return;
    if (target.matches("a.mark")) { event.preventDefault(); openCard(target); }
    else if (target.matches(".fold")) fold(target.closest(".sources"));
    else if (target.matches("[data-copy]")) copy(target);
    else if (target.matches("[data-other]")) otherWay(target.dataset.other);
    else if (target.matches("[data-vote]")) vote(target);
    else if (target.matches("[data-fill]")) fill(target.dataset.fill, false);
    else if (target.matches("[data-ask]")) fill(target.dataset.ask, true);
    else if (target.matches("[data-theme]")) {
      const dark = document.body.classList.toggle("dark");
      localStorage.setItem("theme", dark ? "dark" : "light");
    }
  });

  // Escape stops a running answer, unless a dialog is open.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      document.querySelector("#stop:not([disabled])")?.click();
    }
  });

  // The tip of a mark, on hover and on focus.
  const tip = Object.assign(document.createElement("div"), { id: "tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  function showTip(event) {
    const mark = event.target.closest?.("a.mark");
    if (!mark) { tip.hidden = true; return; }
    tip.textContent = mark.dataset.tip;
    document.body.append(tip);
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 12))}px`;
    tip.style.top = `${box.top > tip.offsetHeight + 12 ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
  }
  document.addEventListener("mouseover", showTip);
  document.addEventListener("focusin", showTip);
  document.addEventListener("scroll", () => { tip.hidden = true; }, true);

  // A draft that others may have open too: whoever types holds the section, and is told what the
  // others do.
  const shared = () => document.querySelector("#draft article[data-shared]");
  const current = (draft) => draft.querySelector("section.current")?.dataset.section;
  let held = { what: "", at: 0 };
  let awake = Date.now();  // asking for ever would keep a login alive that nobody uses

  function tell(sentence) {
    let line = document.querySelector("#live");
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: "live", className: "note" });
      line.setAttribute("role", "status");
      document.querySelector("#editor")?.before(line);
    }
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  async function hold() {
    const draft = shared();
    const section = draft && current(draft);
    if (!section) return;
    const what = [draft.dataset.draft, section, draft.dataset.version].join("/");
    if (held.what === what && Date.now() - held.at < 20000) return;
    held = { what, at: Date.now() };
    const answer = await fetch(`/drafts/${draft.dataset.draft}/hold`, {
      method: "POST", body: new URLSearchParams({ section }),
    }).catch(() => null);
    if (answer?.status === 409) tell((await answer.json()).said);
  }

  async function look() {
    const draft = shared();
    if (!draft || document.hidden || Date.now() - awake > 300000) { if (!draft) document.querySelector("#live")?.remove(); return; }
    const answer = await fetch(`/drafts/${draft.dataset.draft}/now`).catch(() => null);
    if (!answer?.ok) return;
    const { version, held: others, said } = await answer.json();
    const newer = version > Number(draft.dataset.version) ? said : "";
    tell([others[current(draft)], newer].filter(Boolean).join("；"));
  }

  document.addEventListener("input", (event) => { if (event.target.closest("#heading, #body")) hold(); });
  for (const sign of ["pointermove", "keydown"]) document.addEventListener(sign, () => { awake = Date.now(); }, { passive: true });
  setInterval(look, 10000);

  // Whoever's login has ended in the middle learns it here: what was typed stays on the page.
  const asked = window.fetch;
  window.fetch = async (...given) => {
    const answer = await asked(...given);
    if (answer.status === 401 && new URL(answer.url, location.href).origin === location.origin) sayEnded();
    return answer;
  };
  function sayEnded() {
    if (document.querySelector("#ended")) return;
    const line = Object.assign(document.createElement("div"), { id: "ended" });
    line.setAttribute("role", "alert");
    const link = Object.assign(document.createElement("a"), {
      href: "/login?next=/account", target: "_blank",
      textContent: say("在新窗口重新登录", "Log in again in a new window"),
    });
    line.append(say("登录已结束；您输入的内容还在这一页。", "Your login has ended. What you typed is still here. "), link,
      say("，再回到这里继续。", ", then go on here."));
    link.addEventListener("click", () => line.remove());
    document.body.append(line);
  }

  if (localStorage.getItem("theme") === "dark") document.addEventListener("DOMContentLoaded", () => document.body.classList.add("dark"));
})();
