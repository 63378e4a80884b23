"""What others add: fields, rules, and who is told of rows. Loaded only when the user or the job says so.

`hookspecs` is what plugins import. Nothing else here imports pluggy before a plugin is allowed.
"""
