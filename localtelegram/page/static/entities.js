// A text becomes nodes: what Telegram finds in it (links, commands, mentions, tags) can be opened or sent.
// Offsets are UTF-16 units, as JavaScript counts; entities stand in order; only a spoiler may hold others, which are shown as its words.
import { h } from "./dom.js";

const OPENABLE = new Set(["http:", "https:", "mailto:"]);

// The address when it is one that a browser may open, else null.
export function openable(address) {
  try {
    const url = new URL(address);
    return OPENABLE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

export function renderText(text, entities, actions) {
  const fragment = document.createDocumentFragment();
  let position = 0;
  for (const { type, offset, length } of entities ?? []) {
    if (offset < position) continue;
    fragment.append(text.slice(position, offset), wrap(type, text.slice(offset, offset + length), actions));
    position = offset + length;
  }
  fragment.append(text.slice(position));
  return fragment;
}

function wrap(type, words, actions) {
  switch (type) {
    case "url":
      return link(words, words, actions);
    case "email":
      return link(`mailto:${words}`, words, actions);
    case "bot_command":
      return h("button", { type: "button", class: "inline-link", onclick: () => actions.runCommand(words) }, words);
    case "bold":
      return h("b", {}, words);
    case "spoiler":
      return spoiler(words);
    default:
      return h("span", {}, words);
  }
}

function spoiler(words) {
  const hidden = h("button", { type: "button", class: "spoiler", "aria-label": "Hidden words: press to show them" }, words);
  hidden.addEventListener("click", () => hidden.replaceWith(h("span", {}, words)));
  return hidden;
}

export function link(address, content, actions) {
  const url = openable(address);
  if (!url) return h("span", {}, content);
  const payload = actions.deepLink(url);
  if (payload !== null) {
    return h("button", { type: "button", class: "inline-link", onclick: () => actions.start(payload) }, content);
  }
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: `Opens ${url.href}` }, content);
}
