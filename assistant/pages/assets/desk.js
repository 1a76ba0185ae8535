// 起草: words are edited where they stand, the outline is moved by drag and by keys, comments and
// lengths are sent from within the text. What Gradio holds stays in Gradio: the boxes of heading
// and body are filled here, and its buttons pressed, so that "what was typed is saved first" is
// true of every button. One listener on the document: the draft's HTML is replaced at each change.
(() => {
  const english = () => document.documentElement.lang.startsWith("en");
  const say = (zh, en) => (english() ? en : zh);
  const article = () => document.querySelector("#draft article.draft");
  const box = (name) => document.querySelector(`#${name} textarea, #${name} input`);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let focusAfter = "";  // what gets the focus while the draft is shown anew, until somebody acts
  const opened = new Set();  // folds that somebody opened
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, (event) => { if (event.isTrusted) focusAfter = ""; }, true);
  }

  function tell(sentence, isProblem = false) {
    let line = document.querySelector("#told");
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: "told" });
      line.setAttribute("role", "status");
      document.querySelector("#draft")?.before(line);
    }
    line.className = isProblem ? "problem" : "note";
    line.textContent = sentence;
  }

  // As if somebody had typed it: Gradio listens to input.
  function put(field, value) {
    const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- the section whose words are in the boxes -------------------------------------------------

  const holds = (section) => section.classList.contains("current")
    && box("heading")?.value === section.dataset.heading
    && box("body")?.value.length === Number(section.dataset.size);

  function current(identifier) {
    return article()?.querySelector(`section[data-section="${CSS.escape(identifier)}"]`);
  }

  // The section, once it is chosen in the outline and its words are in the boxes.
  async function chosen(identifier) {
    const sections = [...article().querySelectorAll("section")];
    const at = sections.findIndex((s) => s.dataset.section === identifier);
    if (at < 0) return null;
    if (!holds(sections[at])) document.querySelectorAll("#sections input")[at]?.click();
    for (let tries = 0; tries < 1200; tries += 1) {
      const section = current(identifier);
      if (section && holds(section)) { await frame(); return current(identifier); }
      await frame();
    }
    return null;
  }

  // --- editing in place -------------------------------------------------------------------------

  async function edit(identifier) {
    if (article()?.querySelector(".in-place")) { document.querySelector(".in-place textarea").focus(); return; }
    const section = await chosen(identifier);
    if (!section) return;
    const [heading, body] = [box("heading"), box("body")];
    if (body.disabled) { tell(document.querySelector("#beside")?.innerText.trim() || say("这一部分现在不能改。", "This section cannot be changed now."), true); return; }
    section.querySelector(".words").before(editor(section, heading, body));
    section.classList.add("editing");
    const area = section.querySelector(".in-place textarea");
    grow(area);
    area.focus({ preventScroll: true });
    section.scrollIntoView({ block: "nearest" });
  }

  function labelled(name, field) {
    const label = document.createElement("label");
    label.append(name, field);
    return label;
  }

  function editor(section, heading, body) {
    const before = [heading.value, body.value];
    const form = Object.assign(document.createElement("form"), { className: "in-place" });
    const title = Object.assign(document.createElement("input"), { type: "text", value: before[0] });
    const area = Object.assign(document.createElement("textarea"), { value: before[1], rows: 4 });
    const save = Object.assign(document.createElement("button"), { type: "submit", className: "tool", textContent: say("保存", "Save") });
    const cancel = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: say("取消", "Cancel") });
    const hint = Object.assign(document.createElement("small"), { textContent: say("Ctrl+Enter 保存，Esc 取消；[1] 是出处的编号，请留着", "Ctrl+Enter saves, Esc cancels; [1] marks a source, keep it") });
    const row = Object.assign(document.createElement("div"), { className: "tools" });
    row.append(save, cancel, hint);
    form.append(labelled(say("标题", "Heading"), title), labelled(say("正文", "Text"), area), row);
    title.addEventListener("input", () => put(heading, title.value));
    area.addEventListener("input", () => { put(body, area.value); grow(area); });
    const close = () => {
      put(heading, before[0]);
      put(body, before[1]);
      form.remove();
      section.classList.remove("editing");
      section.querySelector("[data-edit]")?.focus();
    };
    cancel.addEventListener("click", close);
    form.addEventListener("submit", (event) => { event.preventDefault(); keep(section.dataset.section); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); close(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); keep(section.dataset.section); }
    });
    return form;
  }

  function keep(identifier) {
    focusAfter = `section[data-section="${CSS.escape(identifier)}"] [data-edit]`;
    document.querySelector("#save")?.click();
  }

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 4, innerHeight * 0.7)}px`;
  }

  // --- the outline ------------------------------------------------------------------------------

  async function send(address, fields) {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields) }).catch(() => null);
    if (!answer) { tell(say("没有送出：服务器没有回应，请再试一次。", "Not sent: the server did not answer. Try again."), true); return false; }
    const told = await answer.json().catch(() => ({ said: say("没有做成，请刷新后再试。", "It failed; reload and try again.") }));
    tell(english() ? told.english || told.said : told.said, !answer.ok);
    if (answer.ok) document.querySelector("#refresh")?.click();
    return answer.ok;
  }

  const labels = () => [...document.querySelectorAll("#sections label")];
  let dragged = -1;

  function sectionAt(index) {
    return article()?.querySelectorAll("section")[index]?.dataset.section ?? "";
  }

  function draggable() {
    for (const label of labels()) if (!label.draggable) label.draggable = true;
  }

  function clearDrop() {
    for (const label of labels()) label.classList.remove("drop-above", "drop-below", "dragged");
  }

  document.addEventListener("dragstart", (event) => {
    const label = event.target.closest?.("#sections label");
    if (!label) return;
    dragged = labels().indexOf(label);
    label.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", label.innerText);
  });
  document.addEventListener("dragend", () => { dragged = -1; clearDrop(); });
  document.addEventListener("dragover", (event) => {
    const label = event.target.closest?.("#sections label");
    if (!label || dragged < 0) return;
    event.preventDefault();
    clearDrop();
    const { top, height } = label.getBoundingClientRect();
    label.classList.add(event.clientY < top + height / 2 ? "drop-above" : "drop-below");
  });
  document.addEventListener("drop", (event) => {
    const label = event.target.closest?.("#sections label");
    if (!label || dragged < 0) return;
    event.preventDefault();
    const to = labels().indexOf(label) + (label.classList.contains("drop-below") ? 1 : 0);
    const [section, before] = [sectionAt(dragged), sectionAt(to)];
    dragged = -1;
    clearDrop();
    if (section && section !== before) send(`/drafts/${article().dataset.draft}/order`, { section, before });
  });
  // Before Gradio's radio takes the arrow for itself.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.target.closest?.("#sections")) return;
    const button = { ArrowUp: "#up", ArrowDown: "#down" }[event.key];
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    focusAfter = "#sections input:checked";
    document.querySelector(button)?.click();
    tell(say("已移动，编号已按新的顺序改好。", "Moved; headings are numbered anew."));
  }, true);

  // --- from within the text ---------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#draft [data-edit]");
    if (button) edit(button.closest("section").dataset.section);
    const mark = event.target.closest("#draft a.comment-mark");
    if (mark) {
      event.preventDefault();
      const item = document.querySelector(mark.getAttribute("href"));
      item?.closest("details")?.setAttribute("open", "");
      item?.focus();
    }
  });
  document.addEventListener("dblclick", (event) => {
    const words = event.target.closest("#draft .words");
    const section = words?.closest("section");
    if (section?.querySelector("[data-edit]")) { getSelection()?.removeAllRanges(); edit(section.dataset.section); }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("#draft form[data-inline]");
    if (!form) return;
    event.preventDefault();
    send(form.getAttribute("action"), new FormData(form));
  });
  document.addEventListener("toggle", (event) => {
    const fold = event.target.dataset?.fold;
    if (fold) opened[event.target.open ? "add" : "delete"](fold);
  }, true);

  // The draft is shown anew: folds stay as they were, and the keyboard where it was.
  function shownAnew() {
    for (const fold of document.querySelectorAll("#draft details[data-fold]")) {
      if (opened.has(fold.dataset.fold) && !fold.open) fold.open = true;
    }
    draggable();
    focusAgain();
  }

  // Gradio may draw more than once, and takes the focus away with what had it.
  function focusAgain() {
    const active = document.activeElement;
    if (!focusAfter || (active && active !== document.body)) return;
    document.querySelector(focusAfter)?.focus({ preventScroll: true });
  }
  let seen = null;
  new MutationObserver(() => {
    draggable();
    const now = article();
    if (now !== seen) { seen = now; frame().then(shownAnew); } else if (focusAfter) frame().then(focusAgain);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
