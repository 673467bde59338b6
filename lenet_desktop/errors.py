"""The base class of errors whose messages are shown to the user."""


class UserError(Exception):
    """An error that the user can act on; the message is one sentence that says what to do.

    The command line and the window each catch it in one place and show the message.
    """
