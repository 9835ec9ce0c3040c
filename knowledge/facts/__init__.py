"""Exact answers: what happened when, how often, in which order, counted by SQL over what a tier may read.

Statements of importers become rows (`rows`), names become keys (`keys`), a question becomes a query
(`understanding`) and the query an answer in sentences that each cite their rows (`answering`).
"""
