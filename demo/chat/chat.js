// Fetches the page now and then and shows what is new in it, opens modals as dialogs, and sends a
// choice as soon as it is made. Without it the page works the same: news show when it is loaded
// again, and a choice has a button.
"use strict";
(() => {
  const part = (id, page = document) => page.getElementById(id);
  const toEnd = () => { part("timeline").scrollTop = part("timeline").scrollHeight; };
  const open = () => {
    const dialog = document.querySelector("#modal dialog");
    if (!dialog) return;
    dialog.close();
    dialog.showModal();
    dialog.addEventListener("cancel", (e) => { e.preventDefault(); dialog.querySelector("[formaction=dismiss]").click(); });
  };
  // busy is a part in which somebody is choosing or reading what opened.
  const busy = (el) => el.contains(document.activeElement) && document.activeElement !== document.body || el.querySelector(":popover-open");
  const refresh = (id, page, changed) => {
    const old = part(id), fresh = part(id, page);
    if (!fresh || !changed(old, fresh) || busy(old)) return false;
    old.replaceWith(fresh);
    return true;
  };
  const differs = (a, b) => a.innerHTML !== b.innerHTML;
  document.documentElement.classList.add("js");
  document.addEventListener("change", (e) => {
    const now = e.target.closest("[data-now]");
    if (now) now.querySelector(".ok").click();
  });
  toEnd();
  addEventListener("load", open); // not before: going to #last takes the focus away
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      refresh("side", page, differs);
      if (refresh("timeline", page, differs)) toEnd();
      const modal = part("modal"), fresh = part("modal", page);
      if (fresh && fresh.dataset.key !== modal.dataset.key) { modal.replaceWith(fresh); open(); }
    } catch { /* the server is gone; the next time may find it again */ }
  }, 2000);
})();
