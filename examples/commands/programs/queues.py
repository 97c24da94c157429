"""A producer and consumers: queue.Queue between threads, multiprocessing.Queue (pickled over a pipe) between processes.

usage: queues.py THREADS PROCESSES TASKS
"""
import multiprocessing
import queue
import sys
import threading


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def consume(jobs, results):
    total = 0
    while (n := jobs.get()) is not None:
        total += fib(n)
    results.put(total)


def main():
    threads, processes, tasks = map(int, sys.argv[1:4])
    if processes > 1:
        count, make, worker = processes, multiprocessing.Queue, multiprocessing.Process
    else:
        count, make, worker = threads, queue.Queue, threading.Thread
    jobs, results = make(), make()
    workers = [worker(target=consume, args=(jobs, results)) for _ in range(count)]
    for w in workers:
        w.start()
    for _ in range(tasks):
        jobs.put(20)
    for _ in workers:
        jobs.put(None)
    print(sum(results.get() for _ in workers))
    for w in workers:
        w.join()


if __name__ == "__main__":
    main()
