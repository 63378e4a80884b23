"""The Confluence client: reads a page in storage format and writes it, fenced by its version."""
