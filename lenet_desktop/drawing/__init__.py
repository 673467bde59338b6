"""From a hand or a picture to a 28x28 sample: strokes, ink, preprocess. No torch, no Qt."""
