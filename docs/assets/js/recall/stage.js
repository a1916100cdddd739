/**
 * One card at a time: drawn from the list, which holds every word, question and answer.
 *
 * @typedef {{question: HTMLElement, about: HTMLElement, options: HTMLElement, asked: HTMLElement,
 *   answer: HTMLElement, grade: HTMLElement, next: HTMLElement, again: HTMLElement}} Stage
 */

const LETTERS = "abcd";

/**
 * Ask: the question alone, with its options where it has some.
 * @param {Stage} stage
 * @param {HTMLElement} card its entry in the list
 * @param {number[]} order in which to show options, by their index
 */
export function ask(stage, card, order) {
  stage.question.replaceChildren(...copied(card.querySelector("summary")));
  stage.about.textContent = card.dataset.about ?? "";
  const options = optionsOf(card);
  const shown = order.flatMap((index) => options.slice(index, index + 1));
  stage.options.replaceChildren(
    ...shown.map((option, at) => button(option, options.indexOf(option), LETTERS[at] ?? "")),
  );
  stage.options.hidden = !options.length;
  stage.asked.hidden = options.length > 0;
  for (const part of [stage.answer, stage.grade, stage.next]) part.hidden = true;
  stage.answer.replaceChildren();
  stage.again.textContent = "";
  stage.question.focus({ preventScroll: true });
}

/**
 * Show the answer of a card without options, to be graded by the reader.
 * @param {Stage} stage
 * @param {HTMLElement} card
 */
export function show(stage, card) {
  const said = document.createElement("p");
  said.append(...copied(card.querySelector("[data-because]")));
  reveal(stage, card, [said]);
  stage.asked.hidden = true;
  stage.grade.hidden = false;
}

/**
 * Judge a choice: what was chosen and why it is right or wrong, then what is right.
 * @param {Stage} stage
 * @param {HTMLElement} card
 * @param {number} index of the option
 * @param {string} instead what stands before the right option
 * @returns {boolean} whether it was right
 */
export function choose(stage, card, index, instead) {
  const options = optionsOf(card);
  const chosen = options[index];
  const isRight = chosen?.hasAttribute("data-right") ?? false;
  const right = options.find((option) => option.hasAttribute("data-right"));
  const said = [paragraph("", chosen)];
  if (!isRight) said.push(paragraph(instead, right, true));
  reveal(stage, card, said);
  stage.next.hidden = false;
  for (const one of stage.options.querySelectorAll("button")) {
    const option = options[Number(one.dataset.index)];
    one.parentElement?.classList.toggle("tg-is-right", option === right);
    one.parentElement?.classList.toggle("tg-is-wrong", option === chosen && !isRight);
    one.disabled = true;
  }
  return isRight;
}

/** @param {HTMLElement} card */
function optionsOf(card) {
  return [...card.querySelectorAll("details > ol > li")];
}

/**
 * @param {Stage} stage
 * @param {HTMLElement} card
 * @param {Node[]} said
 */
function reveal(stage, card, said) {
  const records = [...card.querySelectorAll(".tg-shown")].map((one) => one.cloneNode(true));
  stage.answer.replaceChildren(...said, ...records);
  stage.answer.hidden = false;
  stage.answer.focus(); // It is read out, and Tab goes on from here to the steps.
}

/**
 * Why an option is right or wrong, as the list says it.
 * @param {string} verdict empty: the list's own word
 * @param {Element | undefined} option
 * @param {boolean} [named] say the option itself, too
 */
function paragraph(verdict, option, named = false) {
  const said = document.createElement("p");
  const word = document.createElement("b");
  word.textContent = verdict || (option?.querySelector("b")?.textContent ?? "");
  said.append(word, " ");
  if (named) {
    const text = document.createElement("span");
    text.className = "tg-recall-named";
    text.append(...copied(option?.querySelector("[data-text]")));
    said.append(text, document.createElement("br"));
  }
  said.append(...copied(option?.querySelector("[data-because]")));
  return said;
}

/**
 * @param {Element} option
 * @param {number} index in the list
 * @param {string} letter its key
 */
function button(option, index, letter) {
  const item = document.createElement("li");
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.do = "choose";
  made.dataset.index = String(index);
  made.dataset.key = letter;
  const key = document.createElement("kbd");
  key.textContent = letter;
  const text = document.createElement("span");
  text.append(...copied(option.querySelector("[data-text]")));
  for (const link of text.querySelectorAll("a")) link.replaceWith(link.textContent ?? "");
  made.append(key, " ", text);
  item.append(made);
  return item;
}

/** @param {Element | null | undefined} part */
function copied(part) {
  return [...(part?.cloneNode(true).childNodes ?? [])];
}
