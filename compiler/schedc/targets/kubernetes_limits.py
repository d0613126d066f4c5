from schedc.diagnostics.sink import Sink
from schedc.target import Job


def limits(job: Job, sink: Sink) -> None:
    return None
