// Finding in a document's text: how often, the next and the previous one, by keyboard alone. White
// space does not count, since broken lines have it in the middle of words.
(() => {
  const form = document.querySelector("form.find");
  const source = document.querySelector("main.source");
  if (!form || !source || source.querySelector(".leaf")) return; // printed pages: the form leads to the text
  const box = form.querySelector("#find-words");
  const count = form.querySelector("#find-count");
  const MOST = 1000;
  const english = window.common.english();
  let hits = []; // each a list of <mark>
  let total = 0;
  let at = -1;
  let sought = "";

  const folded = (text) => text.normalize("NFKC").toLowerCase();

  function clear() {
    for (const mark of source.querySelectorAll("mark.hit")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
    hits = [];
    total = 0;
    at = -1;
  }

  // The letters of a block, each with its place; a letter may fold to several.
  function letters(block) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let text = "";
    const places = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let i = 0; i < node.data.length; i += 1) {
        if (/\s/.test(node.data[i])) continue;
        const letter = folded(node.data[i]);
        text += letter;
        for (let k = 0; k < letter.length; k += 1) places.push([node, i]);
      }
    }
    return { text, places };
  }

  function stretches(block, words) {
    if (!folded(block.textContent.replace(/\s+/g, "")).includes(words)) return []; // most of a long text
    const { text, places } = letters(block);
    const found = [];
    for (let i = text.indexOf(words); i >= 0; i = text.indexOf(words, i + words.length)) {
      total += 1;
      if (hits.length + found.length < MOST) found.push(places.slice(i, i + words.length));
    }
    return found;
  }

  // From the last to the first: what is cut off behind changes no offset before it.
  function wrap(found) {
    const made = found.map(() => []);
    for (let n = found.length - 1; n >= 0; n -= 1) {
      let i = found[n].length - 1;
      while (i >= 0) {
        const [node, last] = found[n][i];
        let first = last;
        while (i >= 0 && found[n][i][0] === node) { first = found[n][i][1]; i -= 1; }
        const range = document.createRange();
        range.setStart(node, first);
        range.setEnd(node, last + 1);
        const mark = Object.assign(document.createElement("mark"), { className: "hit" });
        range.surroundContents(mark);
        made[n].unshift(mark);
      }
    }
    hits.push(...made);
  }

  function find(words) {
    clear();
    sought = words;
    const wanted = folded(words).replace(/\s+/g, "");
    if (wanted) {
      for (const block of source.querySelectorAll("p:not(.page), li, td, th, h2, h3, h4, h5, h6")) {
        const found = stretches(block, wanted);
        if (found.length) wrap(found);
      }
    }
    tell();
  }

  function tell() {
    const more = total > hits.length ? (english ? ` (${total} in all)` : `（共 ${total} 处）`) : "";
    const place = at < 0 ? "" : `${at + 1} / `;
    if (!sought.trim()) count.textContent = "";
    else if (!hits.length) count.textContent = english ? "none" : "没有找到";
    else count.textContent = `${place}${hits.length}${english ? "" : " 处"}${more}`;
  }

  function go(step) {
    if (box.value !== sought) find(box.value);
    if (!hits.length) { tell(); return; }
    if (at >= 0) hits[at].forEach((mark) => mark.classList.remove("now"));
    at = at < 0 ? first(step) : (at + step + hits.length) % hits.length;
    hits[at].forEach((mark) => mark.classList.add("now"));
    hits[at][0].closest("details")?.setAttribute("open", "");
    hits[at][0].scrollIntoView({ block: "center" });
    tell();
  }

  // The first one below the upper edge of what is in view.
  function first(step) {
    if (step < 0) return hits.length - 1;
    const below = hits.findIndex(([mark]) => mark.getBoundingClientRect().top > 0);
    return below < 0 ? 0 : below;
  }

  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => find(box.value), 200);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); go(1); });
  form.querySelector("#find-before").addEventListener("click", () => go(-1));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); go(-1); }
    else if (event.key === "Escape" && box.value) {
      event.preventDefault();
      event.stopPropagation();
      box.value = "";
      find("");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  const given = new URLSearchParams(location.search).get("find");
  if (given) { box.value = given.slice(0, 100); go(1); }
})();
