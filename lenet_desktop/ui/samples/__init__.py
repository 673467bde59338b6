"""The dialog 'My samples': the person's own samples as pictures."""
