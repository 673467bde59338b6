// Smooth curves through the points of a stroke. The same as drawing/curves.py of the program.

const LINES_PER_SPAN = 4;

/** Return 1 + 4 (N - 1) points of a curve through N points, at least two. */
function smoothCurve(points) {
  const curve = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const span = cubicBetween(points, i);
    for (let step = 1; step <= LINES_PER_SPAN; step++) curve.push(span(step / LINES_PER_SPAN));
  }
  return curve;
}

/**
 * Return the Catmull-Rom spline from point i to the next as a function of t, 0 to 1.
 *
 * E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974; the parameter runs with the
 * roots of the distances (C. Yuksel et al., "On the Parameterization of Catmull-Rom Curves", 2009).
 */
function cubicBetween(points, i) {
  const b = points[i];
  const c = points[i + 1];
  const width = (p, q) => Math.max(Math.sqrt(Math.hypot(q[0] - p[0], q[1] - p[1])), 1e-3);
  const beyond = (p, q) => [2 * p[0] - q[0], 2 * p[1] - q[1]];
  const a = i > 0 ? points[i - 1] : beyond(b, c);
  const d = i + 2 < points.length ? points[i + 2] : beyond(c, b);
  const here = width(b, c);
  const before = i > 0 ? width(a, b) : here;
  const after = i + 2 < points.length ? width(c, d) : here;
  // The slopes at both ends.
  const start = [0, 1].map(
    (k) => here * ((b[k] - a[k]) / before - (c[k] - a[k]) / (before + here) + (c[k] - b[k]) / here),
  );
  const end = [0, 1].map(
    (k) => here * ((c[k] - b[k]) / here - (d[k] - b[k]) / (here + after) + (d[k] - c[k]) / after),
  );
  return (t) =>
    [0, 1].map(
      (k) =>
        (2 * t ** 3 - 3 * t ** 2 + 1) * b[k] +
        (t ** 3 - 2 * t ** 2 + t) * start[k] +
        (3 * t ** 2 - 2 * t ** 3) * c[k] +
        (t ** 3 - t ** 2) * end[k],
    );
}
