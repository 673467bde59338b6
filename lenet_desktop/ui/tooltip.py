"""Tooltips of texts that may come from anybody."""

import html


def plain_tooltip(text: str) -> str:
    """Return a tooltip that shows an untrusted text as it is, with its lines wrapped.

    Qt would take a text with tags for HTML, and an image in it would be loaded.
    """
    lines = html.escape(text).replace("\n", "<br>")
    return f"<p>{lines}</p>" if text else ""
