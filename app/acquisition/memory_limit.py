"""How much memory a worker process may take, so that a hostile or broken device cannot take that of the station.

Linux refuses the process more private memory than that (RLIMIT_DATA), Windows more committed memory (a Job object).
macOS knows the limits but does not keep them: there, and beside the others, the collector watches what the worker has.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

log = logging.getLogger(__name__)

_STATM = Path("/proc/self/statm")

if sys.platform != "win32":
    import resource

    _PAGE = resource.getpagesize()

    def limit_memory(limit: int) -> None:
        """Let this process have no more than `limit` bytes, as far as the system can keep that."""
        for kind in (resource.RLIMIT_DATA,) if sys.platform == "linux" else (resource.RLIMIT_DATA, resource.RLIMIT_AS):
            _, most = resource.getrlimit(kind)
            wanted = limit if most == resource.RLIM_INFINITY else min(limit, most)
            try:
                resource.setrlimit(kind, (wanted, most))
            except (OSError, ValueError) as error:
                log.warning("worker.memory_not_limited %s", error)

    def resident_bytes() -> int:
        """Return how much memory this process has; where that cannot be asked (macOS), the most that it ever had."""
        if _STATM.exists():
            return int(_STATM.read_text(encoding="ascii").split()[1]) * _PAGE
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

else:  # pragma: no cover - not run on Linux; kept to what the documentation of Windows says of these calls
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMIT_INFORMATION = 9
    _LIMIT_PROCESS_MEMORY = 0x100

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("per_process_user_time_limit", ctypes.c_int64),
            ("per_job_user_time_limit", ctypes.c_int64),
            ("limit_flags", wintypes.DWORD),
            ("minimum_working_set_size", ctypes.c_size_t),
            ("maximum_working_set_size", ctypes.c_size_t),
            ("active_process_limit", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority_class", wintypes.DWORD),
            ("scheduling_class", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("basic", _BasicLimits),
            ("io", ctypes.c_uint64 * 6),
            ("process_memory_limit", ctypes.c_size_t),
            ("job_memory_limit", ctypes.c_size_t),
            ("peak_process_memory_used", ctypes.c_size_t),
            ("peak_job_memory_used", ctypes.c_size_t),
        )

    def limit_memory(limit: int) -> None:
        """Put this process into a Job that may commit no more than `limit` bytes."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        limits = _ExtendedLimits()
        limits.basic.limit_flags = _LIMIT_PROCESS_MEMORY
        limits.process_memory_limit = limit
        job = kernel.CreateJobObjectW(None, None)
        is_kept = (
            job
            and kernel.SetInformationJobObject(
                job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        )
        if not is_kept:
            log.warning("worker.memory_not_limited %s", ctypes.FormatError(ctypes.get_last_error()))

    def resident_bytes() -> int:
        """Return 0: the Job keeps the limit by itself."""
        return 0
