// The service worker: the shell and the instrument work without network. No answer of the API is ever kept here.
// SHELL ({version, files, later, pages, instrument}) is written before this by the server (api/field_work/shell_pages.py).
/* global SHELL */
const CACHE = `teren-shell-${SHELL.version}`;
const INSTRUMENTS = "teren-instruments";
let handle = null;  // keys of a page of ours, in memory alone, until it asks for them again

const fill = async (files) => (await caches.open(CACHE)).addAll(files.map((file) => new Request(file, { cache: "reload" })));

self.addEventListener("install", (event) => event.waitUntil(fill(SHELL.files)));

// What the browser has thrown away comes again, all of it or nothing: files of another version are not at these addresses.
async function mend() {
  const cache = await caches.open(CACHE), had = new Set((await cache.keys()).map(({ url }) => { const { pathname, search } = new URL(url); return pathname + search; }));
  if (SHELL.files.some((file) => !had.has(file))) await fill(SHELL.files);
}

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("teren-shell-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
  // What few ask for comes once the page is there, and nothing waits for it.
  for (const file of SHELL.later) kept(CACHE, new Request(file)).catch(() => {});
});

self.addEventListener("message", (event) => {
  // The keys are for this page alone, and for no other of the same server.
  if (!event.source?.url.startsWith(self.registration.scope)) return;
  const { use, keep, forget, ask, whole } = event.data ?? {};
  if (use) self.skipWaiting();
  if (keep) handle = keep;
  if (forget) handle = null;
  if (whole) event.waitUntil(mend().catch(() => {}));
  if (ask) event.ports[0]?.postMessage(handle && Date.now() < handle.until ? handle : null);
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isShell = SHELL.files.includes(url.pathname + url.search);
  const page = event.request.mode === "navigate" ? SHELL.pages[url.pathname] : undefined;
  if (page) event.respondWith(fromCache(CACHE, page));
  else if (isShell) event.respondWith(fromCache(CACHE, url.pathname + url.search));
  else if (SHELL.later.includes(url.pathname)) event.respondWith(kept(CACHE, event.request));
  else if (url.pathname.startsWith(SHELL.instrument) && url.pathname.endsWith(".json")) event.respondWith(kept(INSTRUMENTS, event.request));
});

// Without room, or where the browser's own files are broken, nothing is kept and all is asked for.
const opened = (name) => caches.open(name).catch(() => null);

async function fromCache(name, address) {
  return (await (await opened(name))?.match(address)) ?? fetch(address);
}

// What its address names never changes, as an edition: once here it stays, for drafts and assessments that were made with it.
async function kept(name, request) {
  const cache = await opened(name), found = await cache?.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && answer.headers.get("content-type")?.match(/json|javascript/)) await cache?.put(request, answer.clone()).catch(() => {});
  return answer;
}
