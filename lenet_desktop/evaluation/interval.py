"""The confidence interval of an accuracy."""

import math


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of the share ``hits / count``, 0 to 1.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22,
    1927. Unlike the normal approximation it stays between 0 and 1.
    """
    if count == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    # The two ends are 0 and 1 exactly if all or none are hits; rounding would give 0.99999.
    low = 0.0 if hits == 0 else (middle - reach) / scale
    high = 1.0 if hits == count else (middle + reach) / scale
    return low, high
