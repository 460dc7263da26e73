"""Quotation marks."""


def inside_quotes(text: object) -> str:
    """A title as it stands within quotation marks: its own become single ones (GB/T 15834 4.8.3.2)."""
    return str(text).replace("“", "‘").replace("”", "’")
