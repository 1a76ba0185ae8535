// What every page shares: questions asked in the page instead of the browser's own boxes, the list
// of keys (?), the way to the box (/), and Gradio's messages in words.
(() => {
  const { english, say, choose, type } = window.common;
  const make = (name, given = {}) => Object.assign(document.createElement(name), given);

  // --- a question in the page, behind `place`. Resolves to null when it is given up, else to what
  // was typed ("" where nothing was to type). Only one is open at a time.

  let open = null;
  function ask(place, { sentence, yes, typed = false }) {
    open?.(null);
    return new Promise((resolve) => {
      const before = document.activeElement;
      const form = make("form", { className: "in-page" });
      form.setAttribute("role", "group");
      form.setAttribute("aria-label", sentence);
      const box = typed ? make("input", { type: "text", maxLength: 200 }) : null;
      const words = make(box ? "label" : "span", { textContent: sentence });
      if (box) words.append(box);
      const send = make("button", { type: "submit", className: "tool", textContent: yes });
      const leave = make("button", { type: "button", className: "tool", textContent: say("取消", "Cancel") });
      form.append(words, send, leave);
      const end = (answer) => {
        if (open !== end) return;
        open = null;
        form.remove();
        if (before?.isConnected) before.focus({ preventScroll: true });
        resolve(answer);
      };
      open = end;
      form.addEventListener("submit", (event) => { event.preventDefault(); end(box ? box.value.trim() : ""); });
      leave.addEventListener("click", () => end(null));
      form.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation(); // it closes the question, and neither stops nor closes anything else
        end(null);
      });
      place.after(form);
      (box || send).focus();
    });
  }
  window.shell = { ask };

  // --- keys

  const isTyping = (target) => Boolean(target?.closest?.("input, textarea, select, [contenteditable='true'], [role=combobox]"));
  const boxes = ["#question textarea", "main input[type=search]", "#filters :is(input, textarea)", "main form[role=search] input[type=text]", "main input[role=combobox]", "#request textarea", "#paste textarea"];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      showKeys();
    } else if (event.key === "/") {
      const box = boxes.map((one) => document.querySelector(one)).find((one) => one && one.offsetParent !== null);
      if (!box) return;
      event.preventDefault();
      box.focus();
    }
  });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-keys]")) showKeys(); });

  async function showKeys() {
    let dialog = document.querySelector("dialog#keys");
    if (!dialog) {
      const answer = await fetch("/help/keys").catch(() => null);
      if (!answer?.ok) { location.href = "/help"; return; }
      dialog = make("dialog", { id: "keys", innerHTML: await answer.text() });
      dialog.setAttribute("aria-labelledby", "keys-title");
      dialog.addEventListener("keydown", keepInside);
      dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-close]")) dialog.close(); });
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }

  // Tab goes round in the dialog, not on to the browser's own buttons.
  function keepInside(event) {
    if (event.key !== "Tab") return;
    const stops = [...event.currentTarget.querySelectorAll("a[href], button")];
    const at = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length].focus();
  }

  // --- Gradio's own messages: they are in English, and say neither what was kept nor what to do

  const messages = [
    [/Connection to the server was lost|Connection errored out/, "与服务器的连接断了，正在重新连接。页面上的文字都在；连上后请把没做完的一步再做一次。", "The connection to the server was lost; reconnecting. What stands on this page is kept; repeat the last step when it is back."],
    [/Error uploading file|413|exceeds? the maximum/i, "文件没有传上去，库里没有改动。请看文件是否超过大小上限，再传一次。", "The file was not uploaded and nothing was changed. See whether it is too large, and try again."],
    [/^(Error|An error occurred\.?|An unknown error.*|Dependency function failed|Unexpected client exception|Could not .*)$/, "这一步没有做成。已经保存的都在；请再试一次，还是不行请刷新页面。", "This step was not done. What was saved is kept; try again, or reload the page."],
  ];
  const titles = { Error: "没有做成", "Connection Lost": "连接断了", Warning: "请注意", Info: "说明" };

  function translate(toast) {
    const title = toast.querySelector(".toast-title");
    const name = title?.textContent.trim();
    if (!english() && titles[name]) title.textContent = titles[name];
    for (const text of toast.querySelectorAll("[data-testid=toast-text]")) {
      const found = messages.find(([pattern]) => pattern.test(text.textContent.trim()));
      if (found) text.textContent = say(found[1], found[2]);
    }
  }
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const toast = node.nodeType === 1 && (node.closest("[data-testid=toast-body]") || node.querySelector("[data-testid=toast-body]"));
      if (toast) translate(toast);
    }
    label();
    hint();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Gradio names its place for files in English.
  function label() {
    document.querySelectorAll("button[aria-label='Click to upload or drop files']").forEach((button) => {
      button.setAttribute("aria-label", button.innerText.replace(/\s+/g, " ").trim() || say("上传文件", "Upload a file"));
    });
  }

  // --- the other language, remembered; hints of boxes that are made for both

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-language]")) choose(english() ? "zh" : "en");
  });
  function hint() {
    if (english()) document.querySelectorAll("[data-hint-en]").forEach((box) => { if (box.placeholder !== box.dataset.hintEn) box.placeholder = box.dataset.hintEn; });
  }

  // --- an example of /start: /?ask=… and /draft?wish=… lay it into the box; sending is up to people

  const given = new URLSearchParams(location.search);
  const wanted = { "/": ["#question textarea", given.get("ask")], "/draft": ["#request textarea", given.get("wish")] }[location.pathname];
  if (wanted?.[1]) {
    const words = wanted[1].slice(0, 500);
    const wait = setInterval(() => {
      const box = document.querySelector(wanted[0]);
      if (!box || !document.querySelector(".foot")) return;
      clearInterval(wait);
      history.replaceState(history.state, "", location.pathname);
      if (box.value) return;
      type(box, words);
      box.focus();
    }, 100);
    setTimeout(() => clearInterval(wait), 30_000);
  }
})();
