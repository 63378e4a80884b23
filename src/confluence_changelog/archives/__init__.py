"""Archives of a log: child pages that take its oldest rows, each row exactly once, whatever happens.

Two pages cannot be written at once, so the log alone decides, as its version is the fence of all
writers. Its last row, the archive row, links each archive and holds a `marks.Mark` for it: the number
of the last move that counts. Each archive holds a `marks.Record`: the number of the last move that put
rows at its top, how many, and what they were. So a move is

1. *stage*: the rows are copied to the top of the archive, whose record gets the next number;
2. *commit*: one write takes the rows out of the log and sets the mark to that number.

Between the two the copies do not count. Whoever comes next finds the record one ahead of the mark, and
either commits, when the rows still stand in the log as they were copied, or *voids* the number in the
log first and *cleans* the archive then, so that a commit under way fails. What people edited in the
meantime is in the log and is moved anew. Before an archive takes rows the log names it, and before the
next one is begun it is *closed*: only the last one named can hold rows that do not count.

`marks`, `carry`, `choose` and `moves` are pure; `archive` moves rows, `reading` tells publications and
audits what the archives hold.
"""
