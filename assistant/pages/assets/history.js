// The list of conversations at the left of 问答, the address of the one that is open, asking anew,
// and the ↑ key. What the list holds is made by the server (/conversations).
(() => {
  const { $, english, say, type, press } = window.common;
  let bin = "";
  let recalled = [];

  // --- Gradio's hidden fields and buttons

  const put = (id, value) => type($(`#${id} textarea, #${id} input`), value);

  function show(id) {
    put("where", id);
    setTimeout(() => press("go"), 80);
  }

  // --- the list

  async function refresh() {
    const list = $("#history-list");
    if (!list) return;
    const query = new URLSearchParams({ q: $("#history-search")?.value || "", bin });
    try {
      const answer = await fetch(`/conversations?${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
    } catch {
      notify(say("对话列表暂时取不到。", "The list cannot be read now."));
      return;
    }
    recalled = JSON.parse(list.querySelector("[data-recalled]")?.dataset.recalled || "[]");
    list.querySelectorAll("input.link").forEach((box) => { box.value = new URL(box.value, location.origin).href; });
    mark();
  }

  function mark() {
    const now = current();
    document.querySelectorAll("#history-list a.title").forEach((link) => {
      if (link.dataset.open === now) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  const current = () => $("#conversation [data-conversation]")?.dataset.conversation || "";

  let leaving;
  function notify(sentence, undo) {
    const line = $("#history-said");
    if (!line) return;
    line.textContent = sentence;
    clearTimeout(leaving);
    leaving = setTimeout(() => { line.textContent = ""; }, undo ? 30_000 : 8_000);
    if (!undo) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: say("撤销", "Undo") });
    button.addEventListener("click", () => { line.textContent = ""; undo(); });
    line.append(" ", button);
    button.focus({ preventScroll: true });
  }

  async function post(path, fields = {}) {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) }).catch(() => null);
    if (answer?.ok) return answer.text();
    const page = new DOMParser().parseFromString(answer ? (await answer.text()).slice(0, 5000) : "", "text/html");
    const twin = english() && page.querySelector("p[lang=en]:not(.untranslated)");
    const said = (twin || page.querySelector("[role=alert]") || page.body).textContent.trim();
    notify(said.slice(0, 200) || say("没有做成，请再试一次。", "Not done; please try again."));
    return null;
  }

  async function perform(button) {
    const item = button.closest("[data-id]");
    const { id, title } = item.dataset;
    const { deed } = button.dataset;
    if (deed === "rename") { rename(item); return; }
    const first = {
      delete: [say(`删除对话“${title}”？之后可以从回收站恢复。`, `Delete “${title}”? It can be brought back from the bin.`), say("删除", "Delete")],
      destroy: [say("彻底删除？不能再恢复。", "Delete for good? It cannot be brought back."), say("彻底删除", "Delete for good")],
    }[deed];
    if (first && (await shell.ask(button.parentElement, { sentence: first[0], yes: first[1] })) === null) return;
    const done = await post(`/conversations/${id}/${deed}`);
    if (done === null) return;
    if (deed === "delete" && id === current()) show("");
    await refresh();
    if (deed === "delete") notify(say("已删除。", "Deleted."), async () => { if ((await post(`/conversations/${id}/restore`)) !== null) refresh(); });
    else if (deed === "share") shared(id);
    else notify(deed === "restore" ? say("已恢复。", "Brought back.") : "");
  }

  function shared(id) {
    const menu = $(`#history-list [data-id="${id}"] details`);
    if (!menu) return;
    menu.open = true;
    notify(say("已分享。同事打开链接，只看到他们能看的出处。", "Shared. Colleagues see what is open to them."));
    menu.querySelector("input.link")?.select();
  }

  function rename(item) {
    const box = Object.assign(document.createElement("input"), { type: "text", value: item.dataset.title, maxLength: 80, className: "rename" });
    box.setAttribute("aria-label", say("对话的名称", "Title"));
    const link = item.querySelector("a.title");
    item.querySelector("details")?.removeAttribute("open");
    link.replaceWith(box);
    box.focus();
    box.select();
    let over = false;
    const end = async (keep) => {
      if (over) return;
      over = true;
      if (keep && box.value.trim() && box.value !== item.dataset.title) await post(`/conversations/${item.dataset.id}/rename`, { title: box.value });
      await refresh();
      $(`#history-list [data-id="${item.dataset.id}"] a.title`)?.focus();
    };
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") end(true);
      else if (event.key === "Escape") end(false);
    });
    box.addEventListener("blur", () => end(true));
  }

  function drawer(open) {
    document.body.classList.toggle("history-open", open);
    $("#open-history")?.setAttribute("aria-expanded", String(open));
    if (open) $("#history-search")?.focus();
    else if ($("#history-panel")?.contains(document.activeElement)) $("#open-history")?.focus();
  }

  async function keep(button) {
    const turn = button.dataset.keep;
    const done = await post(`/conversations/${current()}/turns/${turn}/keep`);
    if (done === null) return;
    button.setAttribute("aria-pressed", "true");
    notify(say("已收藏。", "Saved."));
  }

  async function dismiss(button) {
    const { dismiss: id, notice } = button.dataset;
    if ((await post(`/saved/${id}/dismiss`, { notice })) === null) return;
    const list = button.closest("ul");
    button.closest("li").remove();
    if (!list.children.length) list.closest(".notices").remove();
  }

  function redo(button) {
    put("redo", button.dataset.redo); // page.js fills the box
    if (button.dataset.fill) notify(say("正在改这一问：发送后从这里重新问，原来的回答会留着。按 Esc 取消。", "Editing: it is asked anew from here, and what was answered is kept. Esc cancels."));
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-ask], [data-fill]") && !event.target.closest("[data-redo]")) put("redo", "");
    const target = event.target.closest("[data-redo], [data-open], [data-deed], [data-bin], [data-keep], [data-dismiss], #open-history, #close-history, #history-new, .history-shade");
    if (!target) {
      document.querySelectorAll("#history-list details[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
      return;
    }
    if (target.matches("[data-redo]")) redo(target);
    else if (target.matches("[data-open]")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(target.dataset.open);
      drawer(false);
    } else if (target.matches("[data-deed]")) perform(target);
    else if (target.matches("[data-bin]")) { bin = target.dataset.bin; refresh(); }
    else if (target.matches("[data-keep]")) keep(target);
    else if (target.matches("[data-dismiss]")) dismiss(target);
    else if (target.matches("#open-history")) drawer(!document.body.classList.contains("history-open"));
    else if (target.matches("#history-new")) { show(""); drawer(false); $("#question textarea")?.focus(); }
    else drawer(false);
  }, true);

  // --- searching, the ↑ key, Escape

  let waiting;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "history-search") return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 200);
  });

  let at = -1;
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key === "Escape") {
      put("redo", "");
      if (document.body.classList.contains("history-open")) drawer(false);
      document.querySelectorAll("#history-list details[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
      return;
    }
    if (!box.matches?.("#question textarea") || event.isComposing) return;
    if (event.key === "ArrowUp" && (box.value === "" || box.value === recalled[at])) recall(box, at + 1, event);
    else if (event.key === "ArrowDown" && at >= 0 && box.value === recalled[at]) recall(box, at - 1, event);
  }, true);

  function recall(box, next, event) {
    if (next >= recalled.length) return;
    event.preventDefault();
    at = next;
    type(box, at < 0 ? "" : recalled[at]);
  }

  // --- the address follows the conversation, and the conversation the address

  let known = null;  // null until the first picture
  let going = false; // back or forward is under way
  let answered = "";
  function follow() {
    const view = $("#conversation");
    if (!view || !view.querySelector(".welcome, .turns")) return;
    const now = current();
    if (now !== known) {
      const address = now ? `/?c=${encodeURIComponent(now)}` : "/";
      if (known !== null && !going && location.pathname + location.search !== address) history.pushState(null, "", address);
      else if (location.pathname + location.search !== address) history.replaceState(null, "", address);
      known = now;
      going = false;
      at = -1;
      mark();
    }
    // Once for a question that was written down, once when it is answered.
    const state = `${now}:${view.querySelectorAll(".turn").length}`;
    if (state !== answered) { answered = state; refresh(); }
  }

  addEventListener("popstate", () => {
    const wanted = new URLSearchParams(location.search).get("c") || "";
    if (wanted === current()) return;
    going = true;
    show(wanted);
  });

  function begin() {
    const shade = Object.assign(document.createElement("div"), { className: "history-shade" });
    document.body.append(shade);
    follow();
  }
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
