"""What paper costs, against typst and reportlab printing the same content: ``python -m benchmarks.documents``."""
