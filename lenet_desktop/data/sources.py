"""How a data set is named before it is loaded. No torch here: the window names them too."""

from pathlib import Path

STARTER = Path("starter")
"""Names the starter digits where else the folder of a data set is named."""
