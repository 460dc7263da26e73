"""The floor of ``cast_ballots.py``: the least that Django needs to let a signed-in user vote once.

``startproject`` with what a vote cannot do without: sessions in the database, CSRF, sign-in, persistent connections
with health checks, cached templates. One form, one view, and in one transaction the two rows of the product: the
conditional UPDATE of a right and the INSERT of a ballot of as many bytes. No seal, closing time, receipt or rules.
"""
