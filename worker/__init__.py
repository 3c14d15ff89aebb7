"""Work off the citizen's path: Celery tasks that finish turns and deliver messages."""
