"""The themes, and how controls look: fields, buttons, boxes and bars in their colours."""
