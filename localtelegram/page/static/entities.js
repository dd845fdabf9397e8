// A text with Telegram's entities becomes nodes. Offsets are UTF-16 units, as JavaScript counts.
import { h } from "./dom.js";
import { formattedMoment } from "./when.js";

const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

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
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, sorted, actions);
}

function build(text, start, end, entities, actions) {
  const fragment = document.createDocumentFragment();
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, position);
    const until = Math.min(entity.offset + entity.length, end);
    index += 1;
    const inner = [];
    while (index < entities.length && entities[index].offset < until) inner.push(entities[index++]);
    if (until <= from) continue;
    fragment.append(text.slice(position, from));
    fragment.append(wrap(entity, text.slice(from, until), () => build(text, from, until, inner, actions), actions));
    position = until;
  }
  fragment.append(text.slice(position, end));
  return fragment;
}

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote" };

function wrap(entity, words, inside, actions) {
  if (TAGS[entity.type]) return h(TAGS[entity.type], {}, inside());
  switch (entity.type) {
    case "pre":
      return h("pre", { tabindex: "0" }, h("code", {}, inside()));
    case "spoiler":
      return spoiler(words, inside);
    case "expandable_blockquote":
      return expandable(words, inside);
    case "text_link":
      return link(entity.url, inside(), actions);
    case "url":
      return link(words.includes("://") ? words : `https://${words}`, inside(), actions);
    case "email":
      return link(`mailto:${words}`, inside(), actions);
    case "phone_number":
      return link(`tel:${words.replace(/[^+\d]/g, "")}`, inside(), actions);
    case "bot_command":
      return h("button", { type: "button", class: "inline-link", onclick: () => actions.runCommand(words) }, words);
    case "date_time": {
      const moment = entity.unix_time * 1000;
      return h(
        "time",
        { datetime: new Date(moment).toISOString() },
        formattedMoment(moment, entity.date_time_format) ?? inside(),
      );
    }
    default:
      return h("span", { class: `entity-${entity.type}` }, inside());
  }
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

function spoiler(words, inside) {
  const cover = h(
    "button",
    { type: "button", class: "spoiler", "aria-label": "Hidden text. Show it" },
    h("span", { "aria-hidden": "true" }, words),
  );
  cover.addEventListener("click", () => {
    const shown = h("span", { class: "spoiler-open", tabindex: "-1" }, inside());
    cover.replaceWith(shown);
    shown.focus();
  });
  return cover;
}

function expandable(words, inside) {
  const isLong = words.length > 140 || words.split("\n").length > 3;
  const quote = h("blockquote", { class: isLong ? "folded" : null }, h("div", { class: "quote-text" }, inside()));
  if (!isLong) return quote;
  const toggle = h("button", { type: "button", class: "inline-link", "aria-expanded": "false" }, "Show more");
  toggle.addEventListener("click", () => {
    const isFolded = quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!isFolded));
    toggle.textContent = isFolded ? "Show more" : "Show less";
  });
  quote.append(toggle);
  return quote;
}
