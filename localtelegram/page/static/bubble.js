// One message as it stands in the conversation: who, words, picture, time, buttons.
import { h, icon } from "./dom.js";
import { link, renderText } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { pictureButton } from "./pictures.js";
import { timeOf } from "./when.js";

const reduceMotion = matchMedia("(prefers-reduced-motion: reduce)");

export function bubble(message, { isOwn, showName, isFollowing, role, zone, actions }) {
  const service = serviceWords(message);
  const at = message.date * 1000;
  if (service) {
    return h("div", { class: "message service", "data-id": message.message_id, "data-at": at }, h("p", {}, service));
  }
  const text = shownText(message);
  const entities = message.entities ?? message.caption_entities;
  const words = text ? h("div", { class: "words" }, renderText(text, entities, actions)) : null;
  const body = h(
    "div",
    { class: "bubble" },
    h(
      "p",
      { class: showName ? "who" : "who hidden" },
      h("span", {}, nameOf(message)),
      message.via_bot ? h("span", { class: "via" }, ` via @${message.via_bot.username}`) : null,
      role ? h("span", { class: "role" }, role) : null,
    ),
    isReply(message) ? quoted(message.reply_to_message) : null,
    media(message, actions),
    words,
    h(
      "p",
      { class: "stamp" },
      message.edit_date ? "edited " : null,
      h("time", { datetime: new Date(at).toISOString() }, timeOf(at, zone)),
      isOwn ? icon("ticks") : null,
    ),
  );
  const size = message.photo ? largestOf(message.photo) : message.animation;
  const classes = ["message", isOwn ? "own" : "theirs", isFollowing && "following", size && "pictured"];
  const element = h(
    "div",
    { class: classes.filter(Boolean).join(" "), role: "article", tabindex: -1, "data-id": message.message_id, "data-at": at },
    body,
    message.reply_markup?.inline_keyboard ? inlineKeyboard(message, actions) : null,
  );
  if (size) element.style.setProperty("--shape", size.width / size.height);
  return element;
}

// Telegram's apps show what a link has typed without the link's own words.
function shownText(message) {
  const text = message.text ?? message.caption;
  return message.chat.type === "private" && text?.startsWith("/start ") ? "/start" : text;
}

// In a topic each message carries the topic's first one, which nobody has replied to.
const isReply = (message) => message.reply_to_message !== undefined && !message.reply_to_message.forum_topic_created;

export function nameOf(message) {
  const sender = message.sender_chat ?? message.from;
  if (!sender) return message.chat.title ?? "";
  if (message.sender_chat && message.sender_chat.id === message.chat.id && message.chat.type !== "channel") {
    return `${sender.title} (anonymous admin)`;
  }
  return sender.title ?? [sender.first_name, sender.last_name].filter(Boolean).join(" ");
}

// One line that stands for the message in the list of chats and in a reply's quote.
export function summaryOf(message) {
  const service = serviceWords(message);
  if (service) return service;
  const kinds = { photo: "Picture", animation: "Animation", location: "Place", document: "File" };
  const kind = Object.keys(kinds).find((name) => message[name]);
  const words = (shownText(message) ?? "").replace(/\s+/g, " ").slice(0, 90);
  return [kind && kinds[kind], words].filter(Boolean).join(": ") || "Message";
}

export function quoted(message) {
  return h("div", { class: "reply-quote" }, h("strong", {}, nameOf(message)), h("span", {}, summaryOf(message)));
}

export const isService = (message) => serviceWords(message) !== null;

function serviceWords(message) {
  const names = (people) => people.map((person) => person.first_name).join(", ");
  if (message.chat_shared) return `A chat was shared with the bot${named(message.chat_shared.title)}`;
  if (message.forum_topic_created) return `Topic created${named(message.forum_topic_created.name)}`;
  if (message.forum_topic_closed) return "Topic closed";
  if (message.forum_topic_reopened) return "Topic opened again";
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined`;
  if (message.left_chat_member) return `${names([message.left_chat_member])} left`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "The group became a supergroup";
  return null;
}

const named = (name) => (name ? `: ${name}` : "");

const fileAddress = (file) => `/page/files/${encodeURIComponent(file.file_id)}`;

function media(message, actions) {
  if (message.animation) return animation(message.animation, actions.altOf(message.animation, message.caption));
  if (message.photo) return pictureButton(pictureOf(message));
  if (message.document) return attachment(message.document);
  if (message.location) return place(message.location, actions);
  return null;
}

const largestOf = (sizes) => sizes.reduce((one, other) => (other.width > one.width ? other : one));

// The address and the name of a message's picture, to look at it or to save it; null where it has none.
export function pictureOf(message) {
  if (!message.photo) return null;
  const largest = largestOf(message.photo);
  const alt = message.caption ? "Picture; its words are in the text below" : "Picture without words";
  return { src: fileAddress(largest), width: largest.width, height: largest.height, alt, caption: message.caption };
}

function animation(file, described) {
  const alt = described?.alt ?? "Moving picture";
  const lang = described?.language;
  const size = { class: "picture", src: fileAddress(file), width: file.width, height: file.height, lang };
  const isVideo = (file.mime_type ?? "").startsWith("video/");
  const show = () => (isVideo ? video(size, alt) : h("img", { ...size, alt }));
  if (!reduceMotion.matches) return show();
  const button = h("button", { type: "button", class: "quiet" }, "Show the moving picture");
  button.addEventListener("click", () => button.replaceWith(show()));
  return button;
}

function video(size, alt) {
  const playing = { muted: true, loop: true, playsinline: true, autoplay: true, controls: reduceMotion.matches };
  const element = h("video", { ...size, ...playing, "aria-label": alt });
  element.muted = true;
  return element;
}

function attachment(file) {
  const name = file.file_name ?? "file";
  const save = h("a", { class: "attachment", href: fileAddress(file), download: name }, icon("down"), `Save ${name}`);
  const opens = ["text/html", "application/json", "text/plain"].includes(file.mime_type);
  if (!opens) return save;
  const open = h("a", { class: "attachment", href: fileAddress(file), target: "_blank", rel: "noopener" }, `Open ${name}`);
  return h("div", {}, save, open);
}

function place({ latitude, longitude }, actions) {
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=10/${latitude}/${longitude}`;
  return h(
    "div",
    { class: "place" },
    icon("pin"),
    h("span", {}, "Place"),
    link(address, `${latitude.toFixed(3)}, ${longitude.toFixed(3)}`, actions),
  );
}
