"""How a stored file leaves the server: as an attachment, never run by the browser."""

from django.http import FileResponse


def send_file(file) -> FileResponse:
    """The file with the type that was told from its content when it was taken."""
    response = FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
