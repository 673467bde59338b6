"""Help: shortcuts, guide, log, About."""
