"""Confluence's storage format as text: scan, validate, find the log table, edit by spans, prove.

Storage format is "XHTML-based" and "technically XML" (Atlassian, "Confluence Storage Format"): a
fragment with many roots, undeclared prefixes ``ac:``, ``ri:`` and ``at:``, the entity set of XHTML,
and CDATA in the bodies of macros. Nothing here re-serialises it: the scanner yields offsets into the
text that was read, an edit replaces spans of it, and lxml judges the result.
"""
