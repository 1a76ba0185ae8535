// 问答: draws what changed of the conversation, keeps what is typed, copies with sources and tables.
// The server sends a whole picture once (data-whole), then only the turns that changed.
(() => {
  const { $, english, say, type, press, done } = window.common;
  const box = () => $("#question textarea");

  // --- drawing

  const sources = new Map();  // the markup of each turn that is shown: what is alike stays as it is
  let returned = new Set();   // stopped questions that were given back already
  let latest = 0;             // change of the conversation that the latest picture knows

  function parsed(markup) {
    const template = document.createElement("template");
    template.innerHTML = markup;
    return template.content.firstElementChild;
  }

  function draw() {
    const room = $("#talk");
    if (!room) return;
    for (const markup of (window.drawn ?? []).splice(0)) {
      const picture = markup ? parsed(markup) : null;
      if (!picture) continue;
      if ("whole" in picture.dataset) whole(room, picture);
      else changes(room, picture);
    }
    look();
  }

  function whole(room, picture) {
    sources.clear();
    returned = new Set([...picture.querySelectorAll("[data-returned]")].map((turn) => turn.dataset.stored));
    room.replaceChildren(...picture.childNodes);
    room.dataset.talk = picture.dataset.talk;
    latest = 0;
    pending.length = 0;
    held = last()?.id ?? "";
    last()?.scrollIntoView({ block: "start" });
    box()?.focus({ preventScroll: true });
  }

  const turns = () => [...document.querySelectorAll("#talk > .turns > .turn")];
  const last = () => turns().at(-1);
  const change = (drawn) => Number(drawn.dataset.change ?? 0);

  // Pictures of two questions at once may come in another order than they were made in, and those
  // of a conversation that was left may come late: nothing is replaced by what it was before.
  function changes(room, picture) {
    if ((room.dataset.talk ?? picture.dataset.talk) !== picture.dataset.talk) return;
    let list = $(":scope > .turns", room);
    if (!list) {
      list = Object.assign(document.createElement("div"), { className: "turns" });
      list.setAttribute("role", "log");
      list.setAttribute("aria-live", "polite");
      list.setAttribute("aria-label", say("对话", "Conversation"));
      room.replaceChildren(list);
    }
    list.dataset.conversation = picture.dataset.conversation;
    $(":scope > .problem", room)?.remove();
    for (const piece of [...picture.children]) {
      if (piece.matches(".turn")) put(list, piece);
      else room.append(piece);
    }
    if (change(picture) < latest) return;
    latest = change(picture);
    const count = Number(picture.dataset.turns);
    turns().filter((turn) => Number(turn.id.slice(5)) > count).forEach((turn) => turn.remove());
    if (turns().length < count) press("redraw");  // one was lost: the connection broke
  }

  function put(list, turn) {
    const markup = turn.outerHTML;
    const old = $(`:scope > #${turn.id}`, list);
    if (old && (sources.get(turn.id) === markup || change(turn) < change(old))) return;
    sources.set(turn.id, markup);
    settled(turn);
    held = turn.id;
    if (old) { old.replaceWith(turn); give(turn); return; }
    $(":scope > .sending", list)?.remove();
    list.append(turn);
    turn.scrollIntoView({ block: "start" });
    give(turn);
  }

  // --- the question box

  const pending = [];  // sent, and not seen in the conversation yet

  // Called with what is sent, before it is: the box is free for the next question at once.
  function sent(question) {
    if (!question?.trim()) return;
    pending.push(question);
    if (box()?.value === question) type(box(), "");
    setTimeout(() => type($("#redo textarea, #redo input"), ""), 0);
  }

  function settled(turn) {
    const asked = $(".asked p", turn)?.textContent;
    const at = pending.findIndex((question) => question.trim() === asked);
    if (at >= 0) pending.splice(at, 1);
  }

  function giveBack(question) {
    if (box() && !box().value.trim()) type(box(), question);
  }

  // A question that was stopped comes back into the box, unless another is being typed there.
  function give(turn) {
    if (!("returned" in turn.dataset) || returned.has(turn.id + turn.dataset.stored)) return;
    returned.add(turn.id + turn.dataset.stored);
    giveBack(turn.dataset.returned);
  }

  // What could not be sent at all comes back too.
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const address = String(given[0]?.url ?? given[0]);
    if (!address.includes("/queue/join")) return fetched(...given);
    try {
      const answer = await fetched(...given);
      if (!answer.ok) lost();
      return answer;
    } catch (error) {
      lost();
      throw error;
    }
  };

  function lost() {
    const question = pending.pop();
    if (!question) return;
    giveBack(question);
    told(say("没有发出去：连不上服务器。问题还在输入框里，可以再发一次。",
      "Not sent: the server cannot be reached. Your question is still in the box."));
  }

  function told(sentence) {
    const line = $("#export-said .prose") || $("#export-said");
    if (!line) return;
    let said = $("#chat-said");
    if (!said) {
      said = Object.assign(document.createElement("p"), { id: "chat-said", className: "note" });
      said.setAttribute("role", "status");
      $("#ask").after(said);
    }
    said.textContent = sentence;
    setTimeout(() => { if (said.textContent === sentence) said.textContent = ""; }, 10_000);
  }

  function ask(question) {
    type(box(), question);
    box()?.focus();
    setTimeout(() => press("send"), 60);
  }

  // Takes all filters away, and asks when they are gone.
  function unfilter(question) {
    $("#within-chip button")?.click();
    press("unfilter");
    const until = Date.now() + 5000;
    const wait = setInterval(() => {
      if ($("#chips input:checked") && Date.now() < until) return;
      clearInterval(wait);
      ask(question);
    }, 60);
  }

  // --- copying: as HTML for Word and as plain text for the rest

  async function copied(button, html, text) {
    try {
      const parts = { "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([text], { type: "text/plain" }) };
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    } catch {  // not over http from another machine
      document.addEventListener("copy", (event) => {
        event.clipboardData.setData("text/html", html);
        event.clipboardData.setData("text/plain", text);
        event.preventDefault();
      }, { once: true });
      document.execCommand("copy");
    }
    done(button, "已复制", "Copied");
  }

  // What an answer says, without what only the page needs.
  function bare(node) {
    const copy = node.cloneNode(true);
    const hidden = english() ? ".zh" : ".en";
    copy.querySelectorAll(`.tools, summary, button, ${hidden}`).forEach((x) => x.remove());
    copy.querySelectorAll("a.mark").forEach((mark) => mark.replaceWith(`[${mark.textContent}]`));
    copy.querySelectorAll("details, div, mark").forEach((x) => x.replaceWith(...x.childNodes));
    copy.querySelectorAll("*").forEach((x) => { for (const { name } of [...x.attributes]) if (!["scope", "rowspan", "colspan"].includes(name)) x.removeAttribute(name); });
    copy.querySelectorAll("table").forEach((x) => { x.setAttribute("border", "1"); x.setAttribute("style", "border-collapse:collapse"); });
    return copy;
  }

  const escaped = (text) => Object.assign(document.createElement("p"), { textContent: text }).outerHTML;

  function copyAnswer(button) {
    const text = button.dataset.copyAnswer;
    const list = text.split("\n").filter((line) => /^\[\d+\] /.test(line)).map(escaped).join("");
    copied(button, bare($(".text", button.closest("article"))).innerHTML + list, text);
  }

  function copyTable(button) {
    const room = document.createElement("div");
    room.append(button.closest(".tabled").querySelector("table").cloneNode(true));
    const table = bare(room);
    const rows = [...table.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t"));
    copied(button, table.innerHTML, rows.join("\n"));
  }

  // --- the sources of the turn in view

  let held = "";  // what has just been answered, until somebody moves the page
  function look() {
    const all = turns();
    if (!all.length) return;
    const fresh = held && document.getElementById(held);
    if (fresh) { view(fresh); return; }
    // At the top of the page the first turn is read, at its end the last one.
    const room = document.documentElement.scrollHeight - innerHeight;
    const line = 90 + (room > 20 ? scrollY / room : 1) * (innerHeight - 90);
    const seen = all.findLast((turn) => turn.getBoundingClientRect().top <= line) ?? all[0];
    const has = (turn) => $(":scope > .pair > .sources", turn);
    const inSight = (turn) => { const { top, bottom } = turn.getBoundingClientRect(); return bottom > 0 && top < innerHeight - 120; };
    view(has(seen) ? seen : all.findLast((turn) => has(turn) && inSight(turn)) ?? seen);
  }

  function view(turn) {
    if (turn.classList.contains("viewed") && $(".turn.viewed") === turn) return;
    turns().forEach((other) => other.classList.toggle("viewed", other === turn));
  }

  const moved = () => { held = ""; look(); };
  for (const sign of ["wheel", "touchmove"]) addEventListener(sign, moved, { passive: true });
  addEventListener("keydown", (event) => { if (["PageUp", "PageDown", "Home", "End"].includes(event.key)) moved(); });
  addEventListener("pointerdown", (event) => { if (event.clientX >= document.documentElement.clientWidth) moved(); });
  addEventListener("scroll", look, { passive: true });
  addEventListener("resize", look);

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy-answer], [data-copy-table], [data-unfilter], a.mark");
    if (!target) return;
    if (target.matches("a.mark")) { const turn = target.closest("#talk > .turns > .turn"); if (turn) { held = turn.id; view(turn); } }
    else if (target.matches("[data-copy-answer]")) copyAnswer(target);
    else if (target.matches("[data-copy-table]")) copyTable(target);
    else unfilter(target.dataset.unfilter);
  }, true);

  window.chat = { draw, sent };
  draw();
})();
