"""The base class of errors whose messages are shown to the user, and the texts they are made of."""


class Text(str):
    """An English text that remembers what it was made of, so that the window can translate it.

    ``Text("{file} is too large.", file=path)`` is the str '/a.png is too large.'. Values may be
    texts themselves.

    Attributes:
        template: the text with the names of its values in braces.
        values: the values by name.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> "Text":
        """Fill the template; without values it is taken as it is, braces included."""
        text = super().__new__(cls, template.format(**values) if values else template)
        text.template = template
        text.values = values
        return text


NO_TEXT = Text("")


class UserError(Exception):
    """An error that the user can act on; the message is one sentence that says what to do.

    The command line and the window each catch it in one place and show the message.

    Attributes:
        text: the message.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.text = template if isinstance(template, Text) else Text(template, **values)
        super().__init__(self.text)
