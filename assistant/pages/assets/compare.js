// The page /compare: boxes that offer documents, jumping between changes.
(() => {
  const english = window.common.english();

  // A box with a list below it (the combobox of the ARIA practices): arrows, Enter, Escape.
  function chooser(box) {
    const hidden = box.parentElement.querySelector("input[type=hidden]");
    const list = box.parentElement.querySelector(".offered");
    const about = box.parentElement.querySelector(".about");
    let now = -1, timer = 0, asked = 0;

    function open(is) {
      list.hidden = !is;
      box.setAttribute("aria-expanded", String(is));
      if (!is) { now = -1; box.removeAttribute("aria-activedescendant"); }
    }

    function point(at) {
      const items = [...list.querySelectorAll("[role=option]")];
      if (!items.length) return;
      now = (at + items.length) % items.length;
      items.forEach((item, i) => item.setAttribute("aria-selected", String(i === now)));
      box.setAttribute("aria-activedescendant", items[now].id);
      items[now].scrollIntoView({ block: "nearest" });
    }

    function take(item) {
      box.value = item.dataset.title;
      hidden.value = item.dataset.id;
      about.textContent = item.dataset.about;
      open(false);
    }

    function show(documents) {
      list.replaceChildren(...documents.map((found, i) => {
        const item = document.createElement("li");
        item.id = `${box.id}-${i}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        Object.assign(item.dataset, found);
        const title = Object.assign(document.createElement("span"), { textContent: found.title });
        const rest = Object.assign(document.createElement("span"), { textContent: found.about, className: "about" });
        item.append(title, rest);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
        return item;
      }));
      if (!documents.length) {
        const none = document.createElement("li");
        none.className = "none";
        none.textContent = english ? "No document matches" : "没有相符的文件";
        list.append(none);
      }
      now = -1;
      open(document.activeElement === box);
    }

    async function offer() {
      const mine = ++asked;
      const answer = await fetch(`/compare/documents?q=${encodeURIComponent(hidden.value ? "" : box.value)}`);
      if (answer.ok && mine === asked) show(await answer.json());
    }

    box.addEventListener("input", () => {
      hidden.value = "";
      about.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(offer, 150);
    });
    box.addEventListener("focus", () => box.select());
    box.addEventListener("click", () => { if (list.hidden) offer(); });
    box.addEventListener("blur", () => { clearTimeout(timer); asked++; open(false); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) offer();
        else point(event.key === "ArrowDown" ? now + 1 : now < 0 ? -1 : now - 1);
      } else if (event.key === "Enter" && !list.hidden && now >= 0) {
        event.preventDefault();
        take(list.querySelectorAll("[role=option]")[now]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        open(false);
      }
    });
  }
  document.querySelectorAll(".chooser input[role=combobox]").forEach(chooser);

  document.querySelector("#swap")?.addEventListener("click", () => {
    for (const name of ["old", "old_id"]) {
      const [one, other] = [name, name.replace("old", "new")].map((n) => document.querySelector(`[name=${n}]`));
      [one.value, other.value] = [other.value, one.value];
    }
    const form = document.querySelector("form.choose");
    if (form.elements.old_id.value && form.elements.new_id.value) form.submit();
  });

  // Jumps between changes, from the row that was jumped to last or the first in view.
  const changes = [...document.querySelectorAll("tr.change")];
  let at = -1;
  function jump(step) {
    if (!changes.length) return;
    const tools = document.querySelector(".compare-tools").getBoundingClientRect().bottom;
    const current = changes[at]?.getBoundingClientRect();
    if (!current || current.bottom < 0 || current.top > innerHeight) {
      const next = changes.findIndex((row) => row.getBoundingClientRect().top > tools);
      at = step > 0 ? (next < 0 ? changes.length : next) - 1 : next < 0 ? changes.length : next;
    }
    at = (at + step + changes.length) % changes.length;
    changes.forEach((row, i) => row.classList.toggle("now", i === at));
    changes[at].scrollIntoView({ block: "center" });
    changes[at].focus({ preventScroll: true });
    document.querySelector("#at").textContent = english ? `${at + 1} of ${changes.length}` : `第 ${at + 1} / ${changes.length} 处`;
  }
  document.querySelectorAll("[data-jump]").forEach((button) => {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  });
})();
