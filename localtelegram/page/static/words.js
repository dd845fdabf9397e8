// What is wrong with the bot's words, as soon as a file is saved; and that they were read again.

const MOST_SHOWN = 5; // buttons: whoever changes more at once finds the others by their words

export function wordsNotice(store, element, { tell, show }) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);

  const fresh = (messages) => {
    const buttons = messages.slice(0, MOST_SHOWN).map((message) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `See ${message.name} (${message.language})`;
      button.addEventListener("click", () => show(message));
      return button;
    });
    element.querySelector(".fresh")?.remove();
    if (!buttons.length) return;
    const line = document.createElement("p");
    line.className = "fresh";
    line.append(`${messages.length} new message${messages.length > 1 ? "s" : ""}: `, ...buttons);
    part("findings").after(line);
  };

  const draw = ({ findings, are_in_use: areInUse, fresh: messages }) => {
    element.hidden = findings.length === 0 && messages.length === 0;
    fresh(messages);
    element.classList.toggle("broken", !areInUse);
    part("title").textContent = areInUse
      ? `The changed words are in use.${findings.length ? " Worth another look:" : ""}`
      : "The changed words cannot be used yet; the ones before go on.";
    part("findings").replaceChildren(
      ...findings.map((finding) => {
        const item = document.createElement("li");
        item.textContent = finding;
        return item;
      }),
    );
  };

  part("close").addEventListener("click", () => (element.hidden = true));
  store.addEventListener("loaded", () => draw(store.words));
  store.addEventListener("words", () => {
    draw(store.words);
    if (store.words.findings.length === 0) tell("The words were read again.");
  });
}
