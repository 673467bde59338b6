"""Help: guide, shortcuts, About."""
