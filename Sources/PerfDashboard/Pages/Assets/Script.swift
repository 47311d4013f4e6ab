/// The page's only script: it swaps in the sections the server sends, and says whether the stream is alive.
///
/// The server renders every section; nothing is computed here, so a page without scripts shows the same. Focus and
/// opened details survive a swap.
enum Script {
    static let text = """
        (() => {
          "use strict";
          const root = document.querySelector("[data-events]");
          const pulse = document.querySelector(".pulse");
          if (!root || !window.EventSource) return;

          const say = (state, text) => {
            if (!pulse) return;
            pulse.dataset.state = state;
            pulse.textContent = text;
          };

          const swap = (section) => {
            const old = document.getElementById(section.id);
            if (!old) return;
            const focused = old.contains(document.activeElement) ? document.activeElement : null;
            const open = [...old.querySelectorAll("details[open][id]")].map((details) => details.id);
            const scrolled = [...old.querySelectorAll(".scroll[id]")].map((box) => [box.id, box.scrollTop]);
            old.replaceWith(section);
            open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
            scrolled.forEach(([id, top]) => { const box = document.getElementById(id); if (box) box.scrollTop = top; });
            if (focused?.id) document.getElementById(focused.id)?.focus({ preventScroll: true });
          };

          const receive = (event) => {
            const parsed = new DOMParser().parseFromString(event.data, "text/html");
            [...parsed.body.children].forEach((section) => swap(document.adoptNode(section)));
            say("live", "Live");
            document.documentElement.dataset.updates = Number(document.documentElement.dataset.updates || 0) + 1;
          };

          let source;
          const connect = () => {
            source = new EventSource(root.dataset.events);
            source.addEventListener("sections", receive);
            source.addEventListener("alive", () => say("live", "Live"));
            source.onopen = () => say("live", "Live");
            source.onerror = () => source.readyState === EventSource.CLOSED
              ? say("stopped", "Stopped: reload the page")
              : say("waiting", "Reconnecting");
          };

          document.addEventListener("visibilitychange", () => {
            if (document.hidden) { source?.close(); say("waiting", "Paused"); }
            else if (!source || source.readyState === EventSource.CLOSED) connect();
          });
          window.addEventListener("pagehide", () => source?.close());
          document.addEventListener("keydown", (event) => {
            const menu = document.querySelector(".menu[open]");
            if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
          });
          document.addEventListener("click", (event) => {
            const menu = document.querySelector(".menu[open]");
            if (menu && !menu.contains(event.target)) menu.open = false;
          });
          if (!document.hidden) connect();
        })();
        """
}
