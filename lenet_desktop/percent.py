"""How shares and probabilities are written, everywhere in the program."""


def percent(share: float, decimals: int = 1) -> str:
    """Return a share from 0 to 1 as text, such as '99.8 %'.

    A share below 1 is never rounded up to '100.0 %', and 1 is '100 %'.
    """
    if share >= 1:
        return "100 %"
    highest = 100 - 10**-decimals
    return f"{min(share * 100, highest):.{decimals}f} %"
