"""The Confluence client: reads a page in storage format and writes it, fenced by its version.

::

    with connect(base, auth, Deadline(120), flavour="auto") as client:   # connect.py
        page = client.read_page("65538")
        client.write_page(page, page.body + "<p>…</p>", "why")

`connect.connect` is the one way to a client, `page.Client` the one thing that commands talk to; which of
`data_center.DataCenter` and `cloud.Cloud` it is, is decided by ``flavour``, by the address
(`flavour.flavour_of`), and where neither says, by the first answer (`unrecognised.Unrecognised`). An
address that a person copied from a browser is taken apart by `address.parse`.

A client gives: ``read_page`` and ``write_page`` (one request each), ``create_page``, ``find_page`` (by
space key and title), ``create_below`` and ``find_beside`` (a page that was read), ``children``,
``ancestors``, and for looking around without a change ``user`` (known or anonymous), ``may_edit``,
``read_only``, ``server_version``, and ``flavour`` and ``base``, which say what was recognised.
Errors are those of `confluence_changelog.errors`; each says what to do.

`transport` sends and retries, `reading` reads answers within bounds, `answers` says what an error means.
"""
