"""After a training: the comparison, the mistakes, and the decision."""
