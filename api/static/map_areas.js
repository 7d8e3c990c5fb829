// What every map reads of /api/atlas-map (geo/maps/atlas_view.py wire): rings as differences of ten-thousandths of a degree.
window.hartaRings = (area) => area[8].map((ring) => {
  let x = 0, y = 0;
  const points = [];
  for (let i = 0; i < ring.length; i += 2) {
    x += ring[i]; y += ring[i + 1];
    points.push([y / 1e4, x / 1e4]);
  }
  return points;
});
