"""The whole network while it reads what is on the pad."""
