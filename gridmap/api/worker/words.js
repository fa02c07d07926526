// Says words in the language chosen, and times and distances as it writes them; the words are those of terms.js, made from
// the catalogues of the pages.
import { STATUS_BY_NUMBER, TERMS, WORDS } from "./terms.js";

export { LANGUAGES } from "./terms.js";

// The sign of each state, told apart without colour; its name is one of the city's terms.
const SIGNS = {
  reported: "○", accepted: "◔", dispatched: "◑", handling: "◕", answered: "◉", closed: "●", rejected: "✕", voided: "✕", parked: "‖",
};

let lang = "zh";

export const language = () => lang;
export const speak = (wanted) => (lang = wanted === "en" ? "en" : "zh");
export const browsers = () => (/^zh\b/i.test(navigator.language || "zh") ? "zh" : "en");

export function say(key, values = {}) {
  return WORDS[lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

const term = (kind, key) => TERMS[lang][kind][key] ?? String(key);
export const move = (key) => term("moves", key);
export const role = (key) => term("roles", key);
export const field = (key) => term("fields", key);

// {key, sign, name} of a state given by name or number.
export function status(given) {
  const key = typeof given === "number" ? STATUS_BY_NUMBER[given] : given;
  return { key, sign: SIGNS[key] || "·", name: term("statuses", key) };
}

export const list = (items) => items.join(lang === "zh" ? "、" : ", ");

// What a fault says, in the language shown; the server speaks both.
export function fault({ message, message_zh: chinese, status: code } = {}) {
  return (lang === "zh" && chinese) || message || chinese || `HTTP ${code ?? "?"}`;
}

// The largest two units of a span of seconds.
export function span(seconds) {
  const left = Math.abs(Math.round(seconds));
  if (left < 60) return say("seconds", { n: left });
  const parts = [["days", Math.floor(left / 86400)], ["hours", Math.floor(left / 3600) % 24], ["minutes", Math.floor(left / 60) % 60]];
  const first = parts.findIndex(([, n]) => n > 0);
  const shown = parts.slice(first, first + 2).filter(([, n]) => n > 0);
  return shown.map(([unit, n]) => say(unit, { n })).join(" ");
}

const zoned = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", ...options });
const LONG = zoned({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
const CLOCK = zoned({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

// Unix seconds as 2024-05-21 08:46, the city's time.
export const moment = (seconds) => (seconds ? LONG.format(new Date(seconds * 1000)) : "—");
export const hour = (seconds) => CLOCK.format(new Date(seconds * 1000));

export function metres(distance) {
  if (distance < 1000) return `${Math.round(distance / 10) * 10} m`;
  return `${(distance / 1000).toFixed(1)} km`;
}

