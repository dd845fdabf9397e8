// What is wrong with the bot's words, as soon as a file is saved; and that they were read anew.

export function wordsNotice(store, element, { tell }) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);

  const draw = ({ findings, are_in_use: areInUse }) => {
    element.hidden = findings.length === 0;
    element.classList.toggle("broken", !areInUse);
    part("title").textContent = areInUse
      ? "The changed words are in use. Worth another look:"
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
    if (store.words.findings.length === 0) tell("The words were read anew.");
  });
}
