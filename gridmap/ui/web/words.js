// Names of places and numbers for reading, in the map's language.
(function (root) {
  "use strict";
  const gridmap = (root.gridmap = root.gridmap || {});
  const NUMERALS = "零一二三四五六七八九";

  // 8 → 八, 12 → 十二, 105 → 一百零五 (as gridmap.names.chinese_number).
  function chinese(number) {
    const hundreds = Math.floor(number / 100);
    const rest = number % 100;
    const tens = Math.floor(rest / 10);
    const ones = rest % 10;
    let text = hundreds ? NUMERALS[hundreds] + "百" : "";
    if (tens) text += (tens === 1 && !hundreds ? "" : NUMERALS[tens]) + "十";
    else if (hundreds && ones) text += "零";
    return text + (ones ? NUMERALS[ones] : "");
  }

  function nameOf(names, code, lang) {
    const own = names[code] && (names[code][lang] || names[code].zh);
    if (own) return own;
    if (code < 1e14) return String(code);
    const number = code % 1000;
    return lang === "zh" && number ? `第${chinese(number)}网格` : `Grid ${number}`;
  }

  // From the county down to `code`.
  function pathOf(names, code, lang) {
    const digits = String(code);
    return [6, 9, 12, 15]
      .filter((length) => length <= digits.length)
      .map((length) => nameOf(names, Number(digits.slice(0, length)), lang));
  }

  // `digits` decimals at most; from 10,000 on in 万 in Chinese.
  function format(value, lang, digits) {
    if (lang === "zh" && Math.abs(value) >= 10000) {
      return `${new Intl.NumberFormat("zh-CN", { maximumSignificantDigits: 4 }).format(value / 10000)} 万`;
    }
    return new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: digits }).format(value);
  }

  // Decimals that tell neighbouring breaks apart, two at most.
  function decimals(breaks) {
    const steps = breaks.slice(1).map((b, i) => b - breaks[i]).filter((step) => step > 0);
    if (!steps.length || breaks.every(Number.isInteger)) return 0;
    return Math.max(0, Math.min(2, Math.ceil(-Math.log10(Math.min(...steps))) + 1));
  }

  Object.assign(gridmap, { nameOf, pathOf, format, decimals });
})(window);
