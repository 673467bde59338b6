"""The threads that read, train and download."""
