/** The button that prints the sheet; without a script the browser's own does as well. */

const button = document.querySelector("[data-tg-print]");
button?.removeAttribute("hidden");
button?.addEventListener("click", () => print());
