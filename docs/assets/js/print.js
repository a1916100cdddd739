/**
 * Buttons that print a page, `data-tg-print`. A value is a class that the page wears meanwhile, for
 * its style sheet to leave something out. Without a script the browser's own way prints all.
 */

for (const button of document.querySelectorAll("button[data-tg-print]")) {
  const worn = button.getAttribute("data-tg-print");
  button.removeAttribute("hidden");
  button.addEventListener("click", () => {
    if (worn) {
      const { classList } = document.documentElement;
      classList.add(worn);
      addEventListener("afterprint", () => classList.remove(worn), { once: true });
    }
    print();
  });
}
