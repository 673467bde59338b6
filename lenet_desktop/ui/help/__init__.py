"""Help: command palette, shortcuts, guide, log, About."""
