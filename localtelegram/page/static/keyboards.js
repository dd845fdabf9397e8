// Buttons beneath a message, and the keyboard a bot may put in place of the letters.
import { h, icon } from "./dom.js";
import { openable } from "./entities.js";

const BUSY_AT_MOST_MS = 15_000;

export function inlineKeyboard(message, actions) {
  return h(
    "div",
    { class: "buttons", role: "group", "aria-label": "Buttons of this message" },
    message.reply_markup.inline_keyboard.map((row) =>
      h("div", { class: "row" }, row.map((button) => inlineButton(message, button, actions))),
    ),
  );
}

function inlineButton(message, button, actions) {
  if (button.callback_data !== undefined) return callbackButton(message, button, actions);
  if (button.url !== undefined) return urlButton(button, actions);
  return plain(button, { onclick: () => actions.copy(button.copy_text.text) }, icon("copy"));
}

function plain(button, props, mark) {
  return h("button", { type: "button", class: "key", ...props }, h("span", {}, button.text), mark);
}

// Busy until the bot answers the tap. It stays focusable, so the keyboard keeps its place.
function callbackButton(message, button, actions) {
  const element = plain(button, {});
  let timer;
  const rest = () => {
    clearTimeout(timer);
    element.removeAttribute("aria-busy");
    element.removeAttribute("aria-disabled");
  };
  element.addEventListener("click", () => {
    if (element.hasAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    element.setAttribute("aria-disabled", "true");
    timer = setTimeout(() => {
      rest();
      actions.tell("The bot has not answered this tap.");
    }, BUSY_AT_MOST_MS);
    actions.tap(message, button.callback_data).then(rest, rest);
  });
  return element;
}

function urlButton(button, actions) {
  const url = openable(button.url);
  if (!url) return plain(button, { disabled: true, title: button.url });
  const adding = actions.addLink(url);
  if (adding) return plain(button, { onclick: () => actions.addBot(adding) });
  const payload = actions.deepLink(url);
  if (payload !== null) return plain(button, { onclick: () => actions.start(payload) });
  const where = url.host || url.href;
  return h(
    "a",
    { class: "key", href: url.href, target: "_blank", rel: "noopener noreferrer", title: `Opens ${url.href}` },
    h("span", {}, button.text),
    h("small", {}, where),
    icon("out"),
  );
}

// The bot's keyboard under the input line.
export function replyKeyboard(keyboard, actions) {
  const key = ({ text, request_chat: request, request_location: asksPlace }) => {
    const onclick = () => actions.press(text, asksPlace ? "location" : request);
    return h("button", { type: "button", class: "key", onclick }, h("span", {}, text));
  };
  return h(
    "div",
    { class: "reply-keyboard", role: "group", "aria-label": "Keyboard from the bot" },
    keyboard.keyboard.map((row) => h("div", { class: "row" }, row.map(key))),
  );
}
