"""How controls look: fields, buttons, boxes and bars in the colours of the theme."""
