// From ink to the sample that the network is shown, the way MNIST was made. The same as
// drawing/preprocess.py of the program.
//
// A picture is {width, height, values}, the values being bytes, row after row.

const SAMPLE_SIZE = 28;
const BOX_SIZE = 20;
const FINE = 4;
const THINNEST = 1.5;
const MIDDLE = 14.5;

/** Return the sample, a Float32Array of 28 x 28 from 0 to 1, or null if nothing is left of it. */
function preprocess(ink) {
  const cropped = cropToInk({ width: PAD_SIZE, height: PAD_SIZE, values: ink });
  if (cropped === null) return null;
  const scaled = fit(thicken(cropped), BOX_SIZE);
  return scaled.values.some((value) => value > 0) ? centred(scaled) : null;
}

/** Return the part of a picture in the box around its ink; null if there is none. */
function cropToInk({ width, height, values }) {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === 0) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (right === 0) return null;
  const cropped = new Uint8Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const row = values.subarray(y * width + left, y * width + right);
    cropped.set(row, (y - top) * (right - left));
  }
  return { width: right - left, height: bottom - top, values: cropped };
}

/** Scale a picture with its proportions kept so that it just fits size x size. */
function fit(picture, size) {
  const scale = size / Math.max(picture.width, picture.height);
  const width = Math.max(1, roundHalfToEven(picture.width * scale));
  const height = Math.max(1, roundHalfToEven(picture.height * scale));
  return resized(resized(picture, width, true), height, false);
}

/**
 * Scale a picture in one direction: each new value is the mean of those whose middles it covers
 * (the nearest value when enlarging), in Pillow's fixed-point arithmetic.
 */
function resized(picture, length, isAcross) {
  const from = isAcross ? picture.width : picture.height;
  if (from === length) return picture;
  const width = isAcross ? length : picture.width;
  const height = isAcross ? picture.height : length;
  const values = new Uint8Array(width * height);
  const scale = from / length;
  const half = 0.5 * Math.max(scale, 1);
  const others = isAcross ? height : width;
  const step = isAcross ? 1 : picture.width; // to the next value in this direction
  for (let i = 0; i < length; i++) {
    const middle = (i + 0.5) * scale;
    const first = Math.max(Math.floor(middle - half + 0.5), 0);
    const last = Math.min(Math.floor(middle + half + 0.5), from);
    const weight = Math.floor(2 ** 22 / (last - first) + 0.5);
    for (let other = 0; other < others; other++) {
      let at = isAcross ? other * picture.width + first : first * picture.width + other;
      let sum = 0;
      for (let j = first; j < last; j++, at += step) sum += picture.values[at];
      values[isAcross ? other * width + i : i * width + other] =
        (2 ** 21 + sum * weight) / 2 ** 22;
    }
  }
  return { width, height, values };
}

/** Round as Python and numpy do: 0.5 to 0, 1.5 to 2. */
function roundHalfToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Return a cropped picture with strokes thinner than MNIST's thickened. */
function thicken(ink) {
  const fine = fit(ink, FINE * BOX_SIZE);
  const peak = largest(fine.values);
  if (peak === 0) return ink;
  if (peak < 255) fine.values = fine.values.map((value) => Math.fround(value * Math.fround(255 / peak)));
  const width = strokeWidth(fine) / FINE;
  if (width >= THINNEST) return ink;
  const thick = dilated(fine, ((THINNEST - width) / 2) * FINE);
  return cropToInk(thick) ?? thick;
}

/** Estimate the mean width of strokes: twice their area by the length of their edges. */
function strokeWidth({ width, height, values }) {
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x]);
  let area = 0;
  let edge = 0;
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      area += at(x, y);
      edge += Math.hypot(at(x + 1, y) - at(x, y), at(x, y + 1) - at(x, y));
    }
  }
  return (2 * area) / edge;
}

/** Replace each value by the largest within a radius, with a soft rim. */
function dilated(ink, radius) {
  const reach = Math.ceil(radius);
  const width = ink.width + 2 * reach;
  const height = ink.height + 2 * reach;
  const values = new Uint8Array(width * height);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const weight = Math.fround(Math.min(1, radius + 1 - Math.hypot(dx, dy)));
      if (weight <= 0) continue;
      for (let y = 0; y < ink.height; y++) {
        let to = (y + reach - dy) * width + reach - dx;
        for (let x = 0; x < ink.width; x++, to++) {
          const value = Math.floor(Math.fround(ink.values[y * ink.width + x] * weight));
          if (values[to] < value) values[to] = value;
        }
      }
    }
  }
  return { width, height, values };
}

/** Put ink of up to 20 x 20 into 28 x 28, with its centre of mass in the middle. */
function centred({ width, height, values }) {
  let [mass, massX, massY] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    massX += value * ((i % width) + 0.5);
    massY += value * (Math.floor(i / width) + 0.5);
  });
  const shift = (middle, length) =>
    Math.min(Math.max(roundHalfToEven(MIDDLE - middle), 0), SAMPLE_SIZE - length);
  const left = shift(massX / mass, width);
  const top = shift(massY / mass, height);
  const sample = new Float32Array(SAMPLE_SIZE * SAMPLE_SIZE);
  values.forEach((value, i) => {
    sample[(top + Math.floor(i / width)) * SAMPLE_SIZE + left + (i % width)] = value / 255;
  });
  return sample;
}
