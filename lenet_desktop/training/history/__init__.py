"""A record of each training in the user's folder."""
