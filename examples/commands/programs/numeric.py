"""numpy, which releases Python's lock while it computes: dot products (memory bandwidth) or sorting (CPU).

usage: numeric.py WORK THREADS PROCESSES TASKS    (WORK: dot or sort)
"""
import os
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # the workers are ours, not the library's

import numpy  # noqa: E402


def task(job):
    work, i = job
    random = numpy.random.default_rng(i)
    if work == "sort":
        return float(numpy.sort(random.random(400_000))[200_000])
    x = random.random(1_000_000)
    return float(sum(numpy.dot(x, x) for _ in range(30)))


def main():
    work, threads, processes, tasks = sys.argv[1], *map(int, sys.argv[2:5])
    pool = ProcessPoolExecutor(processes) if processes > 1 else ThreadPoolExecutor(threads)
    with pool:
        print(sum(pool.map(task, [(work, i) for i in range(tasks)])))


if __name__ == "__main__":
    main()
