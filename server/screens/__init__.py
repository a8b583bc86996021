"""Pages, generated from the published model: HTML first, finer with htmx."""
