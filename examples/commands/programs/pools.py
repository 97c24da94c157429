"""multiprocessing.Pool against multiprocessing.pool.ThreadPool, with chunks of tasks.

usage: pools.py THREADS PROCESSES TASKS CHUNK
"""
import multiprocessing
import multiprocessing.pool
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def main():
    threads, processes, tasks, chunk = map(int, sys.argv[1:5])
    if processes > 1:
        pool = multiprocessing.Pool(processes)
    else:
        pool = multiprocessing.pool.ThreadPool(threads)
    with pool:
        print(sum(pool.imap_unordered(fib, [20] * tasks, chunksize=chunk)))


if __name__ == "__main__":
    main()
