"""The life of a matter, declared with the kit of `cases.records`.

`acts`: what can be done. `case`: how a matter stands. `fields`: what can be said.
`conditions`: what stands against a move. `consequences`: what a move decides beside what was
said. `traces`: what an entry leaves on the case. `kind`: the table that holds them together.
"""
