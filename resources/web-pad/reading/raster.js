// The brush: strokes become ink on the paper. The same as drawing/raster.py of the program.
//
// A stroke is {points: [[x, y], ...], brush, erases} in pad units, y down; brush is a diameter.
// Ink is a Uint8Array of PAD_SIZE x PAD_SIZE, 0 for paper to 255 for full ink.

const PAD_SIZE = 800;

/** Draw one drawing after another; where one continues the last, only its new lines are drawn. */
class Rasterizer {
  constructor() {
    this.ink = new Uint8Array(PAD_SIZE * PAD_SIZE);
    this.drawn = []; // the strokes in the ink, and how many points of each
  }

  /** Return the ink of strokes. It is overwritten by the next call. */
  rasterize(strokes) {
    const continues =
      this.drawn.length <= strokes.length &&
      this.drawn.every(
        ({ stroke, count }, i) =>
          stroke === strokes[i] &&
          // Only the last stroke may have become longer.
          (count === stroke.points.length || i === this.drawn.length - 1),
      );
    if (!continues) {
      this.ink.fill(0);
      this.drawn = [];
    }
    strokes.forEach((stroke, i) => {
      const count = i < this.drawn.length ? this.drawn[i].count : 0;
      drawStroke(this.ink, stroke, count);
      this.drawn[i] = { stroke, count: stroke.points.length };
    });
    return this.ink;
  }
}

/** Draw the lines of a stroke into ink, without those between its first `drawn` points. */
function drawStroke(ink, { points, brush, erases }, drawn = 0) {
  if (drawn === 0) drawLine(ink, points[0], points[0], brush, erases); // it begins with a dot
  for (let i = Math.max(drawn, 1); i < points.length; i++) {
    drawLine(ink, points[i - 1], points[i], brush, erases);
  }
}

/** Draw a straight line with a round brush; coverage falls over the one unit around its edge. */
function drawLine(ink, [x0, y0], [x1, y1], brush, erases) {
  const reach = brush / 2 + 0.5;
  const inside = Math.max(brush / 2 - 0.5, 0);
  const left = Math.max(Math.floor(Math.min(x0, x1) - reach), 0);
  const right = Math.min(Math.ceil(Math.max(x0, x1) + reach), PAD_SIZE);
  const top = Math.max(Math.floor(Math.min(y0, y1) - reach), 0);
  const bottom = Math.min(Math.ceil(Math.max(y0, y1) + reach), PAD_SIZE);
  const alongX = x1 - x0;
  const alongY = y1 - y0;
  const squared = alongX * alongX + alongY * alongY;
  const perLength = squared < 1e-12 ? 0 : 1 / squared;
  for (let y = top; y < bottom; y++) {
    const toY = y + 0.5 - y0; // from the line's start to the middle of the pixel
    for (let x = left; x < right; x++) {
      const toX = x + 0.5 - x0;
      const nearest = Math.min(Math.max((toX * alongX + toY * alongY) * perLength, 0), 1);
      const dx = toX - nearest * alongX;
      const dy = toY - nearest * alongY;
      const distance = dx * dx + dy * dy;
      if (distance >= reach * reach) continue;
      const covered =
        distance <= inside * inside
          ? 255
          : Math.floor(Math.min(reach - Math.sqrt(distance), 1) * 255 + 0.5);
      if (covered === 0) continue;
      const at = y * PAD_SIZE + x;
      if (!erases) {
        if (ink[at] < covered) ink[at] = covered;
      } else {
        // Where the eraser covers a pixel in part, a faint outline of the ink would be left.
        const rest = Math.min(ink[at], 255 - covered);
        ink[at] = rest < 128 ? 0 : rest;
      }
    }
  }
}
