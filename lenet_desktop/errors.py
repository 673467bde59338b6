"""The one base class of errors whose message is meant for the user."""


class UserError(Exception):
    """Something that the user can act on; the message is one sentence that says what to do.

    The command line and the window each catch it in one place and show the message as it is.
    """
