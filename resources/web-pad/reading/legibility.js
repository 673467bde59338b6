// Small, uneven or sparse drawings are made legible. The same as drawing/legibility.py of the
// program, which says where the numbers come from.

const TOO_THICK = 0.25;
const AS_A_PENCIL = 0.12;
const EVEN = 0.7;
const DOT = 0.25;
const SPARSE = 0.12;
const MANY_POINTS = 2000;

/** Return the strokes as the network should see them; the same ones if they are legible. */
function readable(strokes) {
  if (!strokes.length || strokes.some((stroke) => stroke.erases)) return strokes;
  const size = sizeOf(strokes);
  const thickest = Math.max(...strokes.map((stroke) => stroke.brush));
  if (size <= DOT * thickest) return strokes;
  const finer = thickest > TOO_THICK * size ? (AS_A_PENCIL * size) / thickest : 1;
  const thinnest = EVEN * thickest;
  const isEven = strokes.every((stroke) => stroke.brush >= thinnest);
  const smooth = smoothed(strokes, size);
  if (finer === 1 && isEven && smooth.every((stroke, i) => stroke === strokes[i])) return strokes;
  return smooth.map((stroke) => ({
    ...stroke,
    brush: Math.max(stroke.brush, thinnest) * finer,
  }));
}

/** Return the larger side of the box around all points. */
function sizeOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { points } of strokes) {
    for (const [x, y] of points) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return Math.max(right - left, bottom - top);
}

/** Return strokes with curves through those of few points. */
function smoothed(strokes, size) {
  const count = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
  if (count > MANY_POINTS) return strokes;
  return strokes.map((stroke) =>
    isSparse(stroke.points, size) ? { ...stroke, points: smoothCurve(stroke.points) } : stroke,
  );
}

function isSparse(points, size) {
  if (points.length < 3) return false;
  let path = 0;
  for (let i = 1; i < points.length; i++) {
    path += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
  }
  return path / (points.length - 1) > SPARSE * size;
}
