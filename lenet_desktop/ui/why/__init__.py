"""Why the network answers as it does, and what it would answer to other ink."""
