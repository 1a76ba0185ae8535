"""Makes the PDF reader of a worker process die, for the test of exactly that."""

import os
import sys

if "ingest.worker_process" in " ".join(sys.orig_argv):
    import builtins

    _import = builtins.__import__

    def _dying(name, *args, **kwargs):
        if name == "ingest.parse.pdf":
            os.kill(os.getpid(), 11)
        return _import(name, *args, **kwargs)

    builtins.__import__ = _dying
