"""The models that the user keeps."""
