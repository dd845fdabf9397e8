// Moments in the words of the viewer's language, by the clock of a chat's zone, or of this machine where none is known.

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  short: { weekday: "short", day: "numeric", month: "short" },
  date: { year: "numeric", month: "2-digit", day: "2-digit" },
};
const made = new Map(); // a formatter is dear to make, and there are few zones

function format(style, moment, zone = ZONE) {
  const key = `${style} ${zone}`;
  if (!made.has(key)) {
    const locale = style === "date" ? "en-CA" : undefined;
    made.set(key, new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone: zone }));
  }
  return made.get(key).format(moment);
}

export const timeOf = (moment, zone) => format("time", moment, zone);
export const dayOf = (moment, zone) => format("long", moment, zone);

// "Europe/Berlin" is Berlin to people.
export const cityOf = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

const dayNumber = (moment, zone) => Math.round(Date.parse(format("date", moment, zone)) / 86_400_000);

export const isSameDay = (one, other, zone) => dayNumber(one, zone) === dayNumber(other, zone);

// "08:30" today, "tomorrow 08:30", else "Mon 23 Nov 08:30".
export function nearTimeOf(moment, now, zone) {
  const days = dayNumber(moment, zone) - dayNumber(now, zone);
  if (days === 0) return timeOf(moment, zone);
  if (days === 1) return `tomorrow ${timeOf(moment, zone)}`;
  return `${format("short", moment, zone)} ${timeOf(moment, zone)}`;
}

// What stands at the right of a chat in the list: the time today, the day before that.
export const listTimeOf = (moment, now, zone) =>
  isSameDay(moment, now, zone) ? timeOf(moment, zone) : format("short", moment, zone);

export function dayLabelOf(moment, now, zone) {
  const days = dayNumber(now, zone) - dayNumber(moment, zone);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return dayOf(moment, zone);
}

export function spanOf(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [
    days && `${days} ${days === 1 ? "day" : "days"}`,
    hours && `${hours} h`,
    !days && minutes % 60 && `${minutes % 60} min`,
  ].filter(Boolean);
  return parts.join(" ") || "less than a minute";
}
