// From a drawing to an answer. The same as inference/recognizer.py and inference/decision.py of the
// program.

const SURE = "digit";
const UNSURE = "not sure";
const NONE = "not a digit";

class Recognizer {
  constructor(model) {
    this.model = model;
    this.layers = decodedLayers(model.layers);
    this.isOfDigits = [...model.classes].sort().join("") === "0123456789";
    this.rasterizer = new Rasterizer();
  }

  /** Return {best, probabilities, verdict, sample} for strokes, or null if there is no ink. */
  read(strokes) {
    const legible = readable(strokes);
    const sample = preprocess(this.rasterizer.rasterize(legible));
    if (sample === null) return null;
    const answer = { sample, ...decided(logitsOf(this.layers, sample), this.model) };
    if (answer.verdict === SURE && this.isOfDigits && standsSideBySide(legible)) {
      answer.verdict = NONE;
    }
    return answer;
  }
}

/** Return the probabilities, the index of the best class, and whether to trust it. */
function decided(logits, { temperature, max_energy, min_probability }) {
  const isFinite = logits.every(Number.isFinite);
  const values = Array.from(isFinite ? logits : logits.map(() => 0));
  const most = largest(values);
  const powers = values.map((value) => Math.exp((value - most) / temperature));
  const sum = powers.reduce((one, other) => one + other);
  const probabilities = powers.map((power) => power / sum);
  const best = values.indexOf(most);
  const total = values.reduce((one, value) => one + Math.exp(value - most), 0);
  const energy = isFinite ? -(most + Math.log(total)) : Infinity;
  let verdict = SURE;
  if (energy > max_energy) verdict = NONE;
  else if (probabilities[best] < min_probability) verdict = UNSURE;
  return { best, probabilities, verdict };
}
