// A document's page: the quote in view, the keys [ and ] to the place before and after, the
// question that is asked within it, and manners in a frame.
(() => {
  const framed = window.parent !== window;
  const root = document.documentElement;
  root.classList.toggle("framed", framed);
  if (innerWidth < 900) document.querySelector(".outline details")?.removeAttribute("open");
  const asked = framed && parent.document.querySelector("#question textarea"); // beside an answer
  root.classList.toggle("aside", framed && !asked); // one of two
  if (framed) {
    document.querySelector("details.about")?.removeAttribute("open");
    document.querySelector(".reading-tools .side")?.setAttribute("target", "_blank");
  }

  // Where it is, whatever it is made of: a box over a picture is no element of the page's flow.
  function show() {
    const quote = document.getElementById("quote");
    if (!quote || (location.hash && location.hash !== "#quote")) return;
    const box = quote.getBoundingClientRect();
    scrollTo({ top: scrollY + box.top - Math.max(120, (innerHeight - box.height) / 2), behavior: "instant" });
  }
  show();
  addEventListener("load", show);

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && framed && !event.defaultPrevented) {
      parent.postMessage({ original: "close" }, location.origin);
    } else if (event.key === "[" || event.key === "]") {
      if (!typing(event.target)) document.querySelector(`[data-key="${event.key}"]`)?.click();
    }
  });

  // The same tab asks: what it is to ask is handed over where no other site can write.
  document.querySelector("form.ask-within")?.addEventListener("submit", (event) => {
    const { within, q } = Object.fromEntries(new FormData(event.target));
    const question = { within, question: q, title: event.target.dataset.title };
    event.preventDefault();
    if (asked) {
      parent.postMessage({ original: "ask", ...question }, location.origin);
      event.target.elements.q.value = "";
      return;
    }
    try { sessionStorage.setItem("ask-within", JSON.stringify(question)); } catch { /* then by the address */ }
    (framed ? parent : window).location.href = `/?${new URLSearchParams({ within, q })}`;
  });

  // A picture that found no place in the line is asked for again.
  document.addEventListener("error", (event) => {
    const picture = event.target;
    const tried = Number(picture.dataset?.tried ?? 0);
    if (!picture.matches?.(".leaf img") || tried >= 4) return;
    picture.dataset.tried = String(tried + 1);
    setTimeout(() => { picture.src = picture.src; }, 1500 * (tried + 1));
  }, true);
})();
