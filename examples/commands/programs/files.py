"""Writing files: each task writes a text and forces it to the disk, so that threads can wait at the same time.

usage: files.py THREADS PROCESSES TASKS
"""
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

TEXT = b"a line of text that is as good as any other\n" * 5000


def write(job):
    folder, i = job
    path = os.path.join(folder, f"{i}.txt")
    with open(path, "wb") as f:
        f.write(TEXT)
        f.flush()
        os.fsync(f.fileno())
    size = os.path.getsize(path)
    os.remove(path)
    return size


def main():
    threads, processes, tasks = map(int, sys.argv[1:4])
    pool = ProcessPoolExecutor(processes) if processes > 1 else ThreadPoolExecutor(threads)
    with tempfile.TemporaryDirectory() as folder, pool:
        print(sum(pool.map(write, [(folder, i) for i in range(tasks)])))


if __name__ == "__main__":
    main()
