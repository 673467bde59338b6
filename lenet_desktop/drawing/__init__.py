"""From strokes or a picture to a 28x28 sample: strokes, ink, preprocessing. No torch, no Qt."""
