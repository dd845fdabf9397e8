// Says, for as long as they last, which faults this Telegram is set to: else the bot only seems to be dead.

export function weatherBar(store, element, { end }) {
  const words = element.querySelector('[data-part="words"]');
  const draw = () => {
    const set = store.faults?.find((one) => one.is_on && one.id !== "none");
    element.hidden = !set;
    words.textContent = set ? `Bad weather is set: ${set.name}. The bot may be slow to answer, or not answer.` : "";
  };
  element.querySelector("button").addEventListener("click", end);
  for (const type of ["loaded", "faults"]) store.addEventListener(type, draw);
}
