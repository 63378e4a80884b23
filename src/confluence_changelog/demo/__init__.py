"""The demonstration: a real repository, a local Confluence, and what happens between them."""
