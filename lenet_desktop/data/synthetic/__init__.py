"""Images that no person made: pen digits, and outliers that are none of the classes."""
