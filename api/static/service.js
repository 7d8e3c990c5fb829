// The page of a service, and a list of services: its address or words copied, shared by the telephone's own menu, or printed. Without this the field stands alone.
(() => {
  "use strict";
  const row = document.querySelector("[data-share]");
  const field = document.getElementById("legatura");
  const said = document.querySelector("[data-said]");
  if (!row) return; // the way on paper has a button to print, and nothing to copy

  async function copy() {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      document.execCommand("copy"); // without https there is no other way
    }
    said.textContent = row.dataset.copied;
  }

  // A page has an address to send; a list has none of its own, and is sent as its words.
  const sent = field?.matches("textarea") ? { text: field.value } : { url: field?.value };
  const share = () => navigator.share({ title: document.title, ...sent }).catch(() => {});
  const acts = { copy, share, print: () => window.print() };
  if (!navigator.share) row.querySelector('[data-act="share"]')?.remove();
  row.addEventListener("click", (event) => acts[event.target.dataset?.act]?.());
  // What is folded on the screen is wanted on paper: the code leads back here.
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details.on-paper")) each.open = true;
  });
  row.hidden = false;
})();
