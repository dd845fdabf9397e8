// What is offered while someone types: commands after "/", inline results after "@bot ".
import { h } from "./dom.js";

const PAUSE_MS = 250;

export function suggestions(input, list, status, { commands, botName, askInline, chooseCommand, chooseResult }) {
  let items = [];
  let active = -1;
  let timer;
  let asked = 0;

  const show = (found, kind) => {
    items = found;
    active = items.length ? 0 : -1;
    list.hidden = items.length === 0;
    list.setAttribute("aria-label", kind);
    list.replaceChildren(
      ...items.map((item, index) =>
        h(
          "li",
          { role: "option", id: `offer-${index}`, onmousedown: (event) => event.preventDefault(), onclick: item.choose },
          h("span", { class: "item-name" }, item.name),
          item.note ? h("span", { class: "item-note" }, item.note) : null,
        ),
      ),
    );
    status.textContent = items.length ? `${items.length} ${kind.toLowerCase()}, arrow keys to choose` : "";
    mark();
  };

  const mark = () => {
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === active));
      if (index === active) option.scrollIntoView({ block: "nearest" });
    }
    if (active >= 0) input.setAttribute("aria-activedescendant", `offer-${active}`);
    else input.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    if (items.length) show([], "Suggestions");
  };

  const lookUpInline = (query) => {
    clearTimeout(timer);
    const mine = (asked += 1);
    timer = setTimeout(async () => {
      const results = await askInline(query);
      if (mine !== asked) return;
      show(
        results.map((result) => ({
          name: result.title ?? result.caption ?? "Picture",
          note: result.description,
          choose: () => chooseResult(result),
        })),
        "Inline results",
      );
    }, PAUSE_MS);
  };

  const update = () => {
    const text = input.value;
    const inline = `@${botName()} `;
    if (text.toLowerCase().startsWith(inline.toLowerCase())) {
      lookUpInline(text.slice(inline.length));
      return;
    }
    clearTimeout(timer);
    asked += 1;
    const typed = /^\/(\w*)$/.exec(text);
    const matching = typed ? commands().filter((one) => one.command.startsWith(typed[1].toLowerCase())) : [];
    show(
      matching.map((one) => ({ name: `/${one.command}`, note: one.description, choose: () => chooseCommand(one.command) })),
      "Commands",
    );
  };

  // True when the key was for the list and the input must not act on it.
  const takeKey = (event) => {
    if (!items.length) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      active = (active + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (event.key === "Tab" && event.shiftKey) return false;
      items[active].choose();
    } else if (event.key === "Escape") {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return { update, takeKey, close };
}
