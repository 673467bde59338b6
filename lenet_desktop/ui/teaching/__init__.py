"""Teaching: what the person says a drawing is."""
