// Light and dark on the pages without Gradio: the theme that was chosen, without one the system's.
(() => {
  const wear = (theme) => {
    document.body.classList.toggle("dark", theme === "dark");
    document.body.classList.toggle("light", theme === "light");
  };
  const chosen = localStorage.getItem("theme");
  wear(chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  document.querySelector("[data-theme]")?.addEventListener("click", () => {
    const theme = document.body.classList.contains("dark") ? "light" : "dark";
    wear(theme);
    localStorage.setItem("theme", theme);
  });
})();
