// Two tall parts beside each other with bare paper between them: no digit looks like that. The same
// as drawing/line/side_by_side.py of the program.

const TALL = 0.6;
const SLANTS = [0, -0.1, 0.1, -0.2, 0.2, -0.3, 0.3, -0.4, 0.4, -0.5, 0.5];

/** Return whether a straight strip of bare paper parts two tall groups of strokes. */
function standsSideBySide(strokes) {
  if (strokes.length < 2 || strokes.some((stroke) => stroke.erases)) return false;
  const size = sizeOf(strokes);
  return SLANTS.some((slant) => {
    const parts = strokes.map(({ points, brush }) => {
      const reach = (brush / 2) * Math.hypot(1, slant);
      const across = points.map(([x, y]) => x + slant * y);
      const down = points.map(([, y]) => y);
      return {
        left: smallest(across) - reach,
        right: largest(across) + reach,
        top: smallest(down),
        bottom: largest(down),
      };
    });
    parts.sort((one, other) => one.left - other.left);
    for (let cut = 1; cut < parts.length; cut++) {
      const before = parts.slice(0, cut);
      const after = parts.slice(cut);
      const isBare = after[0].left > largest(before.map((part) => part.right));
      if (isBare && Math.min(heightOf(before), heightOf(after)) > TALL * size) return true;
    }
    return false;
  });
}

function heightOf(parts) {
  return largest(parts.map((part) => part.bottom)) - smallest(parts.map((part) => part.top));
}

function smallest(values) {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function largest(values) {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
