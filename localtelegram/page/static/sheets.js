// Dialogs that ask for one thing: a place, a chat to share, a fault of the local Telegram.
import { h } from "./dom.js";

const PLACES = [
  ["Berlin", 52.52, 13.405],
  ["London", 51.507, -0.128],
  ["New York", 40.713, -74.006],
  ["São Paulo", -23.551, -46.633],
  ["Kathmandu", 27.717, 85.324],
  ["Auckland", -36.848, 174.763],
];

// Resolves with what was chosen, or null when it was closed.
function choose(title, hint, choices) {
  return new Promise((resolve) => {
    const id = `sheet-${Date.now()}`;
    const dialog = h(
      "dialog",
      { class: "sheet", "aria-labelledby": id },
      h("h2", { id }, title),
      hint ? h("p", {}, hint) : null,
      h(
        "div",
        { class: "choices" },
        choices.map(({ name, note, value }) =>
          h(
            "button",
            { type: "button", class: "key", onclick: () => finish(value) },
            h("span", {}, name),
            note ? h("small", {}, note) : null,
          ),
        ),
      ),
      h("button", { type: "button", class: "quiet", onclick: () => finish(null) }, "Close"),
    );
    const finish = (value) => {
      dialog.close();
      resolve(value);
    };
    dialog.addEventListener("cancel", () => resolve(null));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function choosePlace() {
  const choices = PLACES.map(([name, latitude, longitude]) => ({ name, value: { latitude, longitude } }));
  return choose("Share a place", "Your real place is never asked for. Pick one to share with the bot.", choices);
}

// As Telegram's list: only the chats that this person may choose. The others are named, with who may.
export function chooseChat({ offered, others }) {
  const choices = offered.map((chat) => ({ name: chat.label, note: `you are: ${chat.role}`, value: chat.id }));
  const hint = choices.length ? "The bot asks for a chat." : "No chat here fits what the bot asks for.";
  return choose("Share a chat", [hint, ...others].join("\n\n"), choices);
}

export function chooseFault(faults) {
  const choices = faults.map((one) => ({ name: one.is_on ? `${one.name} (now)` : one.name, value: one.id }));
  return choose("Faults", "How this Telegram treats the bot, to see what it does when things go wrong.", choices);
}
