"""What ``doctor`` looks at, in groups: Git, configuration, Confluence, credentials, page, log.

Each check is one `check.Check`: a verdict and a sentence that ends with the remedy. After a check that
fails the others go on; what depends on it is said to be unchecked, and why. Nothing is changed anywhere:
Confluence gets GET requests only, and after a demand for a CAPTCHA none at all.
"""
