// The one place where text could become markup or a script's address, and what may pass it: nothing but what the map
// library needs to look at the browser, and our own service worker. Everything else throws (see the page's policy).
(function () {
  "use strict";
  if (!window.trustedTypes) return;
  const worker = new URL("sw.js", document.baseURI).href;
  window.trustedTypes.createPolicy("default", {
    createHTML(text) {
      if (text === "<svg/>" || /^\d{1,5} k?m$/.test(text)) return text;
      throw new TypeError("Text is not shown as markup here.");
    },
    createScriptURL(address) {
      if (new URL(address, document.baseURI).href === worker) return address;
      throw new TypeError("No script comes from there.");
    },
  });
})();
