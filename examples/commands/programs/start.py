"""What a process costs to start: multiprocessing by spawn, fork or forkserver, each process with its share of the tasks.

usage: start.py METHOD PROCESSES TASKS
"""
import multiprocessing
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def part(tasks, results):
    results.put(sum(fib(22) for _ in range(tasks)))


def main():
    method, processes, tasks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    context = multiprocessing.get_context(method)
    results = context.Queue()
    running = []
    for rank in range(processes):
        share = tasks // processes + (rank < tasks % processes)
        p = context.Process(target=part, args=(share, results))
        p.start()
        running.append(p)
    print(sum(results.get() for _ in running))
    for p in running:
        p.join()


if __name__ == "__main__":
    main()
