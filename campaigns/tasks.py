from config.celery import task


@task(name="campaigns.tick")
def tick():
    """Do what is due. Sent by beat, and as a nudge after a commit so that nobody waits."""
    from campaigns.domain.clock import tick as do_due  # noqa: PLC0415  Celery reads this module before the models

    do_due()
