// The clock that can be moved: what time it is here, what comes next, four buttons.
import { act } from "./live.js";
import { cityOf, dayOf, nearTimeOf, spanOf, timeOf, ZONE } from "./when.js";

export function clockBar(store, element, { tell, zone }) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const buttons = [...element.querySelectorAll("button[data-to]")];
  let isMoving = false;

  const draw = () => {
    if (!store.clock) return;
    const now = store.now();
    const time = part("time");
    const shown = timeOf(now, zone());
    if (time.textContent !== shown) time.textContent = shown;
    time.dateTime = new Date(now).toISOString();
    part("day").textContent = dayOf(now, zone());
    const { is_moved: isMoved, next_due: nextDue, next_what: nextWhat, has_bot: hasBot } = store.clock;
    element.classList.toggle("moved", isMoved);
    part("state").textContent = `${isMoved ? movedWords(store.clock.ahead) : "real time"}, ${zoneWords(zone())}`;
    part("next").textContent = nextDue ? `${nearTimeOf(nextDue, now, zone())}: ${nextWhat}` : "nothing set";
    part("next-line").hidden = !hasBot;
    for (const button of buttons) {
      const isIdle = (button.dataset.to === "real" && !isMoved) || (button.dataset.to === "next" && !hasBot);
      button.setAttribute("aria-disabled", String(isMoving || isIdle));
    }
    element.setAttribute("aria-busy", String(isMoving));
  };

  for (const button of buttons) {
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      isMoving = true;
      draw();
      try {
        const answer = await act("clock", { to: button.dataset.to });
        if (answer.words) tell(answer.words);
      } catch (error) {
        tell(error.message);
      } finally {
        isMoving = false;
        draw();
      }
    });
  }

  for (const type of ["loaded", "clock"]) store.addEventListener(type, draw);
  setInterval(draw, 1000);
  return { draw };
}

const movedWords = (ahead) => `moved ${spanOf(ahead)} ${ahead < 0 ? "back" : "ahead"}`;
const zoneWords = (zone) => (zone ? `${cityOf(zone)} time` : ZONE);
