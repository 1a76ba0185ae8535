// Light and dark on the plain pages; runs before the page is drawn, so that nothing flickers.
(() => {
  const root = document.documentElement;
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") root.classList.add(chosen);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme]")) return;
    const system = matchMedia("(prefers-color-scheme: dark)").matches;
    const dark = root.classList.contains("dark") || (system && !root.classList.contains("light"));
    root.classList.remove("dark", "light");
    root.classList.add(dark ? "light" : "dark");
    localStorage.setItem("theme", dark ? "light" : "dark");
  });
})();
