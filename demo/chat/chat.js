// Fetches the page now and then and shows what is new in the channel. Without it the page works
// the same and shows news when it is loaded again.
"use strict";
(() => {
  const timeline = () => document.getElementById("timeline");
  const toEnd = () => { timeline().scrollTop = timeline().scrollHeight; };
  toEnd();
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.getElementById("timeline"), aside = page.querySelector("aside");
      if (aside && aside.innerHTML !== document.querySelector("aside").innerHTML) document.querySelector("aside").replaceWith(aside);
      if (fresh && fresh.innerHTML !== timeline().innerHTML) { timeline().replaceWith(fresh); toEnd(); }
    } catch { /* the server is gone; the next time may find it again */ }
  }, 2000);
})();
