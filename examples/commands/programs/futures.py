"""The concurrent.futures switch: the same tasks on threads or on processes, by changing one class.

usage: futures.py WORK THREADS PROCESSES TASKS    (WORK: fib or sleep)
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def task(work):
    if work == "sleep":
        time.sleep(0.05)
        return 0
    return fib(22)


def main():
    work, threads, processes, tasks = sys.argv[1], *map(int, sys.argv[2:5])
    if processes > 1:
        pool = ProcessPoolExecutor(processes)
    else:
        pool = ThreadPoolExecutor(threads)
    with pool:
        print(sum(pool.map(task, [work] * tasks)))


if __name__ == "__main__":
    main()
