// Brings the highlighted quote into view.
document.getElementById("quote")?.scrollIntoView({ block: "center" });
