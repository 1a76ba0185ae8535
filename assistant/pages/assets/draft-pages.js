// Pages about one draft: the place before and behind by Alt+↑ and Alt+↓.
(() => {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowUp: "back", ArrowDown: "on" }[event.key];
    const link = step && document.querySelector(`[data-step="${step}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  const focus = document.querySelector("[autofocus]");
  focus?.focus();
  focus?.select?.();
})();
