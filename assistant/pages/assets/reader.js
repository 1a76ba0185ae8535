// The original beside the answer: a panel at the right on wide screens, the whole page with a way
// back on narrow ones. And questions that are asked within one document.
(() => {
  const { $, say, type, press } = window.common;
  const wide = () => matchMedia("(min-width: 1200px)").matches;
  let opener = null; // what gets the focus back

  // --- the panel

  function panel() {
    let made = $("dialog#reader");
    if (made) return made;
    made = Object.assign(document.createElement("dialog"), { id: "reader" });
    made.setAttribute("aria-label", say("原文", "Document"));
    const head = Object.assign(document.createElement("div"), { className: "head" });
    const away = Object.assign(document.createElement("a"), { className: "tool away", target: "_blank" });
    away.textContent = say("在新窗口打开", "Open in a new window");
    const close = Object.assign(document.createElement("button"), { className: "tool", type: "button", id: "close-reader" });
    close.addEventListener("click", shut);
    head.append(away, close);
    const frame = Object.assign(document.createElement("iframe"), { title: say("原文", "Document") });
    made.append(head, frame);
    made.addEventListener("close", closed);
    document.body.append(made);
    return made;
  }

  function open(address, from) {
    const reader = panel();
    const beside = wide();
    opener = from ?? opener;
    reader.querySelector("a.away").href = address;
    reader.querySelector("#close-reader").textContent = beside ? say("关闭（Esc）", "Close (Esc)") : say("← 返回", "← Back");
    // The frame's own history must not take the steps of the page's.
    const frame = reader.querySelector("iframe");
    if (reader.open && frame.contentWindow) frame.contentWindow.location.replace(address);
    else frame.src = address;
    if (!reader.open) {
      if (beside) reader.show();
      else {
        reader.showModal();
        history.pushState({ reader: true }, "", location.href); // the browser's way back closes it
      }
    }
    document.body.classList.toggle("reading", beside);
    reader.querySelector("#close-reader").focus({ preventScroll: true });
  }

  function shut() {
    if (history.state?.reader) history.back();
    else $("dialog#reader[open]")?.close();
  }

  function closed() {
    document.body.classList.remove("reading");
    if (history.state?.reader) history.back(); // Escape closed it
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  addEventListener("popstate", () => $("dialog#reader[open]")?.close());
  addEventListener("resize", () => {
    const reader = $("dialog#reader[open]");
    if (!reader || wide() === document.body.classList.contains("reading")) return;
    document.body.classList.remove("reading");
    if (wide() || history.state?.reader) return; // a page that covers all stays one
    reader.close();
  });

  // The address of a source, with the other places that its turn cites in the same document.
  function withMarks(link) {
    const address = new URL(link.getAttribute("href"), location.origin);
    const turn = link.closest(".turn, .sources, section");
    const found = [];
    for (const card of turn?.querySelectorAll(".card") ?? []) {
      const other = card.querySelector("a.open[href^='/documents/']");
      if (!other) continue;
      const place = new URL(other.getAttribute("href"), location.origin);
      const [start, end] = [place.searchParams.get("start"), place.searchParams.get("end")];
      if (place.pathname !== address.pathname || !start || !end) continue;
      for (const number of card.querySelectorAll(".number")) found.push(`${parseInt(number.textContent, 10) || 0}:${start}-${end}`);
    }
    if (found.length) address.searchParams.set("marks", found.join(","));
    return address.pathname + address.search + address.hash;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.open[href^='/documents/']");
    if (link) {
      const address = withMarks(link);
      if (event.ctrlKey || event.metaKey || event.shiftKey) { link.setAttribute("href", address); return; }
      event.preventDefault();
      open(address, link);
      return;
    }
    // While a document is open beside the answer, a mark leads to its place there as well.
    const mark = event.target.closest?.("a.mark[href^='#']");
    if (mark && document.body.classList.contains("reading")) {
      const source = document.getElementById(mark.getAttribute("href").slice(1))?.querySelector("a.open[href^='/documents/']");
      if (source) setTimeout(() => { open(withMarks(source), mark); mark.focus({ preventScroll: true }); }, 0);
    }
  });

  // Before page.js, for which Escape stops an answer.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.classList.contains("reading")) return;
    if (event.target.closest?.("#question") && $("#stop:not([disabled])")) return; // of the answer
    event.preventDefault();
    event.stopImmediatePropagation();
    shut();
  }, true);

  // --- asking within one document

  const field = () => $("#within textarea, #within input");

  function narrow(id, title) {
    type(field(), id);
    let chip = $("#within-chip");
    if (!id) { chip?.remove(); return; }
    if (!chip) {
      chip = Object.assign(document.createElement("p"), { id: "within-chip", className: "scope" });
      $("#ask").before(chip);
    }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip" });
    button.textContent = `《${title}》 ✕`;
    button.setAttribute("aria-label", say(`不再只在《${title}》中提问`, `Ask in all documents again, not only in ${title}`));
    button.addEventListener("click", () => { narrow("", ""); $("#question textarea")?.focus(); });
    chip.replaceChildren(say("只在这份文件中提问：", "Only within: "), button);
  }

  function ask({ within, title, question }, send) {
    const box = $("#question textarea");
    narrow(within, title);
    if (!question) { box.focus(); return; }
    type(box, String(question).slice(0, 500));
    box.focus();
    if (send) setTimeout(() => press("send"), 120);
  }

  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== $("dialog#reader iframe")?.contentWindow) return;
    if (event.data?.original === "close") shut();
    else if (event.data?.original === "ask" && field()) {
      if (!wide()) shut();
      ask(event.data, true);
    }
  });

  // From a document's own page. Only this site can have put the question where it is taken from
  // to be sent at once; one of the address is shown, and whoever wants it sends it.
  function arrive() {
    const asked = new URLSearchParams(location.search);
    const within = asked.get("within");
    if (!within) return;
    let handed = null;
    try {
      handed = JSON.parse(sessionStorage.getItem("ask-within") || "null");
      sessionStorage.removeItem("ask-within");
    } catch { /* nothing was handed over */ }
    const question = asked.get("q") || "";
    const own = handed?.within === within && handed.question === question;
    const ready = setInterval(async () => {
      if (!field() || !$("#conversation :is(.welcome, .turns)")) return;
      clearInterval(ready);
      const answer = await fetch(`/documents/${encodeURIComponent(within)}/about`).catch(() => null);
      if (!answer?.ok) return;
      ask({ within, question, title: (await answer.json()).title }, own);
    }, 100);
  }
  arrive();
})();
