"""Classes of a person's own: named, drawn and learned."""
