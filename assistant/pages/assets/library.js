// 文件库: the list is made by the server (/library/rows) and stands in a frame of Gradio's page. The
// address is its state: sorting, filters and pages are links and a form, taken over here so that
// only the list changes. Those chosen stay chosen from page to page.
(() => {
  const own = (path) => path === "/library" || path === "/library/";
  if (!own(location.pathname)) return;
  const PART = 25; // documents of one request: a long deed shows how far it is
  const { $, english, say } = window.common;
  const chosen = new Set();
  let asked = [];
  let turn = 0;

  // --- the list

  const get = async (query, part) => {
    const search = new URLSearchParams(query);
    if (part) search.set("part", part);
    const answer = await fetch(`/library/rows?${search}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  const first = get(location.search).catch(() => null); // asked for before Gradio has drawn its page

  async function place(content) {
    const shelf = $("#shelf");
    if (content === null) {
      notify(say("文件列表暂时取不到，请刷新页面。", "The list cannot be read now; reload the page."));
      return;
    }
    shelf.innerHTML = content;
    shelf.removeAttribute("aria-busy");
    mark();
  }

  // `whole`: the filters too, for what they offer may have changed.
  async function load({ whole = false } = {}) {
    const now = ++turn;
    const region = whole || !$("#shelf-list") ? $("#shelf") : $("#shelf-list");
    const focused = whole ? "" : where(document.activeElement);
    region.setAttribute("aria-busy", "true");
    let content;
    try {
      content = await get(location.search, region.id === "shelf" ? "" : "list");
    } catch {
      region.removeAttribute("aria-busy");
      notify(say("文件列表暂时取不到，请再试一次。", "The list cannot be read now; try again."));
      return;
    }
    if (now !== turn) return; // something newer was asked for meanwhile
    region.innerHTML = content;
    region.removeAttribute("aria-busy");
    mark();
    if (focused) ($(focused) || $("#shelf-count"))?.focus({ preventScroll: true });
  }

  // A selector for what has the focus, to find it again in the new list.
  function where(element) {
    if (!element?.closest?.("#shelf-list")) return "";
    const head = element.closest("th");
    return head ? `#shelf-list th.${head.className} a` : "#shelf-count";
  }

  function go(address, { whole = false } = {}) {
    if (location.pathname + location.search !== address) history.pushState(null, "", address);
    return load({ whole });
  }

  function search(form) {
    const fields = [...new FormData(form)].filter(([, value]) => String(value).trim());
    const query = new URLSearchParams(fields);
    go(String(query) ? `/library?${query}` : "/library");
  }

  let fading;
  function notify(sentence) {
    const line = $("#shelf-said");
    if (!line) return;
    line.textContent = sentence;
    clearTimeout(fading);
    if (sentence) fading = setTimeout(() => { line.textContent = ""; }, 30_000);
  }

  // --- choosing

  function mark() {
    const boxes = [...document.querySelectorAll("#shelf [data-choose]")];
    for (const box of boxes) {
      box.checked = chosen.has(box.value);
      box.closest("tr").classList.toggle("chosen", box.checked);
    }
    const all = $("#shelf-all");
    const count = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = boxes.length > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    const line = $("#shelf-chosen");
    if (line) line.textContent = chosen.size ? say(`已选 ${chosen.size} 份`, `${chosen.size} chosen`) : say("没有选中", "None chosen");
    if ($("#shelf-none")) $("#shelf-none").hidden = !chosen.size;
    document.querySelectorAll("#shelf [data-needs]").forEach((button) => { button.disabled = !chosen.size; });
    document.querySelectorAll("#shelf [data-export]").forEach((link) => {
      link.title = chosen.size ? say("只导出选中的", "Only those chosen") : say("导出列出的全部", "All that are listed");
    });
  }

  function choose(id, is) {
    if (is) chosen.add(id);
    else chosen.delete(id);
  }

  // --- one document

  async function more(button) {
    const row = button.closest("tr");
    const open = row.nextElementSibling?.matches(".detail") ? row.nextElementSibling : null;
    button.setAttribute("aria-expanded", String(!open));
    if (open) { open.remove(); return; }
    const answer = await fetch(`/library/card/${encodeURIComponent(button.dataset.more)}`).catch(() => null);
    const line = document.createElement("tr");
    line.className = "detail";
    const cell = document.createElement("td");
    cell.colSpan = row.children.length;
    if (answer?.ok) cell.innerHTML = await answer.text();
    else cell.textContent = say("现在打不开详情，请再试一次。", "This cannot be read now; try again.");
    line.append(cell);
    row.after(line);
  }

  // --- deeds: a question first, then the deed

  function dialog() {
    let shown = $("dialog#shelf-dialog");
    if (!shown) {
      shown = document.createElement("dialog");
      shown.id = "shelf-dialog";
      shown.setAttribute("aria-labelledby", "shelf-question");
      document.body.append(shown);
    }
    return shown;
  }

  const opened = () => $("[data-collection]")?.dataset.collection || "";

  async function question(button) {
    asked = button.dataset.one ? [button.dataset.one] : [...chosen];
    const body = new URLSearchParams([...asked.map((id) => ["ids", id]), ["collection", opened()]]);
    const answer = await fetch(`/library/ask/${button.dataset.shelf}`, { method: "POST", body }).catch(() => null);
    const shown = dialog();
    if (!answer) { notify(say("没有连上服务器，请再试一次。", "The server cannot be reached; try again.")); return; }
    const content = await answer.text();
    if (!answer.ok) { notify(new DOMParser().parseFromString(content.slice(0, 1000), "text/html").body.textContent.trim()); return; }
    shown.innerHTML = content;
    fresh();
    shown.showModal();
    shown.querySelector("input, select, [data-close]")?.focus();
  }

  // A new collection is described only where none is chosen.
  function fresh() {
    const into = $("#shelf-into");
    if (into) $("#shelf-fresh").hidden = Boolean(into.value);
  }

  async function send(action, fields, ids) {
    const body = new URLSearchParams([...fields, ...ids.map((id) => ["ids", id])]);
    const answer = await fetch(action, { method: "POST", body }).catch(() => null);
    if (!answer) return { done: 0, problems: [say("没有连上服务器，请再试一次。", "The server cannot be reached; try again.")], said: [] };
    try {
      return await answer.json();
    } catch {
      return { done: 0, problems: [say("没有完成，请再试一次。", "Not done; try again.")], said: [] };
    }
  }

  async function perform(form) {
    const line = form.querySelector(".said");
    const buttons = form.querySelectorAll("button");
    const fields = new Map([...new FormData(form), ["collection", opened()]]);
    const ids = [...asked];
    const whole = { done: 0, problems: [], said: [], go: "" };
    buttons.forEach((button) => { button.disabled = true; });
    for (let at = 0; at === 0 || at < ids.length; at += PART) {
      if (ids.length > PART) line.textContent = say(`已做 ${at} / ${ids.length}`, `${at} of ${ids.length}`);
      const part = await send(form.getAttribute("action"), fields, ids.slice(at, at + PART));
      whole.done += part.done;
      whole.problems.push(...part.problems);
      whole.said.push(...part.said);
      whole.go = part.go || whole.go;
      if (part.into) fields.set("into", part.into);
      if (!part.done && part.problems.length) break;
    }
    buttons.forEach((button) => { button.disabled = false; });
    if (!whole.done && whole.problems.length) {
      line.textContent = whole.problems.slice(0, 3).join("；");
      form.querySelector("input, select, [data-close]")?.focus();
      return;
    }
    const done = (english() ? form.dataset.doneEn : form.dataset.doneZh).replace("{n}", whole.done);
    dialog().close();
    for (const id of ids) chosen.delete(id);
    await (whole.go ? go(whole.go, { whole: true }) : load({ whole: true }));
    notify([done, ...whole.said.slice(0, 3), ...whole.problems.slice(0, 3)].join(" "));
    $("#shelf-said")?.focus({ preventScroll: true });
  }

  async function download(link) {
    const body = new URLSearchParams([...chosen].map((id) => ["ids", id]));
    const answer = await fetch(`/library/list.${link.dataset.export}`, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) { notify(say("没有导出，请再试一次。", "Not exported; try again.")); return; }
    const address = URL.createObjectURL(await answer.blob());
    Object.assign(document.createElement("a"), { href: address, download: `${say("文件清单", "documents")}.${link.dataset.export}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  // --- what happens

  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("#shelf a, #shelf button, dialog#shelf-dialog [data-close]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target.matches("[data-close]")) dialog().close();
    else if (target.matches("[data-more]")) more(target);
    else if (target.matches("[data-shelf]")) question(target);
    else if (target.id === "shelf-none") { chosen.clear(); mark(); $("#shelf-all")?.focus(); }
    else if (target.matches("[data-export]")) {
      if (!chosen.size) return;
      event.preventDefault();
      download(target);
    } else if (target.matches("a[href^='/']") && own(new URL(target.href).pathname)) {
      event.preventDefault();
      const address = target.getAttribute("href");
      // The form shows what is in force: a filter taken off is taken off there too.
      go(address, { whole: Boolean(target.closest(".chips, .shelf-search")) });
    }
  });

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target.matches("#shelf [data-choose]")) { choose(target.value, target.checked); mark(); }
    else if (target.id === "shelf-all") {
      document.querySelectorAll("#shelf [data-choose]").forEach((box) => choose(box.value, target.checked));
      mark();
    } else if (target.id === "shelf-into") fresh();
    else if (target.matches("#library-search :is(select, input[type=checkbox], input[list])")) search(target.form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "library-search") { event.preventDefault(); search(form); }
    else if (form.closest("dialog#shelf-dialog")) { event.preventDefault(); perform(form); }
  });

  addEventListener("popstate", () => { if (own(location.pathname)) load({ whole: true }); });
  document.addEventListener("library-changed", () => { if ($("#shelf")) load({ whole: true }); });

  // --- the beginning: Gradio draws the frame some time after this script has run

  async function begin() {
    if (!$("#shelf") || $("#shelf").dataset.begun) return;
    $("#shelf").dataset.begun = "true";
    watching.disconnect();
    await place(await first);
  }
  const watching = new MutationObserver(begin);
  watching.observe(document.documentElement, { childList: true, subtree: true });
  begin();
})();
