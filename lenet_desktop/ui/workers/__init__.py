"""The threads that read drawings, open files, train and download."""
