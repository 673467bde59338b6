"""Parts of the window that are made when they are first opened, and how they are opened."""
