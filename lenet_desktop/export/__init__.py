"""A model for other programs: an ONNX file, a web page."""
