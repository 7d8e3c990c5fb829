// The map in a frame of another site: its areas by class; a press on one opens what is known of it. After service_map.js.
(() => {
  "use strict";
  const own = window.hartaServiceMap;
  if (!own) return;
  const { map, frame, said, show } = own;
  const { PATTERNS, drawAreas } = window.hartaMapBase;
  const AFTER_MS = 200;
  async function areas() {
    const answer = await fetch(said.areas);
    if (!answer.ok) return;
    const found = await answer.json();
    const bind = (layer, area) => layer.on("click", () =>
      show(fetch(`${said.area}?siruta=${area[0]}`).then((card) => card.text())));
    drawAreas(map, found.areas, { gradeOf: (area) => area[3], bind, patterns: () => PATTERNS });
    frame.dataset.areas = found.areas.length;
  }
  setTimeout(() => areas().catch(() => {}), AFTER_MS);
})();
