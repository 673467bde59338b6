// The network: a list of layers, each with the values of the layers that it reads. The layers are
// those of the model that was exported, in the order in which they are computed.

/** Return the layers of a model with their numbers decoded. */
function decodedLayers(layers) {
  return layers.map((layer) => ({
    ...layer,
    weight: layer.weight && floats(layer.weight),
    bias: layer.bias && floats(layer.bias),
  }));
}

/** Return the float32 numbers, little-endian, in a base64 text. */
function floats(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** Return the logits for a sample, a Float32Array of 28 x 28. */
function logitsOf(layers, sample) {
  const results = [sample];
  for (const layer of layers.slice(1)) {
    const inputs = layer.sources.map((source) => results[source]);
    const shape = layers[layer.sources[0]].shape;
    const values = COMPUTE[layer.kind](layer, shape, ...inputs);
    if (layer.relu) {
      for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
    }
    results.push(values);
  }
  return results[results.length - 1];
}

const COMPUTE = { convolution, pooling: maxPooling, linear, sum };

/** Each map of the result is the sum of all maps of the input, weighted in a square window. */
function convolution({ shape, weight, bias, window, stride, padding }, from, input) {
  const [maps, height, width] = shape;
  const [fromMaps, fromHeight, fromWidth] = from;
  const result = new Float32Array(maps * height * width);
  // The first and the last place along a side whose window reaches the input at offset k.
  const first = (k) => Math.max(0, Math.ceil((padding - k) / stride));
  const last = (k, side, length) =>
    Math.min(length - 1, Math.floor((side - 1 + padding - k) / stride));
  let next = 0; // the weights lie in the order in which these loops need them
  for (let map = 0; map < maps; map++) {
    const start = map * height * width;
    result.fill(bias[map], start, start + height * width);
    for (let fromMap = 0; fromMap < fromMaps; fromMap++) {
      for (let ky = 0; ky < window; ky++) {
        for (let kx = 0; kx < window; kx++) {
          const factor = weight[next++];
          const firstX = first(kx);
          const lastX = last(kx, fromWidth, width);
          const lastY = last(ky, fromHeight, height);
          for (let y = first(ky); y <= lastY; y++) {
            const row = (fromMap * fromHeight + y * stride + ky - padding) * fromWidth;
            let to = start + y * width + firstX;
            let at = row + firstX * stride + kx - padding;
            for (let x = firstX; x <= lastX; x++, to++, at += stride) {
              result[to] += factor * input[at];
            }
          }
        }
      }
    }
  }
  return result;
}

/** The largest value in each square window. */
function maxPooling({ shape, window, stride }, [, fromHeight, fromWidth], input) {
  const [maps, height, width] = shape;
  const result = new Float32Array(maps * height * width).fill(-Infinity);
  let to = 0;
  for (let map = 0; map < maps; map++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, to++) {
        for (let ky = 0; ky < window; ky++) {
          const row = (map * fromHeight + y * stride + ky) * fromWidth + x * stride;
          for (let kx = 0; kx < window; kx++) {
            if (result[to] < input[row + kx]) result[to] = input[row + kx];
          }
        }
      }
    }
  }
  return result;
}

/** A matrix product. */
function linear({ shape, weight, bias }, _from, input) {
  const result = new Float32Array(shape[0]);
  let next = 0;
  for (let neuron = 0; neuron < result.length; neuron++) {
    let value = bias[neuron];
    for (let i = 0; i < input.length; i++) value += weight[next++] * input[i];
    result[neuron] = value;
  }
  return result;
}

function sum(_layer, _from, one, other) {
  return one.map((value, i) => value + other[i]);
}
