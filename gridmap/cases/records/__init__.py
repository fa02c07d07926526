"""The kit that every kind of record is declared with.

`record`: what a record, a line of its journal and an order are. `fields`: what people can
say, with bounds and cures. `kinds`: a kind of record, and the table of its moves. `engine`:
what the table comes to: what is possible, what a move writes, how a record stands.
"""
