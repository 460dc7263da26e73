#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvValidationError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvValidationError as error:
        faults = [f"  {name}: {message}" for name, found in error.error_messages.items() for message in found]
        sys.exit("\n".join(["These settings are wrong (environment or .env):", *faults]))
