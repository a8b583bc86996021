"""What was made by hand becomes part of a model: a whole schema, or a change of a published table."""
