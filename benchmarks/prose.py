"""Messages, people and file names for the histories and pages of the benchmarks."""

from random import Random

PEOPLE = ("Ada Example", "Bo Exämple", "Cy Éxample", "Dana Example", "李 Example")

_WHAT = (
    "Move the {thing} to {place}",
    "Raise the limit of the {thing} to {number}",
    "Ändere die Adresse: {thing} → {place}",
    "Allow {place} to reach the {thing} & its standby",
    "Set the time-out of the {thing} to <{number} s>",
    "Drop the second {thing} 🎉",
)
_WHY = (
    "The old {thing} leaves the data centre on Friday; clients that still ask it would lose\n"
    "the connection, and the ones in {place} have no other.",
    "The report at the end of the month needs about {number} connections at once, and the\n"
    "{thing} refused the ones beyond its limit.",
    "Agreed with the team in {place} on the 3rd: the {thing} is theirs from now on, and the\n"
    "alarms go to them. It can be taken back by reverting this commit.",
    "Measured for a week … the {thing} answers in {number} ms instead of 40.",
    "Steps:\n\n- the {thing} in {place} first\n- then the {number} others, one rack a day",
)
_THINGS = ("resolver", "mail relay", "proxy", "time server", "routing table", "firewall rule set")
_PLACES = ("192.0.2.53", "Zürich", "the northern site", "rack 17", "198.51.100.0/24", "東京")


def message(random: Random) -> str:
    """Return a commit message: subject, one to three paragraphs, and sometimes trailers."""
    facts = {
        "thing": random.choice(_THINGS),
        "place": random.choice(_PLACES),
        "number": random.randint(2, 4000),
    }
    parts = [random.choice(_WHAT).format(**facts)]
    parts += [why.format(**facts) for why in random.sample(_WHY, random.randint(1, 3))]
    if random.random() < 0.5:
        parts.append(f"Change-Request: CR-{random.randint(1, 9999)}\nReviewed-by: {PEOPLE[0]}")
    return "\n\n".join(parts) + "\n"


def path(number: int) -> str:
    """Return the path of a file by its number."""
    return f"site-{number % 7}/service-{number // 7 % 40:02}/ünit-{number}.conf"
