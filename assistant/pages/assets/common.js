// Before all other scripts of every page: the language, and what the others share.
(() => {
  // The language that somebody chose takes the place of the browser's, which is the one that
  // Gradio asks for. On other pages the server has written it into the page.
  const chosen = document.cookie.match(/(?:^|; )policy_language=(zh|en)(?:;|$)/)?.[1];
  if (chosen) {
    const name = chosen === "en" ? "en" : "zh-CN";
    Object.defineProperty(navigator, "language", { get: () => name, configurable: true });
    Object.defineProperty(navigator, "languages", { get: () => [name], configurable: true });
    document.documentElement.lang = name;
  }

  const $ = (selector, within = document) => within.querySelector(selector);
  const english = () => document.documentElement.lang.startsWith("en");
  const say = (zh, en) => (english() ? en : zh);

  function choose(language) {
    document.cookie = `policy_language=${language}; path=/; max-age=315360000; samesite=lax`;
    location.reload();
  }

  // Writes into a box as somebody who types does: Gradio listens to that.
  function type(field, value) {
    if (!field) return;
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // One of Gradio's buttons, which has its id itself or stands in what has it.
  const press = (id) => ($(`#${id} button`) || $(`#${id}`))?.click();

  // Says in a button's own place that it was done.
  function done(button, zh, en) {
    const before = button.innerHTML;
    button.textContent = say(zh, en);
    setTimeout(() => { button.innerHTML = before; }, 1500);
  }

  window.common = { $, english, say, choose, type, press, done };
})();
